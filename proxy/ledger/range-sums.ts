import type Database from 'better-sqlite3';
import { cut, DAYS, type Level, type Part, PLAIN_LEVELS, USER_LEVELS } from './rollup-levels.ts';
import { QUARTERS_PER_DAY } from './rollup-tallies.ts';

/** What ended requests come to; money in nano-dollars. */
export interface RangeSum {
  requests: number;
  refused: number;
  inputTokens: number;
  cachedInputTokens: number;
  outputTokens: number;
  costNanoUsd: number;
  estimatedNanoUsd: number;
  unpricedRequests: number;
}

export interface RangeQuery {
  /** Starts of the ranges and the end of the last one: quarters of an hour from the epoch, rising. */
  readonly borders: readonly number[];
  /** A column of the rollups; null for everything together. */
  readonly by: 'app_num' | 'route' | 'model' | 'user' | null;
  readonly appNum: number | null;
  readonly model: string | null;
}

type Key = string | number | null;
type Sums = Map<Key, RangeSum>;
type SumRow = readonly [key: Key, ...sums: number[]];

const FIELDS = [
  'requests',
  'refused',
  'inputTokens',
  'cachedInputTokens',
  'outputTokens',
  'costNanoUsd',
  'estimatedNanoUsd',
  'unpricedRequests',
] as const satisfies readonly (keyof RangeSum)[];
const COLUMNS = `sum(requests), sum(refused), sum(input), sum(cached_input), sum(output), sum(cost_nano),
  sum(estimated_nano), sum(unpriced)`;

export const NOTHING: Readonly<RangeSum> = {
  requests: 0,
  refused: 0,
  inputTokens: 0,
  cachedInputTokens: 0,
  outputTokens: 0,
  costNanoUsd: 0,
  estimatedNanoUsd: 0,
  unpricedRequests: 0,
};

/**
 * The sums of each range by key, from the rollups.
 *
 * Days of a zone begin within days of UTC, and a year of them read by the hour would be most of the lines
 * there are. So a range is read as the whole days of UTC that begin in it, less what the first of its two
 * borders has of its day, and with what the second has; and what a border has is counted from whichever end
 * of its day is nearer. Sums are integers: nothing is lost on the way.
 */
export function sumRanges(db: Database.Database, query: RangeQuery): Sums[] {
  const read = openReader(db, query);
  const { borders, by } = query;
  const ranges = borders.slice(0, -1).map((from, at) => [from, borders[at + 1] ?? from] as const);
  const areLong = ranges.every(([from, end]) => end - from >= QUARTERS_PER_DAY);
  if (by === 'user' || !areLong) {
    const levels = by === 'user' ? USER_LEVELS : PLAIN_LEVELS;
    return ranges.map(([from, end]) => {
      const sums: Sums = new Map();
      for (const part of cut(from, end, levels)) read(part, 1, sums);
      return withoutNothing(sums);
    });
  }
  const heads = borders.map((border) => headOf(border, read));
  return ranges.map(([from, end], at) => {
    const sums: Sums = new Map();
    const [first, last] = [dayOf(from), dayOf(end)];
    if (first < last) read({ level: DAYS, first, end: last }, 1, sums);
    addAll(sums, heads[at], -1);
    addAll(sums, heads[at + 1], 1);
    return withoutNothing(sums);
  });
}

const dayOf = (quarter: number): number => Math.floor(quarter / QUARTERS_PER_DAY);

type Reader = (part: Part, sign: 1 | -1, into: Sums) => void;

/** What a day of UTC has before a border in it. */
function headOf(border: number, read: Reader): Sums {
  const sums: Sums = new Map();
  const day = dayOf(border);
  const [start, end] = [day * QUARTERS_PER_DAY, (day + 1) * QUARTERS_PER_DAY];
  if (border - start <= end - border) {
    for (const part of cut(start, border, PLAIN_LEVELS)) read(part, 1, sums);
  } else {
    read({ level: DAYS, first: day, end: day + 1 }, 1, sums);
    for (const part of cut(border, end, PLAIN_LEVELS)) read(part, -1, sums);
  }
  return sums;
}

/** One statement for each level that is needed. */
function openReader(db: Database.Database, { by, appNum, model }: RangeQuery): Reader {
  const statements = new Map<Level, Database.Statement>();
  const more = [appNum, model].filter((value) => value !== null);
  const prepare = ({ table, column }: Level): Database.Statement =>
    db
      .prepare(
        `SELECT ${by ?? 'NULL'}, ${COLUMNS} FROM ${table} WHERE ${column} >= ? AND ${column} < ?
           ${appNum === null ? '' : 'AND app_num = ?'} ${model === null ? '' : 'AND model = ?'}
         ${by === null ? '' : 'GROUP BY 1'}`,
      )
      .raw();
  return ({ level, first, end }, sign, into) => {
    const statement = statements.get(level) ?? prepare(level);
    statements.set(level, statement);
    for (const [key, ...sums] of statement.all(first, end, ...more) as SumRow[]) {
      const line = lineOf(into, key);
      FIELDS.forEach((field, at) => {
        // Without a key there is a row of nulls where there was nothing.
        line[field] += sign * (sums[at] ?? 0);
      });
    }
  };
}

function addAll(into: Sums, sums: Sums | undefined, sign: 1 | -1): void {
  for (const [key, sum] of sums ?? []) {
    const line = lineOf(into, key);
    for (const field of FIELDS) line[field] += sign * sum[field];
  }
}

function lineOf(sums: Sums, key: Key): RangeSum {
  let line = sums.get(key);
  if (!line) {
    line = { ...NOTHING };
    sums.set(key, line);
  }
  return line;
}

/** What two borders have both of, a range has not. */
function withoutNothing(sums: Sums): Sums {
  for (const [key, { requests, refused }] of sums) if (requests === 0 && refused === 0) sums.delete(key);
  return sums;
}
