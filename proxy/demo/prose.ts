import type { SeededRandom } from './seeded-random.ts';
import { PHRASES, SENTENCES, SLOTS } from './sentences.ts';
import type { Piece } from './tokenizer.ts';

/*
 * Plausible English of an exact number of tokens, without a tokenizer: each word and mark of the
 * sentences is one token, so a text is cut anywhere and still counts as many tokens as it has pieces.
 */
const SENTENCES_PER_PARAGRAPH = 4;

/** Whole sentences of at least `minTokens` and at most `maxTokens` tokens; cut at `maxTokens` if need be. */
export function prosePieces(random: SeededRandom, minTokens: number, maxTokens: number): Piece[] {
  const pieces: Piece[] = [];
  let last = '';
  for (let count = 1; pieces.length < minTokens && pieces.length < maxTokens; count++) {
    let sentence = random.pick(SENTENCES);
    while (sentence === last) sentence = random.pick(SENTENCES);
    last = sentence;
    if (pieces.length > 0 && count % SENTENCES_PER_PARAGRAPH === 1) pieces[pieces.length - 1] = PARAGRAPH_END;
    appendSentence(pieces, sentence, random);
  }
  return pieces.slice(0, maxTokens);
}

export function phrase(random: SeededRandom): string {
  return random.pick(PHRASES);
}

/** Plain text of about so many words. */
export function proseText(random: SeededRandom, tokens: number): string {
  return textOf(prosePieces(random, tokens, tokens));
}

export function textOf(pieces: readonly Piece[]): string {
  let text = '';
  for (const piece of pieces) text += piece.text;
  return text;
}

const PARAGRAPH_END: Piece = { text: '.\n\n', tokens: 1 };
const SENTENCE_PARTS = new Map(SENTENCES.map((each) => [each, each.match(/ ?[A-Za-z]+|[.,:;]/g) ?? []]));

function appendSentence(pieces: Piece[], sentence: string, random: SeededRandom): void {
  const opensLine = pieces.length === 0 || pieces[pieces.length - 1] === PARAGRAPH_END;
  let isFirst = true;
  for (const part of SENTENCE_PARTS.get(sentence) ?? []) {
    pieces.push(pieceOf(isFirst && !opensLine ? ` ${filled(part, random)}` : filled(part, random)));
    isFirst = false;
  }
}

function filled(part: string, random: SeededRandom): string {
  const word = part.trimStart();
  const choices = (SLOTS as Readonly<Record<string, readonly string[]>>)[word];
  if (!choices) return part;
  return part.startsWith(' ') ? ` ${random.pick(choices)}` : random.pick(choices);
}

/** The vocabulary is small: each piece is made once and shared by every text. */
const PIECES = new Map<string, Piece>();

function pieceOf(text: string): Piece {
  const known = PIECES.get(text);
  if (known) return known;
  const piece = { text, tokens: 1 };
  PIECES.set(text, piece);
  return piece;
}
