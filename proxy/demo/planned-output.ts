import { objectId } from './object-ids.ts';
import { prosePieces, textOf } from './prose.ts';
import type { SeededRandom } from './seeded-random.ts';
import type { Piece, Tokenizer } from './tokenizer.ts';

/** A function call the model makes. */
export interface PlannedCall {
  /** What its result will refer to. */
  readonly callId: string;
  readonly name: string;
  readonly argumentPieces: readonly Piece[];
}

/** Everything the model will say, decided before it says it. */
export interface PlannedOutput {
  /** Hidden thinking; generated first and billed as output. */
  readonly reasoningTokens: number;
  readonly text: readonly Piece[];
  readonly calls: readonly PlannedCall[];
  /** Reached the maximum before its natural end. */
  readonly truncated: boolean;
  /** Everything above, thinking included. */
  readonly tokens: number;
}

export interface OutputRange {
  readonly min: number;
  readonly max: number;
}

export interface OutputWish {
  readonly random: SeededRandom;
  /** The request's maximum, thinking included; the model's where the request names none. */
  readonly maxTokens: number;
  readonly range: OutputRange;
  /** The last thing the user said: `… 3000 tokens …` in it asks for exactly so many. */
  readonly userText: string;
  readonly reasons: boolean;
  readonly effort: string | null;
  readonly stop: readonly string[];
  /** Tokens of each spoken word besides its transcript; 0 where the answer is not spoken. */
  readonly audioTokensPerPiece: number;
  /** Says exactly this instead of prose (structured output). */
  readonly exactText: string | null;
  readonly calls: readonly { readonly name: string; readonly arguments: unknown }[];
}

/** Name and wrapping of a call cost this much on top of its arguments. */
const CALL_FRAMING_TOKENS = 5;

export function planOutput(wish: OutputWish, tokenizer: Tokenizer): PlannedOutput {
  const reasoningTokens = Math.min(reasoningOf(wish), wish.maxTokens);
  const room = wish.maxTokens - reasoningTokens;
  if (wish.calls.length > 0) return planCalls(wish, tokenizer, reasoningTokens, room);
  const wanted = wantedPieces(wish, tokenizer);
  const text = cut(untilStop(wanted, wish.stop), room);
  const tokens = tokensOf(text);
  return {
    reasoningTokens,
    text: text.pieces,
    calls: [],
    truncated: text.truncated,
    tokens: reasoningTokens + tokens,
  };
}

/** Tokens of one call as the model writes it; the same when the call comes back as input. */
export function callTokens(name: string, argumentTokens: number, tokenizer: Tokenizer): number {
  return CALL_FRAMING_TOKENS + tokenizer.count(name) + argumentTokens;
}

function planCalls(
  wish: OutputWish,
  tokenizer: Tokenizer,
  reasoningTokens: number,
  room: number,
): PlannedOutput {
  const calls: PlannedCall[] = [];
  let left = room;
  let truncated = false;
  for (const call of wish.calls) {
    const framing = callTokens(call.name, 0, tokenizer);
    if (left <= framing) {
      truncated = true;
      break;
    }
    const part = cut(tokenizer.pieces(JSON.stringify(call.arguments)), left - framing);
    calls.push({ callId: objectId('call_', 12), name: call.name, argumentPieces: part.pieces });
    left -= framing + tokensOf(part);
    truncated ||= part.truncated;
  }
  // A call that does not even start still uses up the maximum.
  if (calls.length === 0) left = 0;
  return { reasoningTokens, text: [], calls, truncated, tokens: reasoningTokens + room - left };
}

function wantedPieces(wish: OutputWish, tokenizer: Tokenizer): readonly Piece[] {
  const pieces = silentPieces(wish, tokenizer);
  if (wish.audioTokensPerPiece === 0) return pieces;
  return pieces.map(({ text, tokens }) => ({ text, tokens: tokens + wish.audioTokensPerPiece }));
}

function silentPieces(wish: OutputWish, tokenizer: Tokenizer): readonly Piece[] {
  if (wish.exactText !== null) return tokenizer.pieces(wish.exactText);
  const asked = /\b(\d{1,6}) tokens\b/.exec(wish.userText)?.[1];
  if (asked !== undefined) return prosePieces(wish.random, Number(asked), Number(asked));
  const length = wish.random.between(wish.range.min, wish.range.max);
  return prosePieces(wish.random, length, wish.range.max);
}

function reasoningOf(wish: OutputWish): number {
  if (!wish.reasons || wish.effort === 'none' || wish.effort === 'minimal') return 0;
  const steps = { low: 1, medium: 3, high: 8, xhigh: 16, max: 24 }[wish.effort ?? 'medium'] ?? 3;
  // OpenAI reports thinking in multiples of 64.
  return 64 * wish.random.between(1, steps);
}

interface Cut {
  readonly pieces: readonly Piece[];
  readonly truncated: boolean;
}

function cut(pieces: readonly Piece[], maxTokens: number): Cut {
  let tokens = 0;
  for (const [index, piece] of pieces.entries()) {
    tokens += piece.tokens;
    if (tokens > maxTokens) return { pieces: pieces.slice(0, index), truncated: true };
  }
  return { pieces, truncated: false };
}

function tokensOf(part: Cut): number {
  return part.pieces.reduce((sum, piece) => sum + piece.tokens, 0);
}

/** The text ends before the first stop sequence; the tokens before it are what was generated. */
function untilStop(pieces: readonly Piece[], stop: readonly string[]): readonly Piece[] {
  const ends = stop.filter((each) => each !== '');
  if (ends.length === 0) return pieces;
  const text = textOf(pieces);
  const at = Math.min(
    ...ends.map((each) => text.indexOf(each)).map((index) => (index < 0 ? Infinity : index)),
  );
  if (at === Infinity) return pieces;
  let length = 0;
  const kept: Piece[] = [];
  for (const piece of pieces) {
    if (length >= at) break;
    kept.push(
      length + piece.text.length <= at ? piece : { ...piece, text: piece.text.slice(0, at - length) },
    );
    length += piece.text.length;
  }
  return kept;
}
