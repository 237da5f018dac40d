import type { PriceRow } from '../contract/prices.ts';
import { boundCost, type WorstCase } from './bound.ts';
import type { PriceBook } from './price-book.ts';
import { batchPermille } from './service-tier.ts';
import { NO_IMAGES, NO_TOOL_CALLS } from './usage.ts';

/** What the lines of a batch may use of one model. */
export interface BatchModel {
  readonly model: string;
  readonly lines: number;
  readonly inputTokens: number;
  /** Lines whose input may be anything up to the model's context. */
  readonly contextLines: number;
  /** Input tokens of the longest line. */
  readonly longestInput: number;
  readonly outputTokens: number;
  /** Most output tokens that a line names for one answer. */
  readonly longestAnswer: number;
  /** Answers that name no maximum, and may have the model's. */
  readonly openAnswers: number;
  readonly hasAudioInput: boolean;
  readonly hasImageInput: boolean;
  readonly webSearchCalls: number;
  readonly speaks: boolean;
}

/** What was found in the file of a batch; lines that cost nothing are of no model. */
export interface BatchPlan {
  readonly lines: number;
  readonly models: readonly BatchModel[];
  /** Why there is no bound, or null. */
  readonly unbounded: string | null;
}

export interface BatchBound {
  readonly inputTokens: number;
  readonly outputTokens: number;
  /** Null when a model has no price. */
  readonly nanoUsd: number | null;
}

/** The most a batch can cost. `rowOf` finds the price of a model, or null. */
export function boundBatch(
  plan: BatchPlan,
  book: PriceBook,
  rowOf: (model: string) => PriceRow | null,
  date: string,
): BatchBound {
  const bound = { inputTokens: 0, outputTokens: 0, nanoUsd: 0 };
  let isPriced = true;
  for (const part of plan.models) {
    const row = rowOf(part.model);
    const { contextTokens, maxOutputTokens } = row ?? book.dearest();
    const inputTokens = part.inputTokens + part.contextLines * contextTokens;
    const outputTokens = part.outputTokens + part.openAnswers * maxOutputTokens;
    bound.inputTokens += inputTokens;
    bound.outputTokens += outputTokens;
    const nanoUsd = row ? costOf(row, book, part, inputTokens, outputTokens, date) : null;
    // Each line is rounded up by itself.
    if (nanoUsd === null) isPriced = false;
    else bound.nanoUsd += nanoUsd + part.lines;
  }
  return { ...bound, nanoUsd: isPriced ? bound.nanoUsd : null };
}

function costOf(
  row: PriceRow,
  book: PriceBook,
  part: BatchModel,
  inputTokens: number,
  outputTokens: number,
  date: string,
): number | null {
  const worst: WorstCase = {
    inputTokens,
    hasAudioInput: part.hasAudioInput,
    hasImageInput: part.hasImageInput,
    output: part.speaks ? 'audio' : 'text',
    choices: 1,
    characters: 0,
    seconds: 0,
    images: NO_IMAGES,
    tools: { ...NO_TOOL_CALLS, webSearchCalls: part.webSearchCalls },
    requestedTier: 'default',
  };
  return boundCost(asBatchRow(row, part, date), book.tools, worst, date)(outputTokens);
}

/**
 * A row at the batch's price. The rule of long prompts looks at one line, not at the sum of all: it counts
 * for all of them where any line is long.
 */
function asBatchRow(row: PriceRow, part: BatchModel, date: string): PriceRow {
  const { longContext } = row;
  const isLong = part.contextLines > 0 || part.longestInput > (longContext?.aboveInputTokens ?? Infinity);
  const { longContext: _rule, ...plain } = row;
  const permille = batchPermille(row, date);
  const rates = Object.fromEntries(
    Object.entries(row.rates).map(([kind, rate]) => [
      kind,
      typeof rate === 'number' ? Math.ceil((rate * permille) / 1000) : rate,
    ]),
  );
  const long = longContext && isLong ? { longContext: { ...longContext, aboveInputTokens: 1 } } : {};
  return { ...plain, rates, ...long };
}
