import type { PriceRates, PriceRow, ToolFees } from '../contract/prices.ts';
import type { ToolCalls, Usage } from './usage.ts';

/**
 * Costs are summed as exact fractions over this denominator and rounded up once, at the end of a
 * request: 10^6 (rates are per million) x 3 (makes a millisecond of a per-minute rate whole)
 * x 1000 (service tier in thousandths) x 1000 (long-context factor in thousandths).
 */
const DENOMINATOR = 3_000_000_000_000n;
const PER_MILLION = 3n;
const PER_MINUTE_MS = 50n;
const PER_UNIT = 3_000_000n;
const TIER_ONE = 1000n;
const LONG_ONE = 1000n;

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
  const rates = row.rates;
  const input = inputCost(rates, usage);
  const output = outputCost(rates, usage);
  const fixed = unitCost(rates, usage);
  if (input === null || output === null || fixed === null) return null;
  const long = row.longContext && usage.inputTokens > row.longContext.aboveInputTokens;
  const inputPermille = long && row.longContext ? BigInt(row.longContext.inputPermille) : LONG_ONE;
  const outputPermille = long && row.longContext ? BigInt(row.longContext.outputPermille) : LONG_ONE;
  return (input * inputPermille + output * outputPermille + fixed * LONG_ONE) * BigInt(tierPermille);
}

/** Fees of hosted tools; they do not change with the tier. */
export function costOfTools(fees: ToolFees, calls: ToolCalls): ExactCost {
  const nanoUsd =
    BigInt(calls.webSearchCalls) * BigInt(fees.webSearchCall) +
    BigInt(calls.fileSearchCalls) * BigInt(fees.fileSearchCall) +
    BigInt(calls.containerSessions) * BigInt(fees.containerSession);
  return nanoUsd * PER_UNIT * TIER_ONE * LONG_ONE;
}

function inputCost(rates: PriceRates, usage: Usage): bigint | null {
  const cachedText = usage.cachedInputTokens - usage.cachedAudioInputTokens - usage.cachedImageInputTokens;
  const audio = usage.audioInputTokens - usage.cachedAudioInputTokens;
  const image = usage.imageInputTokens - usage.cachedImageInputTokens;
  const written = usage.cacheWrite30mTokens + usage.cacheWrite12hTokens;
  const text = usage.inputTokens - usage.cachedInputTokens - written - audio - image;
  return sum([
    [text, rates.input],
    [cachedText, rates.cachedInput ?? rates.input],
    [usage.cacheWrite30mTokens, rates.cacheWrite30m ?? rates.input],
    [usage.cacheWrite12hTokens, rates.cacheWrite12h ?? rates.cacheWrite30m ?? rates.input],
    [audio, rates.audioInput ?? rates.input],
    [usage.cachedAudioInputTokens, rates.cachedAudioInput ?? rates.audioInput ?? rates.input],
    [image, rates.imageInput ?? rates.input],
    [usage.cachedImageInputTokens, rates.cachedImageInput ?? rates.imageInput ?? rates.input],
  ]);
}

function outputCost(rates: PriceRates, usage: Usage): bigint | null {
  const text = usage.outputTokens - usage.audioOutputTokens - usage.imageOutputTokens;
  return sum([
    [text, rates.output],
    [usage.audioOutputTokens, rates.audioOutput ?? rates.output],
    [usage.imageOutputTokens, rates.imageOutput ?? rates.output],
  ]);
}

function unitCost(rates: PriceRates, usage: Usage): bigint | null {
  let total = sum([[usage.characters, rates.characters]]);
  if (total === null) return null;
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

function sum(parts: readonly (readonly [count: number, rate: number | undefined])[]): bigint | null {
  let total = 0n;
  for (const [count, rate] of parts) {
    if (count <= 0) continue;
    if (rate === undefined) return null;
    total += BigInt(count) * BigInt(rate) * PER_MILLION;
  }
  return total;
}
