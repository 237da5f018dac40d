import type Database from 'better-sqlite3';
import type { UsageKey } from '../contract/usage-words.ts';
import { NOTHING, type RangeSum, sumRanges } from './range-sums.ts';
import { quarterOf } from './rollup-tallies.ts';

export interface UsageQuery {
  readonly fromMs: number;
  readonly toMs: number;
  readonly by: UsageKey;
  readonly appNum: number | null;
  /**
   * For `day`: starts of the days of the user's zone that lie in the range, and its end: quarters of an
   * hour, rising.
   */
  readonly days?: readonly number[];
}

/** One line of a report before people's names and currencies are put to it. */
export interface UsageSum extends Readonly<RangeSum> {
  /** App number, model, first quarter of a day, user or endpoint, by the query. */
  readonly key: string | number;
  readonly heldNanoUsd: number;
}

export type SeriesKey = 'app' | 'model' | 'endpoint';

export interface SeriesQuery {
  /** Starts of the points, and the end of the last one: quarters of an hour, rising. */
  readonly borders: readonly number[];
  readonly by: SeriesKey | null;
  readonly appNum: number | null;
  readonly model: string | null;
}

/** One line of a chart: a number for each point. */
export interface SeriesSum {
  readonly key: string | number | null;
  readonly costNanoUsd: number[];
  readonly requests: number[];
  readonly refused: number[];
  readonly inputTokens: number[];
  readonly cachedInputTokens: number[];
  readonly outputTokens: number[];
}

const COLUMN = { app: 'app_num', model: 'model', user: 'user', endpoint: 'route' } as const;

export function sumUsage(db: Database.Database, query: UsageQuery): UsageSum[] {
  const { by, appNum } = query;
  const borders =
    by === 'day' ? (query.days ?? []) : [quarterOf(query.fromMs), quarterOf(query.toMs - 1) + 1];
  const ranges = sumRanges(db, { borders, by: by === 'day' ? null : COLUMN[by], appNum, model: null });
  const sums = new Map<string | number, UsageSum>();
  ranges.forEach((range, at) => {
    for (const [name, sum] of range) {
      const key = name ?? borders[at] ?? 0;
      sums.set(key, { key, ...sum, heldNanoUsd: 0 });
    }
  });
  for (const { key, quarter, nanoUsd } of openHolds(db, query)) {
    const name = by === 'day' ? (borders.findLast((border) => border <= quarter) ?? quarter) : key;
    const before = sums.get(name) ?? { ...NOTHING, key: name, heldNanoUsd: 0 };
    sums.set(name, { ...before, heldNanoUsd: before.heldNanoUsd + nanoUsd });
  }
  return [...sums.values()];
}

/** Requests that are still open, which the rollups do not have: as many as are under way. */
function openHolds(
  db: Database.Database,
  { by, fromMs, toMs, appNum }: UsageQuery,
): { key: string | number; quarter: number; nanoUsd: number }[] {
  const column = by === 'user' ? "ifnull(user, '')" : by === 'day' ? 'NULL' : COLUMN[by];
  // Without a word about it SQLite reads the whole ledger by another index, for the sake of an order.
  return db
    .prepare(
      `SELECT ${column} AS key, at / 900000 AS quarter, ifnull(hold_nano, 0) AS nanoUsd
       FROM requests INDEXED BY requests_open
       WHERE outcome = 'open' AND at / 900000 BETWEEN ? AND ? AND (? IS NULL OR app_num = ?)`,
    )
    .all(quarterOf(fromMs), quarterOf(toMs - 1), appNum, appNum) as {
    key: string | number;
    quarter: number;
    nanoUsd: number;
  }[];
}

/** Sums of each point of time by key. */
export function sumSeries(db: Database.Database, query: SeriesQuery): SeriesSum[] {
  const { borders, by, appNum, model } = query;
  const points = borders.length - 1;
  const series = new Map<string | number | null, SeriesSum>();
  const ranges = sumRanges(db, { borders, by: by === null ? null : COLUMN[by], appNum, model });
  ranges.forEach((range, point) => {
    for (const [name, sum] of range) {
      let line = series.get(name);
      if (!line) {
        line = emptySeries(name, points);
        series.set(name, line);
      }
      line.costNanoUsd[point] = sum.costNanoUsd;
      line.requests[point] = sum.requests;
      line.refused[point] = sum.refused;
      line.inputTokens[point] = sum.inputTokens;
      line.cachedInputTokens[point] = sum.cachedInputTokens;
      line.outputTokens[point] = sum.outputTokens;
    }
  });
  return [...series.values()];
}

export function emptySeries(key: string | number | null, points: number): SeriesSum {
  const zeros = (): number[] => new Array<number>(points).fill(0);
  return {
    key,
    costNanoUsd: zeros(),
    requests: zeros(),
    refused: zeros(),
    inputTokens: zeros(),
    cachedInputTokens: zeros(),
    outputTokens: zeros(),
  };
}

/** What occurred most since a day (UTC, counted from the epoch). */
export function listFacets(
  db: Database.Database,
  fromDay: number,
): { models: string[]; endpoints: string[]; users: string[] } {
  const top = (column: string, table: string): string[] =>
    db
      .prepare(
        `SELECT ${column} FROM ${table} WHERE day >= ? AND ${column} <> ''
         GROUP BY 1 ORDER BY sum(requests + refused) DESC, 1 LIMIT 100`,
      )
      .pluck()
      .all(fromDay) as string[];
  return {
    models: top('model', 'rollup_day_apps'),
    endpoints: top('route', 'rollup_day_apps'),
    users: top('user', 'rollup_day'),
  };
}
