import type { Metric, Window } from '../contract/limits.ts';
import { type Amounts, amountOf, zeroAmounts } from './amounts.ts';
import type { Bucket } from './bucket.ts';
import type { Calendar } from './calendar.ts';
import { type LimitRule, type LimitState, limitState, Scope, type SettledByWindow } from './scope.ts';

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
export class Hold {
  readonly amounts: Readonly<Amounts>;
  /** When it was taken, on the accountant's clock: the instant its cost belongs to. */
  readonly atMs: number;
  /** Output tokens a choice may have, when fewer than asked for; the proxy must inject it. */
  readonly maxOutputTokens: number | null;
  /** Null when the price is unknown: the USD amount held is then 0. */
  readonly boundNanoUsd: number | null;
  /** Where it was taken from, scope by scope; null once it has ended. */
  #buckets: readonly (readonly Bucket[])[] | null;

  constructor(
    amounts: Readonly<Amounts>,
    atMs: number,
    maxOutputTokens: number | null,
    boundNanoUsd: number | null,
    buckets: readonly (readonly Bucket[])[],
  ) {
    this.amounts = amounts;
    this.atMs = atMs;
    this.maxOutputTokens = maxOutputTokens;
    this.boundNanoUsd = boundNanoUsd;
    this.#buckets = buckets;
  }

  get isOpen(): boolean {
    return this.#buckets !== null;
  }

  /** Hands the buckets back, once. @throws Error when the hold has already ended. */
  end(): readonly (readonly Bucket[])[] {
    const buckets = this.#buckets;
    if (!buckets) throw new Error('a hold ends exactly once');
    this.#buckets = null;
    return buckets;
  }
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
/** An end user or a client address of an app. */
export const partyScope = (appId: string, kind: 'user' | 'address', name: string): string =>
  `${kind}:${appId}:${name}`;
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
  #openHolds = 0;
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

