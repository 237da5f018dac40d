import type { PriceRates, PriceRow, ToolFees } from '../contract/prices.ts';
import { NO_IMAGES, type ToolCalls, type Usage } from './usage.ts';

/**
 * Costs are summed as exact fractions over this denominator and rounded up once, at the end of a
 * request: 10^6 (rates are per million) x 3 (makes a millisecond of a per-minute rate whole)
 * x 1000 (service tier in thousandths) x 1000 (long-context factor in thousandths).
 */
const DENOMINATOR = 3_000_000_000_000n;
const PER_MILLION = 3n;
const PER_MINUTE_MS = 50n;
const PER_UNIT = 3_000_000n;
const ONE_PERMILLE = 1000;
const MILLION = 1e6;

/** A cost as a numerator over the module's denominator; add several and round once. */
export type ExactCost = bigint;

export function roundUpNanoUsd(cost: ExactCost): number {
  return Number((cost + DENOMINATOR - 1n) / DENOMINATOR);
}

/**
 * The cost of a usage by one row, or null when the row lacks a rate for something that was used.
 * Formula: reference of OpenAI's usage shapes, "uncached = in - cached - written; audio and image tokens
 * at their own price; times tier; long context doubles the whole request".
 */
export function costOfUsage(row: PriceRow, usage: Usage, tierPermille: number): ExactCost | null {
  const input = exactSum(row.rates, usage, visitInput);
  const output = exactSum(row.rates, usage, visitOutput);
  const fixed = unitCost(row.rates, usage);
  if (input === null || output === null || fixed === null) return null;
  const long = longContextOf(row, usage);
  const total =
    input * BigInt(long?.inputPermille ?? ONE_PERMILLE) +
    output * BigInt(long?.outputPermille ?? ONE_PERMILLE) +
    fixed * BigInt(ONE_PERMILLE);
  return total * BigInt(tierPermille);
}

/**
 * {@link costOfUsage} rounded up to nano-dollars. Most requests are plain tokens at the standard price,
 * whose sum a double holds exactly; they need no big integers.
 */
export function nanoUsdOfUsage(row: PriceRow, usage: Usage, tierPermille: number): number | null {
  const isPlain =
    tierPermille === ONE_PERMILLE &&
    usage.characters === 0 &&
    usage.seconds === 0 &&
    usage.images === NO_IMAGES &&
    longContextOf(row, usage) === undefined;
  if (isPlain) {
    let sum = 0;
    const add: Visit = (tokens, rate) => {
      sum = rate === undefined ? Number.NaN : sum + tokens * rate;
    };
    visitInput(row.rates, usage, add);
    visitOutput(row.rates, usage, add);
    if (sum <= Number.MAX_SAFE_INTEGER) {
      const whole = Math.floor(sum / MILLION);
      return sum > whole * MILLION ? whole + 1 : whole;
    }
  }
  const cost = costOfUsage(row, usage, tierPermille);
  return cost === null ? null : roundUpNanoUsd(cost);
}

/** Fees of hosted tools; they do not change with the tier. */
export function costOfTools(fees: ToolFees, calls: ToolCalls): ExactCost {
  const nanoUsd =
    BigInt(calls.webSearchCalls) * BigInt(fees.webSearchCall) +
    BigInt(calls.fileSearchCalls) * BigInt(fees.fileSearchCall) +
    BigInt(calls.containerSessions) * BigInt(fees.containerSession);
  return nanoUsd * PER_UNIT * BigInt(ONE_PERMILLE * ONE_PERMILLE);
}

function longContextOf(row: PriceRow, usage: Usage): PriceRow['longContext'] {
  const { longContext } = row;
  return longContext && usage.inputTokens > longContext.aboveInputTokens ? longContext : undefined;
}

type Visit = (tokens: number, rate: number | undefined) => void;
type VisitLines = (rates: PriceRates, usage: Usage, visit: Visit) => void;

/** Shows every kind of input that was used, with its rate. */
function visitInput(rates: PriceRates, usage: Usage, visit: Visit): void {
  const cachedAudio = usage.cachedAudioInputTokens;
  const cachedImage = usage.cachedImageInputTokens;
  const cachedText = usage.cachedInputTokens - cachedAudio - cachedImage;
  const audio = usage.audioInputTokens - cachedAudio;
  const image = usage.imageInputTokens - cachedImage;
  const { cacheWrite30mTokens: written30m, cacheWrite12hTokens: written12h } = usage;
  const text = usage.inputTokens - usage.cachedInputTokens - written30m - written12h - audio - image;
  if (text > 0) visit(text, rates.input);
  if (cachedText > 0) visit(cachedText, rates.cachedInput ?? rates.input);
  if (cachedAudio > 0) visit(cachedAudio, rates.cachedAudioInput ?? rates.audioInput ?? rates.input);
  if (cachedImage > 0) visit(cachedImage, rates.cachedImageInput ?? rates.imageInput ?? rates.input);
  if (written30m > 0) visit(written30m, rates.cacheWrite30m ?? rates.input);
  if (written12h > 0) visit(written12h, rates.cacheWrite12h ?? rates.cacheWrite30m ?? rates.input);
  if (audio > 0) visit(audio, rates.audioInput ?? rates.input);
  if (image > 0) visit(image, rates.imageInput ?? rates.input);
}

function visitOutput(rates: PriceRates, usage: Usage, visit: Visit): void {
  const { audioOutputTokens: audio, imageOutputTokens: image } = usage;
  const text = usage.outputTokens - audio - image;
  if (text > 0) visit(text, rates.output);
  if (audio > 0) visit(audio, rates.audioOutput ?? rates.output);
  if (image > 0) visit(image, rates.imageOutput ?? rates.output);
}

function exactSum(rates: PriceRates, usage: Usage, visitLines: VisitLines): bigint | null {
  let total: bigint | null = 0n;
  visitLines(rates, usage, (tokens, rate) => {
    total = total === null || rate === undefined ? null : total + BigInt(tokens) * BigInt(rate) * PER_MILLION;
  });
  return total;
}

/** What is billed by the character, the minute or the image. */
function unitCost(rates: PriceRates, usage: Usage): bigint | null {
  let total = 0n;
  if (usage.characters > 0) {
    if (rates.characters === undefined) return null;
    total += BigInt(usage.characters) * BigInt(rates.characters) * PER_MILLION;
  }
  if (usage.seconds > 0) {
    if (rates.minute === undefined) return null;
    total += BigInt(Math.ceil(usage.seconds * 1000)) * BigInt(rates.minute) * PER_MINUTE_MS;
  }
  for (const [key, count] of Object.entries(usage.images)) {
    const rate = rates.images?.[key];
    if (count > 0 && rate === undefined) return null;
    total += BigInt(count) * BigInt(rate ?? 0) * PER_UNIT;
  }
  return total;
}
