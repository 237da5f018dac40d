import type Database from 'better-sqlite3';
import type { UsageKey } from '../contract/usage-words.ts';
import { QUARTERS_PER_DAY, QUARTERS_PER_HOUR, quarterOf } from './rollup-tallies.ts';

export interface UsageQuery {
  readonly fromMs: number;
  readonly toMs: number;
  readonly by: UsageKey;
  readonly appNum: number | null;
  /**
   * For `day`: whether days of the user's zone begin on whole hours of UTC in this time. The keys are then
   * the first quarters of hours, which are far fewer.
   */
  readonly byHours?: boolean;
}

/** One line of a report before people's names and currencies are put to it. */
export interface UsageSum {
  /** App number, model, quarter of an hour, user or endpoint, by the query. */
  readonly key: string | number;
  readonly requests: number;
  readonly refused: number;
  readonly inputTokens: number;
  readonly cachedInputTokens: number;
  readonly outputTokens: number;
  readonly costNanoUsd: number;
  readonly estimatedNanoUsd: number;
  readonly unpricedRequests: number;
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

const COLUMN: Readonly<Record<UsageKey, string>> = {
  app: 'app_num',
  model: 'model',
  day: 'quarter',
  user: 'user',
  endpoint: 'route',
};

/** The same grouping for requests that are still open, which the rollups do not have. */
const OPEN_COLUMN: Readonly<Record<UsageKey, string>> = {
  ...COLUMN,
  day: 'at / 900000',
  user: "ifnull(user, '')",
};

const SUMS = `sum(requests) AS requests, sum(refused) AS refused, sum(input) AS inputTokens,
  sum(cached_input) AS cachedInputTokens, sum(output) AS outputTokens, sum(cost_nano) AS costNanoUsd,
  sum(estimated_nano) AS estimatedNanoUsd, sum(unpriced) AS unpricedRequests, 0 AS heldNanoUsd`;

/** A part of a range that one of the rollups has whole. */
interface Part {
  readonly table: string;
  readonly column: string;
  readonly size: number;
  readonly first: number;
  readonly last: number;
}

/** Cuts a range of quarters into whole units of a coarser rollup, and quarters before and after them. */
function cut(
  from: number,
  to: number,
  coarse: { readonly table: string; readonly column: string; readonly size: number },
): Part[] {
  const quarters = { table: 'rollup', column: 'quarter', size: 1 };
  const first = Math.ceil(from / coarse.size);
  const end = Math.floor((to + 1) / coarse.size);
  if (end <= first) return [{ ...quarters, first: from, last: to }];
  return [
    { ...quarters, first: from, last: first * coarse.size - 1 },
    { ...coarse, first, last: end - 1 },
    { ...quarters, first: end * coarse.size, last: to },
  ].filter((part) => part.first <= part.last);
}

const DAYS = { table: 'rollup_day', column: 'day', size: QUARTERS_PER_DAY };
const HOURS = { table: 'rollup_hour', column: 'hour', size: QUARTERS_PER_HOUR };

export function sumUsage(db: Database.Database, query: UsageQuery): UsageSum[] {
  const { by, appNum } = query;
  const [from, to] = [quarterOf(query.fromMs), quarterOf(query.toMs - 1)];
  const parts = partsOf(by, from, to, query.byHours ?? false);
  const byKey = new Map<string | number, UsageSum>();
  for (const { table, column, size, first, last } of parts) {
    const key = by === 'day' ? `${column} * ${size}` : COLUMN[by];
    const rows = db
      .prepare(
        `SELECT ${key} AS key, ${SUMS} FROM ${table}
         WHERE ${column} BETWEEN ? AND ? AND (? IS NULL OR app_num = ?) GROUP BY 1`,
      )
      .all(first, last, appNum, appNum) as UsageSum[];
    for (const row of rows) {
      const before = byKey.get(row.key);
      byKey.set(row.key, before ? addUsage(before, row) : row);
    }
  }
  const open = db
    .prepare(
      `SELECT ${OPEN_COLUMN[by]} AS key, sum(ifnull(hold_nano, 0)) AS heldNanoUsd
       FROM requests WHERE outcome = 'open' AND at / 900000 BETWEEN ? AND ? AND (? IS NULL OR app_num = ?)
       GROUP BY 1`,
    )
    .all(from, to, appNum, appNum) as { key: string | number; heldNanoUsd: number }[];
  for (const { key, heldNanoUsd } of open) {
    byKey.set(key, { ...(byKey.get(key) ?? { ...EMPTY, key }), heldNanoUsd });
  }
  return [...byKey.values()];
}

function partsOf(by: UsageKey, from: number, to: number, byHours: boolean): Part[] {
  if (by !== 'day') return cut(from, to, DAYS);
  if (byHours) return cut(from, to, HOURS);
  return [{ table: 'rollup', column: 'quarter', size: 1, first: from, last: to }];
}

function addUsage(a: UsageSum, b: UsageSum): UsageSum {
  return {
    key: a.key,
    requests: a.requests + b.requests,
    refused: a.refused + b.refused,
    inputTokens: a.inputTokens + b.inputTokens,
    cachedInputTokens: a.cachedInputTokens + b.cachedInputTokens,
    outputTokens: a.outputTokens + b.outputTokens,
    costNanoUsd: a.costNanoUsd + b.costNanoUsd,
    estimatedNanoUsd: a.estimatedNanoUsd + b.estimatedNanoUsd,
    unpricedRequests: a.unpricedRequests + b.unpricedRequests,
    heldNanoUsd: a.heldNanoUsd + b.heldNanoUsd,
  };
}

const EMPTY = {
  requests: 0,
  refused: 0,
  inputTokens: 0,
  cachedInputTokens: 0,
  outputTokens: 0,
  costNanoUsd: 0,
  estimatedNanoUsd: 0,
  unpricedRequests: 0,
};

type PointRow = readonly [
  key: string | number | null,
  cost: number,
  requests: number,
  refused: number,
  input: number,
  cached: number,
  output: number,
];

/** Sums of each point of time by key, from the coarsest rollup whose lines lie within the points. */
export function sumSeries(db: Database.Database, query: SeriesQuery): SeriesSum[] {
  const { borders, by, appNum, model } = query;
  const points = borders.length - 1;
  const whole = (size: number): boolean => borders.every((border) => border % size === 0);
  const source = whole(QUARTERS_PER_DAY) ? DAYS : whole(QUARTERS_PER_HOUR) ? HOURS : QUARTERS;
  const key = by === null ? 'NULL' : COLUMN[by];
  const statement = db
    .prepare(
      `SELECT ${key}, sum(cost_nano), sum(requests), sum(refused), sum(input), sum(cached_input), sum(output)
       FROM ${source.table} WHERE ${source.column} >= ? AND ${source.column} < ?
         ${appNum === null ? '' : 'AND app_num = ?'} ${model === null ? '' : 'AND model = ?'}
       ${by === null ? '' : 'GROUP BY 1'}`,
    )
    .raw();
  const more = [appNum, model].filter((value) => value !== null);
  const series = new Map<string | number | null, SeriesSum>();
  for (let point = 0; point < points; point += 1) {
    const [from = 0, to = 0] = [borders[point], borders[point + 1]];
    const rows = statement.all(from / source.size, to / source.size, ...more) as PointRow[];
    for (const [name, cost, requests, refused, input, cached, output] of rows) {
      // Without a key there is a line even where there was nothing.
      if (cost === null) continue;
      let line = series.get(name);
      if (!line) {
        line = emptySeries(name, points);
        series.set(name, line);
      }
      line.costNanoUsd[point] = cost;
      line.requests[point] = requests;
      line.refused[point] = refused;
      line.inputTokens[point] = input;
      line.cachedInputTokens[point] = cached;
      line.outputTokens[point] = output;
    }
  }
  return [...series.values()];
}

const QUARTERS = { table: 'rollup', column: 'quarter', size: 1 };

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
  const top = (column: string): string[] =>
    db
      .prepare(
        `SELECT ${column} FROM rollup_day WHERE day >= ? AND ${column} <> ''
         GROUP BY 1 ORDER BY sum(requests + refused) DESC, 1 LIMIT 100`,
      )
      .pluck()
      .all(fromDay) as string[];
  return { models: top('model'), endpoints: top('route'), users: top('user') };
}
