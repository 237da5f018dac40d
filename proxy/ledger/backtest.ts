import type Database from 'better-sqlite3';
import type { Enforce, Metric, Window } from '../contract/limits.ts';
import { firstSeqAt } from './recovery.ts';

const HOUR_MS = 3_600_000;
const MINUTE_MS = 60_000;
/** So many calls are looked at one by one; above that, hours are. */
const MAX_EXACT_CALLS = 15_000;
/** Hours that stand for all where minutes matter and calls are too many: few where each has many. */
const SAMPLED_CALLS = 12_000;
const MIN_SAMPLED_HOURS = 8;
const MAX_SAMPLED_HOURS = 24;
const DISORDERED_ROWS = 1_000;

export interface BacktestLimit {
  readonly metric: Metric;
  readonly amount: number;
  readonly window: Window;
  readonly enforce: Enforce;
  /** Starts of its windows in epoch milliseconds, rising, the first at or before `fromMs`; empty for minutes. */
  readonly starts: readonly number[];
}

export interface BacktestQuery {
  /** Null for all apps together. */
  readonly appNum: number | null;
  readonly fromMs: number;
  readonly toMs: number;
  readonly limits: readonly BacktestLimit[];
}

export interface BacktestLimitResult {
  readonly refused: number;
  readonly windowsReached: number;
  readonly windows: number;
  readonly firstReachedMs: number | null;
  readonly most: number;
}

export interface BacktestResult {
  readonly calls: number;
  readonly refused: number;
  readonly exact: boolean;
  readonly limits: readonly BacktestLimitResult[];
}

/** A call, or an hour of calls. */
interface Use {
  readonly at: number;
  readonly calls: number;
  readonly usd: number;
  readonly input: number;
  readonly output: number;
}

/**
 * What limits would have refused of the calls that were let through. A call is refused when what its
 * window has used, and the call, are more than the amount; refused calls use nothing. It goes by what
 * calls have cost in the end: what was held for them meanwhile cannot be played again.
 */
export function backtest(db: Database.Database, query: BacktestQuery): BacktestResult {
  const { appNum, fromMs, toMs, limits } = query;
  const hours = hourly(db, query);
  const calls = hours.reduce((sum, hour) => sum + hour.calls, 0);
  if (calls <= MAX_EXACT_CALLS) {
    const each = readCalls(db, appNum, fromMs, toMs);
    return { calls: each.length, exact: true, ...play(each, limits, 1) };
  }
  const byMinute = limits.some(({ window }) => window === 'minute');
  const coarse = play(
    hours,
    limits.filter(({ window }) => window !== 'minute'),
    1,
  );
  if (!byMinute) return { calls, exact: false, ...coarse };
  // Minutes lie within hours: some hours, call by call, stand for all of them.
  const wanted = Math.round((SAMPLED_CALLS * hours.length) / calls);
  const count = Math.min(MAX_SAMPLED_HOURS, Math.max(MIN_SAMPLED_HOURS, wanted));
  const step = Math.max(1, Math.floor(hours.length / count));
  const sampled = hours.filter((_, index) => index % step === 0);
  const each = sampled.flatMap(({ at }) =>
    readCalls(db, appNum, Math.max(fromMs, at), Math.min(toMs, at + HOUR_MS)),
  );
  const share = each.length === 0 ? 1 : calls / each.length;
  const fine = play(
    each,
    limits.filter(({ window }) => window === 'minute'),
    share,
  );
  const [coarseLimits, fineLimits] = [[...coarse.limits], [...fine.limits]];
  const results = limits.map(({ window }) => (window === 'minute' ? fineLimits : coarseLimits).shift());
  return {
    calls,
    refused: Math.max(coarse.refused, fine.refused),
    exact: false,
    limits: results.filter((result) => result !== undefined),
  };
}

function hourly(db: Database.Database, { appNum, fromMs, toMs }: BacktestQuery): Use[] {
  return db
    .prepare(
      `SELECT hour * ${HOUR_MS} AS at, sum(requests) AS calls, sum(cost_nano) AS usd, sum(input) AS input,
         sum(output) AS output
       FROM rollup_hour WHERE hour >= ? AND hour < ? AND (? IS NULL OR app_num = ?)
       GROUP BY hour HAVING sum(requests) > 0 ORDER BY hour`,
    )
    .all(Math.floor(fromMs / HOUR_MS), Math.ceil(toMs / HOUR_MS), appNum, appNum) as Use[];
}

