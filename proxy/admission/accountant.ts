import { type Amounts, addTo, amountOf, zeroAmounts } from './amounts.ts';
import type { Calendar } from './calendar.ts';
import {
  type Bucket,
  type LimitRule,
  type LimitState,
  limitState,
  Scope,
  type SettledByWindow,
} from './scope.ts';

/** The smallest answer worth shortening a request to. */
export const MIN_INJECTED_OUTPUT_TOKENS = 256;

/**
 * The most a request can use, as a line over its output tokens, so that the accountant can ask what a
 * shorter answer would cost.
 */
export interface Bound {
  readonly inputTokens: number;
  /** Most output tokens of one choice: the client's maximum, or the model's. */
  readonly outputTokens: number;
  /** Answers paid for: `n`, or `best_of`. */
  readonly choices: number;
  /** Whether `outputTokens` may be lowered because the client set no maximum of its own. */
  readonly canShorten: boolean;
  /**
   * Nano-dollars at most when each choice has at most this many output tokens; never falls as they grow.
   * Null when the model has no known price.
   */
  readonly costNanoUsd: (outputTokens: number) => number | null;
}

export interface AdmissionRequest {
  /** Names of the scopes whose limits apply, the widest first. */
  readonly scopes: readonly string[];
  /** Scopes whose limits are recorded but not enforced (an app in observe mode). */
  readonly observed?: readonly string[];
  readonly bound: Bound;
}

/** Amounts taken from every scope of a request until it ends; ended exactly once. */
export interface Hold {
  readonly amounts: Readonly<Amounts>;
  /** When it was taken, on the accountant's clock: the instant its cost belongs to. */
  readonly atMs: number;
  /** Output tokens a choice may have, when fewer than asked for; the proxy must inject it. */
  readonly maxOutputTokens: number | null;
  /** Null when the price is unknown: the USD amount held is then 0. */
  readonly boundNanoUsd: number | null;
}

export interface Violation extends LimitState {
  /** What the request would take at its smallest. */
  readonly needed: number;
}

export type Decision =
  | { readonly kind: 'admitted'; readonly hold: Hold; readonly observed: Violation | null }
  /** It would fit if nothing else were in flight: worth waiting for a settlement. */
  | { readonly kind: 'wait'; readonly violation: Violation }
  | { readonly kind: 'refused'; readonly violation: Violation };

/** The name of the scope that everything on the key belongs to. */
export const KEY_SCOPE = 'key';
export const appScope = (appId: string): string => `app:${appId}`;
export const runScope = (tokenId: string): string => `run:${tokenId}`;

/**
 * Decides, in memory and in one turn of the event loop, whether a request may spend. Everything that
 * changes a counter is synchronous, so two requests can never both see the same free amount; what makes
 * a hold durable happens outside, after the decision and before the first byte goes upstream.
 *
 * It has no clock of its own: callers pass the wall time, and the accountant never lets it go back.
 */
export class Accountant {
  readonly #calendar: Calendar;
  readonly #scopes = new Map<string, Scope>();
  readonly #open = new Map<Hold, readonly Bucket[]>();
  #nowMs: number;

  /** `seenMs` is the latest instant the ledger has seen; time before it counts as that instant. */
  constructor(calendar: Calendar, seenMs = 0) {
    this.#calendar = calendar;
    this.#nowMs = seenMs;
  }

