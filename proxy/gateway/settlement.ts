import type { PriceRow } from '../contract/prices.ts';
import { costOfTools, costOfUsage, nanoUsdOfUsage, roundUpNanoUsd } from '../pricing/cost.ts';
import type { PriceBook } from '../pricing/price-book.ts';
import { settledTierPermille } from '../pricing/service-tier.ts';
import { NO_USAGE, type ToolCalls, type Usage } from '../pricing/usage.ts';
import { NO_TOOLS, type RequestFacts } from './inspect/request-facts.ts';
import type { Metered } from './metering/metered.ts';

/** What a request is charged, and how sure that is. */
export interface Charge {
  readonly outcome: 'settled' | 'estimated' | 'charged-at-bound' | 'voided';
  /** Null when the price is unknown. */
  readonly costNanoUsd: number | null;
  readonly usage: Usage;
  readonly servedModel: string | null;
  readonly serviceTier: string | null;
  readonly reason: string | null;
}

/** What was held: the charge when nothing better is known. */
export interface HeldBound {
  readonly nanoUsd: number | null;
  readonly inputTokens: number;
  readonly outputTokens: number;
}

/** Why a charge is at the bound. `usage_missing` and `usage_bad` are findings, too. */
export type BoundReason =
  | 'interrupted'
  | 'usage_missing'
  | 'usage_bad'
  | 'upstream_broken'
  | 'upstream_timeout'
  | 'upstream_redirect';

const FREE: Usage = NO_USAGE;

export function chargeNothing(reason: string): Charge {
  return {
    outcome: 'voided',
    costNanoUsd: 0,
    usage: FREE,
    servedModel: null,
    serviceTier: null,
    reason,
  };
}

export function chargeFree(servedModel: string | null): Charge {
  return {
    outcome: 'settled',
    costNanoUsd: 0,
    usage: FREE,
    servedModel,
    serviceTier: null,
    reason: null,
  };
}

export function chargeBound(held: HeldBound, reason: BoundReason, servedModel: string | null = null): Charge {
  return {
    outcome: 'charged-at-bound',
    costNanoUsd: held.nanoUsd,
    usage: { ...FREE, inputTokens: held.inputTokens, outputTokens: held.outputTokens },
    servedModel,
    serviceTier: null,
    reason,
  };
}

/** Turns what the answer said into a charge, by the price of the model and tier it names. */
export function chargeAnswer(
  metered: Metered,
  facts: RequestFacts,
  held: HeldBound,
  requested: PriceRow | null,
  book: PriceBook,
  date: string,
): Charge {
  if (metered.kind === 'bad') return chargeBound(held, 'usage_bad', metered.model);
  if (metered.kind === 'missing') {
    if (!facts.byRule) return chargeBound(held, 'usage_missing', metered.model);
    return {
      outcome: facts.ruleIsExact ? 'settled' : 'estimated',
      costNanoUsd: requested ? nanoUsdOfUsage(requested, facts.byRule, 1000) : null,
      usage: facts.byRule,
      servedModel: metered.model,
      serviceTier: metered.serviceTier,
      reason: facts.ruleIsExact ? null : 'priced_by_rule',
    };
  }
  const [first] = metered.parts;
  // An answer that has used nothing at all is not one that OpenAI gives.
  if (metered.parts.every(({ usage }) => isEmpty(usage))) {
    return chargeBound(held, 'usage_bad', first?.model ?? null);
  }
  const used = { ...metered, tools: dearerTools(metered.tools, facts.worst.tools) };
  const costNanoUsd = costOf(used, requested, book, date);
  const charge = {
    usage: first?.usage ?? FREE,
    servedModel: first?.model ?? null,
    serviceTier: metered.serviceTier,
  };
  if (costNanoUsd === null && held.nanoUsd !== null) {
    // The answer used what the model asked for has no rate for. An unknown cost would count as nothing
    // under the limits it was held from, so it is charged at the dearest rates there are.
    const nameless = metered.parts.map((part) => ({ ...part, model: null }));
    const dearest = costOf({ ...used, parts: nameless }, book.dearest(), book, date) ?? 0;
    const most = Math.max(dearest, held.nanoUsd);
    return { ...charge, outcome: 'estimated', costNanoUsd: most, reason: 'price_unknown' };
  }
  return { ...charge, outcome: 'settled', costNanoUsd, reason: null };
}

/**
 * A chat that may search does so without saying: what it asked for counts where the answer tells of no
 * call. The one record without calls stays the same object, which is quicker to recognise.
 */
function dearerTools(told: ToolCalls, asked: ToolCalls): ToolCalls {
  return asked.webSearchCalls > told.webSearchCalls
    ? { ...told, webSearchCalls: asked.webSearchCalls }
    : told;
}

function isEmpty({ inputTokens, outputTokens, seconds, characters }: Usage): boolean {
  return inputTokens === 0 && outputTokens === 0 && seconds === 0 && characters === 0;
}

function costOf(
  metered: Metered & { kind: 'usage' },
  requested: PriceRow | null,
  book: PriceBook,
  date: string,
): number | null {
  const { parts, tools, serviceTier } = metered;
  // The answer's model decides; a name nobody has priced falls back to the one that was asked for.
  const rowOf = (model: string | null): PriceRow | null =>
    (model === null ? null : book.find(model)) ?? requested;
  const [only] = parts;
  if (only && parts.length === 1 && tools === NO_TOOLS) {
    const row = rowOf(only.model);
    return row && nanoUsdOfUsage(row, only.usage, settledTierPermille(row, serviceTier, date));
  }
  let total = costOfTools(book.tools, tools);
  for (const { model, usage } of parts) {
    const row = rowOf(model);
    const share = row && costOfUsage(row, usage, settledTierPermille(row, serviceTier, date));
    if (share === null) return null;
    total += share;
  }
  return roundUpNanoUsd(total);
}

/**
 * The fastest any model of OpenAI's has been seen to write, in tokens a second of one answer. What it
 * wrote after the last byte that reached us cannot be more than this times the time.
 */
const TOP_TOKENS_PER_SECOND = 300;
const TOP_TOKENS_PER_SECOND_FAST = 1_500;
/** A cut has to travel to OpenAI and be noticed there; the model writes on until then. */
const CUT_NOTICED_MS = 250;

/**
 * The charge of a stream that the client has left and that was cut upstream: nobody will tell the usage
 * any more, so what can have been produced until then, within the hold.
 */
export function chargeAbandonedStream(
  held: HeldBound,
  bound: { readonly choices: number; readonly costNanoUsd: (outputTokens: number) => number | null },
  progress: { readonly visibleTokens: number; readonly elapsedMs: number; readonly isFastTier: boolean },
): Charge {
  const { visibleTokens, elapsedMs, isFastTier } = progress;
  const speed = isFastTier ? TOP_TOKENS_PER_SECOND_FAST : TOP_TOKENS_PER_SECOND;
  const perChoice = Math.max(visibleTokens / bound.choices, ((elapsedMs + CUT_NOTICED_MS) / 1000) * speed);
  const most = Math.floor(held.outputTokens / bound.choices);
  const outputTokens = Math.min(most, Math.ceil(perChoice) + 1);
  return {
    outcome: 'estimated',
    costNanoUsd: bound.costNanoUsd(outputTokens),
    usage: { ...FREE, inputTokens: held.inputTokens, outputTokens: outputTokens * bound.choices },
    servedModel: null,
    serviceTier: null,
    reason: 'client_gone',
  };
}
