import type { PriceRow, ToolFees } from '../contract/prices.ts';
import { costOfTools, nanoUsdOfUsage, roundUpNanoUsd } from './cost.ts';
import { boundTierPermille } from './service-tier.ts';
import { NO_USAGE, type ToolCalls, type Usage } from './usage.ts';

/** The most one request can use, before anything is known of the answer. */
export interface WorstCase {
  /** Input tokens at most, those of audio and images included. */
  readonly inputTokens: number;
  /** Whether some of the input may be billed at the audio or image rate. */
  readonly hasAudioInput: boolean;
  readonly hasImageInput: boolean;
  /** Which rate the output may be billed at. */
  readonly output: 'text' | 'audio' | 'image';
  /** Answers paid for (`n`, `best_of`). */
  readonly choices: number;
  readonly characters: number;
  readonly seconds: number;
  readonly images: Readonly<Record<string, number>>;
  readonly tools: ToolCalls;
  /** The `service_tier` the request names, or null. */
  readonly requestedTier: string | null;
}

/**
 * Returns the cost bound as a function of the output tokens of one choice, in nano-dollars; null where
 * the row lacks a rate that the request may be billed at. Every input token is priced at the dearest
 * rate it could have (a cache write costs more than plain input), the output at its own.
 */
export function boundCost(
  row: PriceRow,
  fees: ToolFees,
  worst: WorstCase,
  date: string,
): (outputTokens: number) => number | null {
  const tierPermille = boundTierPermille(row, worst.requestedTier, date);
  const dear = dearestInputRow(row, worst);
  const toolsNanoUsd = roundUpNanoUsd(costOfTools(fees, worst.tools));
  return (outputTokens) => {
    const total = outputTokens * worst.choices;
    const usage: Usage = {
      ...NO_USAGE,
      inputTokens: worst.inputTokens,
      outputTokens: total,
      audioOutputTokens: worst.output === 'audio' ? total : 0,
      imageOutputTokens: worst.output === 'image' ? total : 0,
      characters: worst.characters,
      seconds: worst.seconds,
      images: worst.images,
    };
    const nanoUsd = nanoUsdOfUsage(dear, usage, tierPermille);
    return nanoUsd === null ? null : nanoUsd + toolsNanoUsd;
  };
}

function dearestInputRow(row: PriceRow, worst: WorstCase): PriceRow {
  const { rates } = row;
  // A user's own price may leave a cached rate above the plain one.
  const possible = [
    rates.input,
    rates.cachedInput,
    rates.cacheWrite30m,
    rates.cacheWrite12h,
    ...(worst.hasAudioInput ? [rates.audioInput, rates.cachedAudioInput] : []),
    ...(worst.hasImageInput ? [rates.imageInput, rates.cachedImageInput] : []),
  ].filter((rate) => rate !== undefined);
  if (possible.length === 0) return row;
  const audioOutput = Math.max(rates.audioOutput ?? 0, rates.output ?? 0);
  return {
    ...row,
    rates: {
      ...rates,
      input: Math.max(...possible),
      // Audio answers carry a text transcript, so the dearer of the two rates bounds both.
      ...(rates.audioOutput === undefined ? {} : { audioOutput }),
    },
  };
}
