import type { PriceRow } from '../contract/prices.ts';
import { costOfTools, costOfUsage, nanoUsdOfUsage, roundUpNanoUsd } from '../pricing/cost.ts';
import type { PriceBook } from '../pricing/price-book.ts';
import { settledTierPermille } from '../pricing/service-tier.ts';
import { NO_TOOL_CALLS, NO_USAGE, type ToolCalls, type Usage } from '../pricing/usage.ts';
import { type ContainerSizes, isGuessed, PLAIN_SIZES, unitsOfUsed } from './container-sizes.ts';
import type { RequestFacts } from './inspect/request-facts.ts';
import type { Metered, ToldCalls } from './metering/metered.ts';

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

/** What settling an answer needs to know of its request; plain data, so that it can wait in the ledger. */
export interface SettlingFacts {
  readonly byRule: Readonly<Usage> | null;
  readonly ruleIsExact: boolean;
  /** Calls of tools that were asked for and that an answer need not tell of. */
  readonly askedTools: ToolCalls;
  readonly containers: ContainerSizes;
  /** The image model of its tools; null where the request names none, or several. */
  readonly imageModel: string | null;
}

export function settlingFacts(facts: RequestFacts, containers = PLAIN_SIZES): SettlingFacts {
  const images = new Set(facts.hosted?.images.map(({ model }) => model) ?? []);
  const [only] = images;
  return {
    byRule: facts.byRule,
    ruleIsExact: facts.ruleIsExact,
    askedTools: facts.worst.tools,
    containers,
    imageModel: images.size === 1 && only !== undefined && only !== '' ? only : null,
  };
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
  | 'never_ended'
  | 'object_missing'
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

/** What passed without a way to tell its cost. */
export function chargeUnmetered(): Charge {
  return {
    outcome: 'settled',
    costNanoUsd: null,
    usage: FREE,
    servedModel: null,
    serviceTier: null,
    reason: 'unmetered',
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
  facts: SettlingFacts,
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
      costNanoUsd: requested && costByRule(requested, facts.byRule, facts.askedTools, book),
      usage: facts.byRule,
      servedModel: metered.model,
      serviceTier: metered.serviceTier,
      reason: facts.ruleIsExact ? null : 'priced_by_rule',
    };
  }
  const [first] = metered.parts;
  // An answer that has used nothing at all is not one that OpenAI gives.
  if (metered.pictures === null && metered.parts.every(({ usage }) => isEmpty(usage))) {
    return chargeBound(held, 'usage_bad', first?.model ?? null);
  }
  const tools = billedTools(metered.tools, facts);
  const used = { ...metered, tools };
  const costNanoUsd = costOf(used, requested, facts, book, date);
  const charge = {
    usage: first?.usage ?? FREE,
    servedModel: first?.model ?? null,
    serviceTier: metered.serviceTier,
  };
  if (costNanoUsd === null && held.nanoUsd !== null) {
    // The answer used what the model asked for has no rate for. An unknown cost would count as nothing
    // under the limits it was held from, so it is charged at the dearest rates there are.
    const nameless = metered.parts.map((part) => ({ ...part, model: null }));
    const dearest = costOf({ ...used, parts: nameless }, book.dearest(), facts, book, date) ?? 0;
    const most = Math.max(dearest, held.nanoUsd);
    return { ...charge, outcome: 'estimated', costNanoUsd: most, reason: 'price_unknown' };
  }
  // Pictures of a model that nobody has named are priced like the dearest.
  if (metered.pictures !== null && facts.imageModel === null) {
    return { ...charge, outcome: 'estimated', costNanoUsd, reason: 'image_model_unknown' };
  }
  if (isGuessed(metered.tools.containers ?? [], facts.containers)) {
    return { ...charge, outcome: 'estimated', costNanoUsd, reason: 'container_size_unknown' };
  }
  return { ...charge, outcome: 'settled', costNanoUsd, reason: null };
}

function costByRule(row: PriceRow, usage: Usage, tools: ToolCalls, book: PriceBook): number | null {
  const nanoUsd = nanoUsdOfUsage(row, usage, 1000);
  return nanoUsd === null ? null : nanoUsd + roundUpNanoUsd(costOfTools(book.tools, tools));
}

/**
 * A chat that may search does so without saying: what it asked for counts where the answer tells of no
 * call. The one record without calls stays the same object, which is quicker to recognise.
 */
function billedTools(told: ToldCalls, { askedTools, containers }: SettlingFacts): ToolCalls {
  if (told === NO_TOOL_CALLS && askedTools === NO_TOOL_CALLS) return told;
  const billed = {
    webSearchCalls: Math.max(told.webSearchCalls, askedTools.webSearchCalls),
    fileSearchCalls: told.fileSearchCalls,
    containerSessions: unitsOfUsed(told.containers ?? [], containers),
  };
  return billed.webSearchCalls + billed.fileSearchCalls + billed.containerSessions > 0
    ? billed
    : NO_TOOL_CALLS;
}

function isEmpty({ inputTokens, outputTokens, seconds, characters }: Usage): boolean {
  return inputTokens === 0 && outputTokens === 0 && seconds === 0 && characters === 0;
}

function costOf(
  metered: Metered & { kind: 'usage' },
  requested: PriceRow | null,
  facts: SettlingFacts,
  book: PriceBook,
  date: string,
): number | null {
  const { parts, tools, pictures, serviceTier } = metered;
  // The answer's model decides; a name nobody has priced falls back to the one that was asked for.
  const rowOf = (model: string | null): PriceRow | null =>
    (model === null ? null : book.find(model)) ?? requested;
  const [only] = parts;
  if (only && parts.length === 1 && tools === NO_TOOL_CALLS && pictures === null) {
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
  if (pictures) {
    const row = (facts.imageModel === null ? null : book.find(facts.imageModel)) ?? book.dearest();
    const share = costOfUsage(row, pictures, 1000);
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

/** Whether a request may be served by faster machines than usual. */
export function isFastTier(requested: string | null): boolean {
  return requested !== null && requested !== 'default' && requested !== 'flex';
}
