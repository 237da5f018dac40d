import { type Enforce, type LimitRaise, type Metric, WINDOWS, type Window } from '../contract/limits.ts';
import type { Amounts } from './amounts.ts';
import { Bucket } from './bucket.ts';
import type { Calendar } from './calendar.ts';

/** One limit as the accountant holds it. `id` is the ledger's. */
export interface LimitRule {
  readonly id: number;
  readonly metric: Metric;
  readonly amount: number;
  readonly window: Window;
  readonly enforce: Enforce;
  readonly raise?: LimitRaise | null;
}

/** Settled amounts by window, as the ledger counts them at start. */
export type SettledByWindow = Readonly<Record<Window, Amounts>>;

/**
 * What one budget covers: everything on the key, one app, one run. A scope counts in all six windows,
 * whatever limits it has, so that a limit set at noon knows what the morning has cost without a query
 * that would race with settlements.
 */
export class Scope {
  readonly name: string;
  limits: readonly LimitRule[] = [];
  readonly #calendar: Calendar;
  /** One for each of WINDOWS, in that order; replaced as a whole when one of them rolls over. */
  #buckets: readonly Bucket[];
  #nextEndMs: number;

  constructor(name: string, calendar: Calendar, nowMs: number, settled?: SettledByWindow) {
    this.name = name;
    this.#calendar = calendar;
    this.#buckets = WINDOWS.map((window) => {
      const { startMs, endMs } = calendar.bounds(window, nowMs);
      return new Bucket(startMs, endMs, settled?.[window] ?? null);
    });
    this.#nextEndMs = firstEnd(this.#buckets);
  }

  /**
   * The buckets at `nowMs`, rolled over where their time has come. `nowMs` never goes back (see the
   * accountant), so a spent window is never opened again. Holds keep the buckets they were taken from,
   * which is how a settlement after midnight still belongs to the day before.
   */
  buckets(nowMs: number): readonly Bucket[] {
    if (nowMs >= this.#nextEndMs) {
      this.#buckets = this.#buckets.map((bucket, index) => {
        if (nowMs < bucket.endMs) return bucket;
        const { startMs, endMs } = this.#calendar.bounds(WINDOWS[index] ?? 'total', nowMs);
        return new Bucket(startMs, endMs, null);
      });
      this.#nextEndMs = firstEnd(this.#buckets);
    }
    return this.#buckets;
  }

  bucket(window: Window, nowMs: number): Bucket {
    const bucket = this.buckets(nowMs)[WINDOWS.indexOf(window)];
    if (!bucket) throw new Error(`there is no window ${window}`);
    return bucket;
  }
}

function firstEnd(buckets: readonly Bucket[]): number {
  return Math.min(...buckets.map(({ endMs }) => endMs));
}

/** Where a limit stands. `free` is negative only after an overage or when the limit was lowered. */
export interface LimitState {
  readonly scope: string;
  readonly rule: LimitRule;
  /** The amount that counts now: the rule's, and what it is raised by for a while. */
  readonly amount: number;
  readonly settled: number;
  readonly held: number;
  readonly free: number;
  /** Epoch milliseconds; null for `total`. */
  readonly resetsAtMs: number | null;
}

export function limitState(scope: Scope, rule: LimitRule, nowMs: number): LimitState {
  const bucket = scope.bucket(rule.window, nowMs);
  const settled = bucket.settled(rule.metric);
  const held = bucket.held(rule.metric);
  const amount = rule.amount + raiseOf(rule, nowMs);
  return {
    scope: scope.name,
    rule,
    amount,
    settled,
    held,
    free: amount - settled - held,
    resetsAtMs: Number.isFinite(bucket.endMs) ? bucket.endMs : null,
  };
}

/** What a limit is raised by at an instant of the accountant's clock, which never goes back. */
export function raiseOf({ raise }: Pick<LimitRule, 'raise'>, nowMs: number): number {
  return raise && nowMs < raise.untilMs ? raise.amount : 0;
}
