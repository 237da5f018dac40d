import type Database from 'better-sqlite3';
import { WINDOWS, type Window } from '../contract/limits.ts';
import { firstSeqAt } from './recovery.ts';
import { QUARTERS_PER_DAY, quarterOf, quarterStartMs } from './rollup-tallies.ts';

/** What an app has settled since an instant. */
export interface Sum {
  readonly nanoUsd: number;
  readonly inputTokens: number;
  readonly outputTokens: number;
  readonly requests: number;
}

/** Sums by window, then by app number; the whole key is the sum over all apps, deleted ones too. */
export type SumsByWindow = Readonly<Record<Window, ReadonlyMap<number, Sum>>>;

const SUMS = 'app_num, sum(cost_nano) AS nanoUsd, sum(input) AS inputTokens, sum(output) AS outputTokens';

/**
 * Counts what was settled since the start of each window. Whole days and quarters of an hour come from the
 * rollups; what a window has before its first whole quarter (a minute, or an hour in a zone with an odd
 * offset) comes from the rows.
 */
export function sumSinceWindows(
  db: Database.Database,
  startMs: Readonly<Record<Window, number>>,
): SumsByWindow {
  const sums = WINDOWS.map((window) => [window, sumSince(db, startMs[window])] as const);
  return Object.fromEntries(sums) as unknown as SumsByWindow;
}

function sumSince(db: Database.Database, startMs: number): Map<number, Sum> {
  const quarter = quarterOf(startMs - 1) + 1;
  const day = Math.ceil(quarter / QUARTERS_PER_DAY);
  const rows = db
    .prepare(
      `SELECT ${SUMS}, sum(requests) AS requests FROM rollup_quarter_apps WHERE quarter >= ? AND quarter < ?
       GROUP BY app_num UNION ALL
       SELECT ${SUMS}, sum(requests) AS requests FROM rollup_day_apps WHERE day >= ? GROUP BY app_num`,
    )
    .all(quarter, day * QUARTERS_PER_DAY, day) as (Sum & { app_num: number })[];
  const firstSeq = startMs < quarterStartMs(quarter) ? firstSeqAt(db, startMs) : null;
  if (firstSeq !== null) {
    rows.push(
      ...(db
        .prepare(
          `SELECT ${SUMS}, count(*) AS requests FROM requests NOT INDEXED
           WHERE seq >= ? AND at < ? AND outcome NOT IN ('open', 'refused') GROUP BY app_num`,
        )
        .all(firstSeq, quarterStartMs(quarter)) as (Sum & { app_num: number })[]),
    );
  }
  const byApp = new Map<number, Sum>();
  for (const { app_num: appNum, nanoUsd, inputTokens, outputTokens, requests } of rows) {
    const before = byApp.get(appNum);
    byApp.set(appNum, {
      nanoUsd: (nanoUsd ?? 0) + (before?.nanoUsd ?? 0),
      inputTokens: (inputTokens ?? 0) + (before?.inputTokens ?? 0),
      outputTokens: (outputTokens ?? 0) + (before?.outputTokens ?? 0),
      requests: requests + (before?.requests ?? 0),
    });
  }
  return byApp;
}
