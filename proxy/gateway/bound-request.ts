import type { Bound } from '../admission/accountant.ts';
import type { AppPolicy } from '../contract/apps.ts';
import type { PriceRow } from '../contract/prices.ts';
import { boundCost } from '../pricing/bound.ts';
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
): BoundedRequest {
  const { worst } = facts;
  const context = (row ?? book.dearest()).contextTokens;
  const capped = facts.isOnePrompt ? Math.min(worst.inputTokens, context) : worst.inputTokens;
  const inputTokens = facts.inputIsHidden ? context : capped;

  const ceiling = facts.outputCeiling ?? (row ?? book.dearest()).maxOutputTokens;
  const asked = Math.min(facts.clientMaxOutput ?? ceiling, ceiling);
  const allowed = facts.maxOutputField === null ? null : policy.maxOutputTokens;
  const policyMaxOutput = allowed !== null && allowed < asked ? allowed : null;

  return {
    row,
    policyMaxOutput,
    bound: {
      inputTokens,
      outputTokens: policyMaxOutput ?? asked,
      choices: worst.choices,
      canShorten: facts.clientMaxOutput === null && facts.maxOutputField !== null && ceiling > 0,
      costNanoUsd: row ? boundCost(row, book.tools, { ...worst, inputTokens }, date) : () => null,
    },
  };
}