  /** Moves the accountant's clock on; never back. Returns the instant that now counts. */
  tick(wallMs: number): number {
    if (wallMs > this.#nowMs) this.#nowMs = wallMs;
    return this.#nowMs;
  }

  /** Opens a scope with what the ledger says it has already used. Replaces nothing that exists. */
  openScope(name: string, limits: readonly LimitRule[], settled?: SettledByWindow): void {
    if (this.#scopes.has(name)) throw new Error(`scope ${name} is already open`);
    const scope = new Scope(name, this.#calendar, this.#nowMs, settled);
    scope.limits = limits;
    this.#scopes.set(name, scope);
  }

  hasScope(name: string): boolean {
    return this.#scopes.has(name);
  }

  /** Forgets a scope; holds that are still open keep their buckets and end as usual. */
  closeScope(name: string): void {
    this.#scopes.delete(name);
  }

  /** Replaces the limits of a scope. What was settled and held in its windows stays. */
  setLimits(name: string, limits: readonly LimitRule[]): void {
    this.#scope(name).limits = limits;
  }

  /** Takes a hold from every scope of the request, or says why not. All or nothing. */
  decide(request: AdmissionRequest): Decision {
    const { bound } = request;
    const scopes = request.scopes.map((name) => this.#scope(name));
    const enforced: LimitState[] = [];
    const watched: LimitState[] = [];
    for (const scope of scopes) {
      const watch = request.observed?.includes(scope.name) ?? false;
      for (const rule of scope.limits) {
        if (rule.enforce === 'hard') (watch ? watched : enforced).push(limitState(scope, rule, this.#nowMs));
      }
    }
    const fitting = fit(bound, enforced, (state) => state.free);
    if (fitting.kind === 'fits') {
      const hold = this.#take(scopes, bound, fitting.outputTokens);
      const taken = fit(bound, watched, (state) => state.free);
      return { kind: 'admitted', hold, observed: taken.kind === 'fits' ? null : taken.violation };
    }
    const alone = fit(bound, enforced, (state) => state.free + state.held);
    return alone.kind === 'fits'
      ? { kind: 'wait', violation: fitting.violation }
      : { kind: 'refused', violation: alone.violation };
  }

  /**
   * Ends a hold with what the request really used. More than the hold is booked all the same: the money
   * is spent, and the windows then refuse until they reset.
   * @throws Error when the hold has already ended.
   */
  settle(hold: Hold, used: Amounts): void {
    for (const bucket of this.#end(hold)) {
      addTo(bucket.held, hold.amounts, -1);
      addTo(bucket.settled, used);
    }
  }

  /** Ends a hold as if the request had never been made. */
  void(hold: Hold): void {
    this.settle(hold, zeroAmounts());
  }

  isOpen(hold: Hold): boolean {
    return this.#open.has(hold);
  }

  get openHolds(): number {
    return this.#open.size;
  }

  /** Every limit of every scope, or of one. */
  states(name?: string): LimitState[] {
    const scopes = name === undefined ? [...this.#scopes.values()] : [this.#scope(name)];
    return scopes.flatMap((scope) => scope.limits.map((rule) => limitState(scope, rule, this.#nowMs)));
  }

  #take(scopes: readonly Scope[], bound: Bound, outputTokens: number): Hold {
    const boundNanoUsd = bound.costNanoUsd(outputTokens);
    const amounts = amountsOf(bound, outputTokens);
    const buckets = scopes.flatMap((scope) => scope.buckets(this.#nowMs));
    for (const bucket of buckets) addTo(bucket.held, amounts);
    const hold: Hold = {
      amounts,
      atMs: this.#nowMs,
      maxOutputTokens: outputTokens < bound.outputTokens ? outputTokens : null,
      boundNanoUsd,
    };
    this.#open.set(hold, buckets);
    return hold;
  }

  #end(hold: Hold): readonly Bucket[] {
    const buckets = this.#open.get(hold);
    if (!buckets) throw new Error('a hold ends exactly once');
    this.#open.delete(hold);
    return buckets;
  }

  #scope(name: string): Scope {
    const scope = this.#scopes.get(name);
    if (!scope) throw new Error(`scope ${name} is not open`);
    return scope;
  }
}

function amountsOf(bound: Bound, outputTokens: number): Amounts {
  return {
    nanoUsd: bound.costNanoUsd(outputTokens) ?? 0,
    inputTokens: bound.inputTokens,
    outputTokens: outputTokens * bound.choices,
    requests: 1,
  };
}

type Fit =
  | { readonly kind: 'fits'; readonly outputTokens: number }
  | { readonly kind: 'violates'; readonly violation: Violation };

/**
 * The most output tokens with which the request fits every limit. With a maximum of the client's own it
 * is all or nothing. Without one, a request may take at most half of what is free, so that the next one
 * still finds a budget: untouched if it does, else shortened to what half of free buys.
 */
function fit(bound: Bound, states: readonly LimitState[], freeOf: (state: LimitState) => number): Fit {
  let outputTokens = bound.outputTokens;
  for (const state of states) {
    const free = freeOf(state);
    const { metric } = state.rule;
    const violation = (tokens: number): Fit => {
      const needed = amountOf(amountsOf(bound, tokens), metric);
      return { kind: 'violates', violation: { ...state, needed } };
    };
    if (!bound.canShorten || metric === 'input_tokens' || metric === 'requests') {
      if (amountOf(amountsOf(bound, outputTokens), metric) > free) return violation(outputTokens);
      continue;
    }
    const affordable = affordableOutput(bound, metric, Math.floor(free / 2), outputTokens);
    if (affordable < Math.min(MIN_INJECTED_OUTPUT_TOKENS, bound.outputTokens)) {
      return violation(Math.min(MIN_INJECTED_OUTPUT_TOKENS, bound.outputTokens));
    }
    outputTokens = affordable;
  }
  return { kind: 'fits', outputTokens };
}

/** The most output tokens, at most `limit`, whose amount is within `budget`; -1 when even 0 is not. */
function affordableOutput(bound: Bound, metric: LimitRule['metric'], budget: number, limit: number): number {
  const fits = (tokens: number): boolean => amountOf(amountsOf(bound, tokens), metric) <= budget;
  if (fits(limit)) return limit;
  if (!fits(0)) return -1;
  let low = 0;
  let high = limit;
  while (high - low > 1) {
    const middle = Math.floor((low + high) / 2);
    if (fits(middle)) low = middle;
    else high = middle;
  }
  return low;
}
