import { type Enforce, type Metric, WINDOWS, type Window } from '../contract/limits.ts';
import { type Amounts, amountOf, zeroAmounts } from './amounts.ts';
import type { Calendar } from './calendar.ts';

/** One limit as the accountant holds it. `id` is the ledger's. */
export interface LimitRule {
  readonly id: number;
  readonly metric: Metric;
  readonly amount: number;
  readonly window: Window;
  readonly enforce: Enforce;
}

/** Settled and held amounts of one scope in one window. */
export interface Bucket {
  readonly startMs: number;
  readonly endMs: number;
  readonly settled: Amounts;
  readonly held: Amounts;
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
  readonly #buckets = new Map<Window, Bucket>();

  constructor(name: string, calendar: Calendar, nowMs: number, settled?: SettledByWindow) {
    this.name = name;
    this.#calendar = calendar;
    for (const window of WINDOWS) {
      this.#buckets.set(window, {
        ...calendar.bounds(window, nowMs),
        settled: { ...(settled?.[window] ?? zeroAmounts()) },
        held: zeroAmounts(),
      });
    }
  }

  /**
   * The bucket of a window at `nowMs`, rolled over when its time has come. `nowMs` never goes back (see
   * the accountant), so a spent window is never opened again. Holds keep the bucket they were taken
   * from, which is how a settlement after midnight still belongs to the day before.
   */
  bucket(window: Window, nowMs: number): Bucket {
    const current = this.#buckets.get(window);
    if (current && nowMs < current.endMs) return current;
    const next: Bucket = {
      ...this.#calendar.bounds(window, nowMs),
      settled: zeroAmounts(),
      held: zeroAmounts(),
    };
    this.#buckets.set(window, next);
    return next;
  }
}

/** Where a limit stands. `free` is negative only after an overage or when the limit was lowered. */
export interface LimitState {
  readonly scope: string;
  readonly rule: LimitRule;
  readonly settled: number;
  readonly held: number;
  readonly free: number;
  /** Epoch milliseconds; null for `total`. */
  readonly resetsAtMs: number | null;
}

export function limitState(scope: Scope, rule: LimitRule, nowMs: number): LimitState {
  const bucket = scope.bucket(rule.window, nowMs);
  const settled = amountOf(bucket.settled, rule.metric);
  const held = amountOf(bucket.held, rule.metric);
  return {
    scope: scope.name,
    rule,
    settled,
    held,
    free: rule.amount - settled - held,
    resetsAtMs: Number.isFinite(bucket.endMs) ? bucket.endMs : null,
  };
}