  /** Whether nothing of a scope is under way. */
  isIdle(name: string): boolean {
    return this.#scope(name).bucket('total', this.#nowMs).held('requests') === 0;
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
      for (const rule of scope.limits) {
        if (rule.enforce !== 'hard') continue;
        const isWatched = request.observed?.includes(scope.name) ?? false;
        (isWatched ? watched : enforced).push(limitState(scope, rule, this.#nowMs));
      }
    }
    const whole = needOf(bound, bound.outputTokens);
    const fitting = fit(bound, whole, enforced, (state) => state.free);
    if (fitting.kind === 'fits') {
      const { outputTokens } = fitting;
      const need = outputTokens === bound.outputTokens ? whole : needOf(bound, outputTokens);
      const hold = this.#take(scopes, bound, outputTokens, need);
      const taken = watched.length === 0 ? fitting : fit(bound, whole, watched, (state) => state.free);
      return { kind: 'admitted', hold, observed: taken.kind === 'fits' ? null : taken.violation };
    }
    const alone = fit(bound, whole, enforced, (state) => state.free + state.held);
    return alone.kind === 'fits'
      ? { kind: 'wait', violation: fitting.violation }
      : { kind: 'refused', violation: alone.violation };
  }

  /** Whether a request would be admitted now without being shortened; takes nothing. */
  fitsWhole({ scopes, observed, bound }: AdmissionRequest): boolean {
    const whole = needOf(bound, bound.outputTokens);
    const enforced = scopes
      .filter((name) => !observed?.includes(name))
      .flatMap((name) => this.states(name))
      .filter(({ rule }) => rule.enforce === 'hard');
    const fitting = fit(bound, whole, enforced, (state) => state.free);
    return fitting.kind === 'fits' && fitting.outputTokens === bound.outputTokens;
  }

  /**
   * Takes a hold again that an earlier process has left open. Windows that have passed since are left
   * out: nobody decides by them any more.
   */
  restoreHold(
    names: readonly string[],
    amounts: Readonly<Amounts>,
    atMs: number,
    boundNanoUsd: number | null,
  ): Hold {
    const taken = names.map((name) =>
      this.#scope(name)
        .buckets(this.#nowMs)
        .filter(({ startMs, endMs }) => startMs <= atMs && atMs < endMs),
    );
    for (const buckets of taken) for (const bucket of buckets) bucket.hold(amounts);
    this.#openHolds += 1;
    return new Hold(amounts, atMs, null, boundNanoUsd, taken);
  }

  /**
   * Ends a hold with what the request really used. More than the hold is booked all the same: the money
   * is spent, and the windows then refuse until they reset.
   * @throws Error when the hold has already ended.
   */
  settle(hold: Hold, used: Amounts): void {
    for (const buckets of hold.end()) {
      for (const bucket of buckets) bucket.settle(hold.amounts, used);
    }
    this.#openHolds -= 1;
  }

  /** Ends a hold as if the request had never been made. */
  void(hold: Hold): void {
    this.settle(hold, zeroAmounts());
  }

  /** What a scope has settled in its current window, in the metric's own unit. */
  settled(name: string, window: Window, metric: Metric): number {
    return this.#scope(name).bucket(window, this.#nowMs).settled(metric);
  }

  get openHolds(): number {
    return this.#openHolds;
  }

  /** Every limit of every scope, or of one. */
  states(name?: string): LimitState[] {
    const scopes = name === undefined ? [...this.#scopes.values()] : [this.#scope(name)];
    return scopes.flatMap((scope) => scope.limits.map((rule) => limitState(scope, rule, this.#nowMs)));
  }

  #take(scopes: readonly Scope[], bound: Bound, outputTokens: number, need: Need): Hold {
    const taken = scopes.map((scope) => scope.buckets(this.#nowMs));
    for (const buckets of taken) for (const bucket of buckets) bucket.hold(need.amounts);
    this.#openHolds += 1;
    const shortened = outputTokens < bound.outputTokens ? outputTokens : null;
    return new Hold(need.amounts, this.#nowMs, shortened, need.nanoUsd, taken);
  }

  #scope(name: string): Scope {
    const scope = this.#scopes.get(name);
    if (!scope) throw new Error(`scope ${name} is not open`);
    return scope;
  }
}

/** What a request takes at a number of output tokens; `nanoUsd` is null when the price is unknown. */
interface Need {
  readonly amounts: Amounts;
  readonly nanoUsd: number | null;
}

function needOf(bound: Bound, outputTokens: number): Need {
  const nanoUsd = bound.costNanoUsd(outputTokens);
  return {
    nanoUsd,
    amounts: {
      nanoUsd: nanoUsd ?? 0,
      inputTokens: bound.inputTokens,
      outputTokens: outputTokens * bound.choices,
      requests: 1,
    },
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
function fit(
  bound: Bound,
  whole: Need,
  states: readonly LimitState[],
  freeOf: (state: LimitState) => number,
): Fit {
  let { outputTokens } = bound;
  for (const state of states) {
    const free = freeOf(state);
    const { metric } = state.rule;
    const neededWhole = amountOf(whole.amounts, metric);
    // What takes nothing of a budget does not cross it, not even one that is overdrawn.
    if (neededWhole === 0) continue;
    if (!bound.canShorten || metric === 'input_tokens' || metric === 'requests') {
      if (neededWhole > free) return { kind: 'violates', violation: { ...state, needed: neededWhole } };
      continue;
    }
    const half = Math.floor(free / 2);
    if (neededWhole <= half) continue;
    const least = Math.min(MIN_INJECTED_OUTPUT_TOKENS, bound.outputTokens);
    const affordable = affordableOutput(bound, metric, half, outputTokens);
    if (affordable < least) {
      const needed = amountOf(needOf(bound, least).amounts, metric);
      return { kind: 'violates', violation: { ...state, needed } };
    }
    outputTokens = affordable;
  }
  return { kind: 'fits', outputTokens };
}

/** The most output tokens, at most `limit`, whose amount is within `budget`; -1 when even 0 is not. */
function affordableOutput(bound: Bound, metric: Metric, budget: number, limit: number): number {
  const fits = (tokens: number): boolean => amountOf(needOf(bound, tokens).amounts, metric) <= budget;
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
