import type { Bound } from '../admission/accountant.ts';
import type { AppPolicy } from '../contract/apps.ts';
import type { PriceRow } from '../contract/prices.ts';
import { type BatchPlan, boundBatch } from '../pricing/batch-bound.ts';
import { boundCost } from '../pricing/bound.ts';
import { hostedFees, hostedInputTokens } from '../pricing/hosted-bound.ts';
import type { PriceBook } from '../pricing/price-book.ts';
import type { RequestFacts } from './inspect/request-facts.ts';

/** The bound of a request, and the maximum the app's policy wants put into it. */
export interface BoundedRequest {
  readonly bound: Bound;
  /** Null when the price is unknown. */
  readonly row: PriceRow | null;
  /** Output tokens that the policy lowers the request to, or null when it asks for no more. */
  readonly policyMaxOutput: number | null;
}

/** What is known besides the request itself. */
export interface Surroundings {
  /** Tokens of what the request continues, at most; null when that is not known. */
  readonly continuedTokens: number | null;
  /** Calls of hosted tools that it may make. */
  readonly toolCalls: number;
  /** Gigabytes of each container that its tools may run in. */
  readonly containerUnits: readonly number[];
}

export const NO_SURROUNDINGS: Surroundings = { continuedTokens: null, toolCalls: 0, containerUnits: [] };

/**
 * The row a request is bounded by. A request that names no model (a stored prompt decides at OpenAI)
 * may get any, so the dearest known; likewise an unpriced model of an app that allows it.
 */
export function priceRowFor(book: PriceBook, model: string, policy: AppPolicy): PriceRow | null {
  if (model === '') return book.dearest();
  return book.find(model) ?? (policy.unpriced === 'dearest' ? book.dearest() : null);
}

/** `date` is `YYYY-MM-DD` in UTC: prices of tiers change by the day. */
export function boundRequest(
  facts: RequestFacts,
  row: PriceRow | null,
  book: PriceBook,
  policy: AppPolicy,
  date: string,
  around: Surroundings = NO_SURROUNDINGS,
): BoundedRequest {
  const { worst, hosted } = facts;
  const { contextTokens, maxOutputTokens } = row ?? book.dearest();
  const ceiling = facts.outputCeiling ?? maxOutputTokens;
  const asked = Math.min(facts.clientMaxOutput ?? ceiling, ceiling);
  const allowed = facts.maxOutputField === null ? null : policy.maxOutputTokens;
  const policyMaxOutput = allowed !== null && allowed < asked ? allowed : null;
  const outputTokens = policyMaxOutput ?? asked;

  const { toolCalls } = around;
  const prompt = promptTokens(facts, contextTokens, around.continuedTokens);
  const own = { inputTokens: prompt, outputTokens, contextTokens };
  const inputTokens = hosted ? hostedInputTokens(hosted, toolCalls, own) : prompt;
  const given = { inputTokens, hasImages: worst.hasImageInput };
  const fees = hosted ? hostedFees(book, hosted, toolCalls, around.containerUnits, given, date) : 0;
  const cost = row ? boundCost(row, book.tools, { ...worst, inputTokens }, date) : null;

  return {
    row,
    policyMaxOutput,
    bound: {
      inputTokens,
      outputTokens,
      choices: worst.choices,
      canShorten: facts.clientMaxOutput === null && facts.maxOutputField !== null && ceiling > 0,
      costNanoUsd: (tokens) => {
        const nanoUsd = cost?.(tokens) ?? null;
        return nanoUsd === null ? null : nanoUsd + fees;
      },
    },
  };
}

/** Input tokens of one turn. */
function promptTokens(facts: RequestFacts, contextTokens: number, continued: number | null): number {
  const { worst } = facts;
  if (facts.inputIsHidden || (facts.continues !== null && continued === null)) return contextTokens;
  const inputTokens = worst.inputTokens + (facts.continues === null ? 0 : (continued ?? 0));
  return facts.isOnePrompt ? Math.min(inputTokens, contextTokens) : inputTokens;
}

/** A batch, whose requests were read when their file was uploaded. */
export function boundBatchRequest(
  plan: BatchPlan,
  book: PriceBook,
  policy: AppPolicy,
  date: string,
): BoundedRequest {
  const rowOf = (model: string): PriceRow | null => priceRowFor(book, model, policy);
  const { inputTokens, outputTokens, nanoUsd } = boundBatch(plan, book, rowOf, date);
  const [only] = plan.models;
  return {
    row: only && plan.models.length === 1 ? rowOf(only.model) : null,
    policyMaxOutput: null,
    bound: { inputTokens, outputTokens, choices: 1, canShorten: false, costNanoUsd: () => nanoUsd },
  };
}
