import type { PriceRow, ToolFees } from '../contract/prices.ts';

/*
 * What a call costs, in this file's own BigInt arithmetic: it is the oracle for proxy/pricing and shares
 * nothing with it but the data. Everything is summed as an exact fraction and rounded up once, at the end.
 */

/** What a call used. Sums include their details, as in OpenAI's usage blocks. */
export interface Used {
  readonly inputTokens: number;
  /** Of the text in the input. */
  readonly cachedTokens: number;
  readonly cacheWrite30mTokens: number;
  readonly cacheWrite12hTokens: number;
  readonly audioInputTokens: number;
  /** Of the audio in the input. */
  readonly cachedAudioTokens: number;
  readonly imageInputTokens: number;
  /** Of the pictures in the input. */
  readonly cachedImageTokens: number;
  readonly outputTokens: number;
  readonly audioOutputTokens: number;
  readonly imageOutputTokens: number;
  /** Seconds of audio, for models priced by the minute. */
  readonly audioSeconds: number;
  /** Characters, for models priced by them. */
  readonly characters: number;
  /** Pictures by `SIZE/QUALITY`, for models priced by the picture. */
  readonly pictures: { readonly key: string; readonly count: number } | null;
  readonly webSearchCalls: number;
  readonly fileSearchCalls: number;
  /** Counted in sessions of 1 GB: one of 4 GB is four. */
  readonly containerSessions: number;
}

export const NOTHING_USED: Used = {
  inputTokens: 0,
  cachedTokens: 0,
  cacheWrite30mTokens: 0,
  cacheWrite12hTokens: 0,
  audioInputTokens: 0,
  cachedAudioTokens: 0,
  imageInputTokens: 0,
  cachedImageTokens: 0,
  outputTokens: 0,
  audioOutputTokens: 0,
  imageOutputTokens: 0,
  audioSeconds: 0,
  characters: 0,
  pictures: null,
  webSearchCalls: 0,
  fileSearchCalls: 0,
  containerSessions: 0,
};

/** One priced part of a call; most calls have one, a hosted image tool adds a second model. */
export interface CostPart {
  readonly row: PriceRow;
  /** The tier's factor in thousandths: 1000 is the standard price. */
  readonly tierPermille: number;
  readonly used: Used;
}

/** Rates are per million units, two factors are in thousandths, and minutes are counted in seconds. */
const TOKEN_SCALE = 1_000_000n * 1_000n * 1_000n;
const SCALE = TOKEN_SCALE * 60n;

/** Nano-dollars, rounded up once. Throws if a rate is missing for something that was used. */
export function callCostNanoUsd(parts: readonly CostPart[], fees: ToolFees): number {
  let sum = 0n;
  for (const part of parts) sum += tokenShare(part) * 60n + unitShare(part) + feeShare(part.used, fees);
  const nanoUsd = (sum + SCALE - 1n) / SCALE;
  if (nanoUsd > BigInt(Number.MAX_SAFE_INTEGER))
    throw new RangeError('The cost does not fit a safe integer.');
  return Number(nanoUsd);
}

function tokenShare({ row, tierPermille, used }: CostPart): bigint {
  const { rates } = row;
  const text =
    used.inputTokens -
    used.cachedTokens -
    used.cacheWrite30mTokens -
    used.cacheWrite12hTokens -
    used.audioInputTokens -
    used.imageInputTokens;
  const textOutput = used.outputTokens - used.audioOutputTokens - used.imageOutputTokens;
  const audio = used.audioInputTokens - used.cachedAudioTokens;
  const image = used.imageInputTokens - used.cachedImageTokens;
  if (Math.min(text, textOutput, audio, image) < 0)
    throw new RangeError('The details of a usage exceed its sum.');
  const input =
    times(text, rates.input, row) +
    times(used.cachedTokens, rates.cachedInput ?? rates.input, row) +
    times(used.cacheWrite30mTokens, rates.cacheWrite30m ?? rates.input, row) +
    times(used.cacheWrite12hTokens, rates.cacheWrite12h ?? rates.cacheWrite30m ?? rates.input, row) +
    times(audio, rates.audioInput ?? rates.input, row) +
    times(used.cachedAudioTokens, rates.cachedAudioInput ?? rates.audioInput ?? rates.input, row) +
    times(image, rates.imageInput ?? rates.input, row) +
    times(used.cachedImageTokens, rates.cachedImageInput ?? rates.imageInput ?? rates.input, row);
  const output =
    times(textOutput, rates.output, row) +
    times(used.audioOutputTokens, rates.audioOutput ?? rates.output, row) +
    times(used.imageOutputTokens, rates.imageOutput ?? rates.output, row);
  const long =
    row.longContext && used.inputTokens > row.longContext.aboveInputTokens ? row.longContext : null;
  return (
    (input * BigInt(long?.inputPermille ?? 1000) + output * BigInt(long?.outputPermille ?? 1000)) *
    BigInt(tierPermille)
  );
}

function unitShare({ row, used }: CostPart): bigint {
  const { rates } = row;
  const perMillion = times(used.characters, rates.characters, row) * 1_000n * 1_000n * 60n;
  const minutes = times(used.audioSeconds, rates.minute, row) * TOKEN_SCALE;
  const pictures = used.pictures
    ? times(used.pictures.count, rates.images?.[used.pictures.key], row) * SCALE
    : 0n;
  return perMillion + minutes + pictures;
}

function feeShare(used: Used, fees: ToolFees): bigint {
  return (
    (BigInt(used.webSearchCalls) * BigInt(fees.webSearchCall) +
      BigInt(used.fileSearchCalls) * BigInt(fees.fileSearchCall) +
      BigInt(used.containerSessions) * BigInt(fees.containerSession)) *
    SCALE
  );
}

function times(units: number, rate: number | undefined, row: PriceRow): bigint {
  if (units === 0) return 0n;
  if (rate === undefined)
    throw new RangeError(`The price book has no rate for what a call of ${row.model} used.`);
  return BigInt(units) * BigInt(rate);
}