function readCalls(db: Database.Database, appNum: number | null, fromMs: number, toMs: number): Use[] {
  const first = firstSeqAt(db, fromMs);
  if (first === null) return [];
  const end = firstSeqAt(db, toMs);
  return db
    .prepare(
      `SELECT at, 1 AS calls, ifnull(cost_nano, 0) AS usd, ifnull(input, 0) AS input,
         ifnull(output, 0) AS output
       FROM requests WHERE seq >= ? AND seq < ? AND at >= ? AND at < ? AND outcome NOT IN ('open', 'refused')
         ${appNum === null ? '' : 'AND app_num = ?'} ORDER BY at, seq`,
    )
    .all(
      first - DISORDERED_ROWS,
      end === null ? Number.MAX_SAFE_INTEGER : end + DISORDERED_ROWS,
      fromMs,
      toMs,
      ...(appNum === null ? [] : [appNum]),
    ) as Use[];
}

/** A limit on its way through the calls: one window after the other. */
class Track {
  readonly limit: BacktestLimit;
  refused = 0;
  windowsReached = 0;
  windows = 0;
  firstReachedMs: number | null = null;
  most = 0;
  #window = Number.NaN;
  #next = 0;
  #used = 0;
  #wanted = 0;
  #isReached = false;

  constructor(limit: BacktestLimit) {
    this.limit = limit;
  }

  /** The share of a use, from 0 to 1, that still fits its window; nothing is used yet. */
  fitting(use: Use): number {
    this.#enter(use.at);
    const amount = amountOf(use, this.limit.metric);
    this.#wanted += amount;
    this.most = Math.max(this.most, this.#wanted);
    const free = this.limit.amount - this.#used;
    if (amount <= free) return 1;
    if (!this.#isReached) {
      this.#isReached = true;
      this.windowsReached += 1;
      this.firstReachedMs ??= use.at;
    }
    // One call is refused as a whole; of an hour, those go through that still fit.
    return use.calls === 1 ? 0 : Math.max(0, free) / amount;
  }

  take(use: Use, share: number): void {
    this.#used += amountOf(use, this.limit.metric) * share;
  }

  #enter(atMs: number): void {
    const window = this.#windowOf(atMs);
    if (window === this.#window) return;
    this.#window = window;
    this.windows += 1;
    this.#used = 0;
    this.#wanted = 0;
    this.#isReached = false;
  }

  #windowOf(atMs: number): number {
    const { window, starts } = this.limit;
    if (window === 'minute') return Math.floor(atMs / MINUTE_MS);
    while ((starts[this.#next] ?? Number.POSITIVE_INFINITY) <= atMs) this.#next += 1;
    return this.#next;
  }
}

function amountOf({ calls, usd, input, output }: Use, metric: Metric): number {
  switch (metric) {
    case 'usd':
      return usd;
    case 'tokens':
      return input + output;
    case 'input_tokens':
      return input;
    case 'output_tokens':
      return output;
    case 'requests':
      return calls;
  }
}

/** `weight` is how many calls one of them stands for. */
function play(
  uses: readonly Use[],
  limits: readonly BacktestLimit[],
  weight: number,
): Pick<BacktestResult, 'refused' | 'limits'> {
  const alone = limits.map((limit) => new Track(limit));
  const together = limits.filter(({ enforce }) => enforce === 'hard').map((limit) => new Track(limit));
  let refused = 0;
  for (const use of uses) {
    for (const track of alone) {
      const share = track.fitting(use);
      track.refused += use.calls * (1 - share);
      track.take(use, share);
    }
    const share = together.reduce((least, track) => Math.min(least, track.fitting(use)), 1);
    refused += use.calls * (1 - share);
    for (const track of together) track.take(use, share);
  }
  const scaled = (count: number): number => Math.round(count * weight);
  return {
    refused: scaled(refused),
    limits: alone.map((track) => ({
      refused: scaled(track.refused),
      windowsReached: scaled(track.windowsReached),
      windows: scaled(track.windows),
      firstReachedMs: track.firstReachedMs,
      most: track.most,
    })),
  };
}
