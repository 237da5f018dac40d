import type Database from 'better-sqlite3';
import type { Sum } from './counters.ts';

/** What an app has used in one hour (UTC, counted from the epoch). */
export interface HourSum extends Sum {
  readonly hour: number;
  readonly appNum: number;
}

/** Every app's use by hour since one. */
export function sumHours(db: Database.Database, fromHour: number): HourSum[] {
  return db
    .prepare(
      `SELECT hour, app_num AS appNum, sum(cost_nano) AS nanoUsd, sum(input) AS inputTokens,
         sum(output) AS outputTokens, sum(requests) AS requests
       FROM rollup_hour WHERE hour >= ? GROUP BY hour, app_num`,
    )
    .all(fromHour) as HourSum[];
}
