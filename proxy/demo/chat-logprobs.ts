import type { Piece } from './tokenizer.ts';

/** One entry of `logprobs.content`; the values are made up and the same for the same text. */
export function tokenLogprob(piece: Piece, topCount: number): unknown {
  const logprob = -(((piece.text.length * 37) % 100) / 250);
  const entry = { token: piece.text, logprob, bytes: [...Buffer.from(piece.text)] };
  const top = Array.from({ length: topCount }, (_, rank) =>
    rank === 0 ? entry : { token: ` ${rank}`, logprob: logprob - rank, bytes: [32, 48 + (rank % 10)] },
  );
  return { ...entry, top_logprobs: top };
}
