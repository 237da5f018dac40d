import type Database from 'better-sqlite3';
import type { EndEntry, RefusalEntry } from './entries.ts';
import { LEVELS, QUARTERS, USER_DAYS } from './rollup-levels.ts';

const QUARTER_MS = 15 * 60_000;
export const QUARTERS_PER_DAY = 96;

/** The quarter of an hour (UTC) that an instant is counted in. */
export function quarterOf(atMs: number): number {
  return Math.floor(atMs / QUARTER_MS);
}

export const quarterStartMs = (quarter: number): number => quarter * QUARTER_MS;

/** A line of the rollups that a batch adds to. */
interface Tally {
  readonly quarter: number;
  readonly appNum: number;
  readonly route: string;
  readonly model: string;
  readonly user: string;
  requests: number;
  refused: number;
  input: number;
  cachedInput: number;
  output: number;
  costNano: number;
  estimatedNano: number;
  unpriced: number;
}

const ADDED = `requests = requests + excluded.requests, refused = refused + excluded.refused,
  input = input + excluded.input, cached_input = cached_input + excluded.cached_input,
  output = output + excluded.output, cost_nano = cost_nano + excluded.cost_nano,
  estimated_nano = estimated_nano + excluded.estimated_nano, unpriced = unpriced + excluded.unpriced`;

/** Counts what a batch has ended, and adds it to all rollups in the same transaction. */
export function openRollupTallies(db: Database.Database) {
  const levels = LEVELS.map((level) => ({
    level,
    add: db.prepare<unknown[]>(
      `INSERT INTO ${level.table} VALUES (?, ?, ?, ?${level.hasUsers ? ', ?' : ''}, ?, ?, ?, ?, ?, ?, ?, ?)
       ON CONFLICT DO UPDATE SET ${ADDED}`,
    ),
  }));
  const tallies = new Map<string, Tally>();

  function tallyOf(entry: EndEntry | RefusalEntry): Tally {
    const { appNum, route, model } = entry;
    const user = entry.user ?? '';
    const quarter = quarterOf(entry.atMs);
    // Models and users are text of the client's: the length tells where one ends and the other begins.
    const key = `${quarter} ${appNum} ${route} ${model.length} ${model}${user}`;
    let tally = tallies.get(key);
    if (!tally) {
      tally = {
        quarter,
        appNum,
        route,
        model,
        user,
        requests: 0,
        refused: 0,
        input: 0,
        cachedInput: 0,
        output: 0,
        costNano: 0,
        estimatedNano: 0,
        unpriced: 0,
      };
      tallies.set(key, tally);
    }
    return tally;
  }

  return {
    begin(): void {
      tallies.clear();
    },

    addEnd(entry: EndEntry): void {
      const cost = entry.costNanoUsd ?? 0;
      const isEstimate = entry.outcome === 'estimated' || entry.outcome === 'charged-at-bound';
      const tally = tallyOf(entry);
      tally.requests += 1;
      tally.input += entry.inputTokens;
      tally.cachedInput += entry.cachedInputTokens;
      tally.output += entry.outputTokens;
      tally.costNano += cost;
      tally.estimatedNano += isEstimate ? cost : 0;
      tally.unpriced += entry.costNanoUsd === null ? 1 : 0;
    },

    addRefusal(entry: RefusalEntry): void {
      tallyOf(entry).refused += entry.count;
    },

    write(): void {
      for (const tally of tallies.values()) {
        const { quarter, appNum, route, model, user, requests, refused } = tally;
        const { input, cachedInput, output, costNano, estimatedNano, unpriced } = tally;
        const sums = [requests, refused, input, cachedInput, output, costNano, estimatedNano, unpriced];
        for (const { level, add } of levels) {
          const place = [Math.floor(quarter / level.size), appNum, route, model];
          add.run(...place, ...(level.hasUsers ? [user] : []), ...sums);
        }
      }
    },
  };
}

/** What the rollup must say, counted from the rows themselves. */
const COUNTED = `
  SELECT at / 900000 AS quarter, app_num, route, model, ifnull(user, '') AS user,
    sum(outcome <> 'refused') AS requests,
    sum(CASE outcome WHEN 'refused' THEN count ELSE 0 END) AS refused,
    sum(ifnull(input, 0)) AS input, sum(ifnull(cached_input, 0)) AS cached_input,
    sum(ifnull(output, 0)) AS output, sum(ifnull(cost_nano, 0)) AS cost_nano,
    sum(CASE WHEN outcome IN ('estimated', 'charged-at-bound') THEN ifnull(cost_nano, 0) ELSE 0 END)
      AS estimated_nano,
    sum(cost_nano IS NULL) AS unpriced
  FROM requests WHERE seq >= ? AND at >= ? AND outcome <> 'open'
  GROUP BY 1, 2, 3, 4, 5`;

const SUMS = `sum(requests), sum(refused), sum(input), sum(cached_input), sum(output), sum(cost_nano),
  sum(estimated_nano), sum(unpriced)`;

/** Counts the rollups again from a quarter on; `fromSeq` is a request before the first one of it. */
export function countRollupsAgain(db: Database.Database, fromSeq: number, fromQuarter: number): void {
  db.prepare('DELETE FROM rollup WHERE quarter >= ?').run(fromQuarter);
  db.prepare(`INSERT INTO rollup ${COUNTED}`).run(fromSeq, quarterStartMs(fromQuarter));
  sumRollupsAgain(db, fromQuarter);
}

/** Adds the quarters up again into all coarser rollups, from that of a quarter on. */
export function sumRollupsAgain(db: Database.Database, fromQuarter: number): void {
  for (const level of LEVELS) {
    if (level === QUARTERS) continue;
    const { table, column, size, hasUsers } = level;
    // Blocks reach further back than what may have been counted again; days are added up before them.
    const source = size > USER_DAYS.size ? USER_DAYS : QUARTERS;
    const first = Math.floor(fromQuarter / size);
    db.prepare(`DELETE FROM ${table} WHERE ${column} >= ?`).run(first);
    db.prepare(
      `INSERT INTO ${table} SELECT ${source.column} / ${size / source.size}, app_num, route, model
         ${hasUsers ? ', user' : ''}, ${SUMS}
       FROM ${source.table} WHERE ${source.column} >= ? GROUP BY 1, 2, 3, 4 ${hasUsers ? ', 5' : ''}`,
    ).run((first * size) / source.size);
  }
}
