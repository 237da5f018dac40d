import type Database from 'better-sqlite3';
import { openRequestRows, quarterOf, quarterStartMs } from './request-rows.ts';

export interface Recovered {
  /** Holds that a crash left open and that are now charged at their bound. */
  readonly chargedHolds: number;
  /** Whether the rollup disagreed with the requests and was counted again. */
  readonly recounted: boolean;
  readonly lastSeq: number;
  /** The latest instant the ledger has seen; the accountant's clock starts here. */
  readonly seenMs: number;
}

interface OpenRow {
  readonly seq: number;
  readonly at: number;
  readonly app_num: number;
  readonly route: string;
  readonly model: string;
  readonly user: string | null;
  readonly hold_nano: number | null;
  readonly hold_input: number;
  readonly hold_output: number;
}

/**
 * Puts the ledger in order after a crash: every hold without an end is charged at its bound, since
 * upstream may have billed it, and the rollup is held against the requests it was counted from. Rows up
 * to the mark `verified_seq` have been compared by an earlier start and never change again.
 */
export function recover(db: Database.Database): Recovered {
  return db.transaction(() => {
    const chargedHolds = chargeOpenHolds(db);
    const last = db.prepare('SELECT seq, at FROM requests ORDER BY seq DESC LIMIT 1').get() as
      | { seq: number; at: number }
      | undefined;
    const recounted = last ? !verifyRollup(db, last.seq) : false;
    return { chargedHolds, recounted, lastSeq: last?.seq ?? 0, seenMs: last?.at ?? 0 };
  })();
}

function chargeOpenHolds(db: Database.Database): number {
  const rows = db.prepare("SELECT * FROM requests WHERE outcome = 'open'").all() as OpenRow[];
  openRequestRows(db).writeAll(
    rows.map((row) => ({
      kind: 'end',
      seq: row.seq,
      atMs: row.at,
      appNum: row.app_num,
      route: row.route,
      model: row.model,
      user: row.user,
      outcome: 'charged-at-bound',
      status: 0,
      costNanoUsd: row.hold_nano,
      inputTokens: row.hold_input,
      cachedInputTokens: 0,
      outputTokens: row.hold_output,
      reasoningTokens: 0,
      servedModel: null,
      serviceTier: null,
      durationMs: 0,
      firstByteMs: null,
      upstreamId: null,
      reason: 'interrupted',
      overageNanoUsd: 0,
    })),
  );
  return rows.length;
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
  FROM requests WHERE seq >= ? AND outcome <> 'open'
  GROUP BY 1, 2, 3, 4, 5`;

/** The counters that admission is built from: what each app has spent, as rows and as rollup. */
const ROW_TOTALS = `
  SELECT app_num, sum(outcome <> 'refused'), sum(ifnull(cost_nano, 0)), sum(ifnull(input, 0)),
    sum(ifnull(output, 0))
  FROM requests WHERE seq >= ? AND outcome <> 'open' GROUP BY app_num ORDER BY app_num`;
const ROLLUP_TOTALS = `
  SELECT app_num, sum(requests), sum(cost_nano), sum(input), sum(output)
  FROM rollup WHERE quarter >= ? GROUP BY app_num ORDER BY app_num`;

/** So many rows at most are compared at start; more would hold it up. */
const MAX_VERIFIED_ROWS = 200_000;

/**
 * Compares the newest rows with their rollup and counts the rollup again where they differ. The mark
 * `verified_seq` says up to which row an earlier start has compared; ended rows never change.
 */
function verifyRollup(db: Database.Database, lastSeq: number): boolean {
  const mark = db.prepare("SELECT value FROM meta WHERE key = 'verified_seq'").pluck().get();
  const firstSeq = firstSeqOfQuarter(db, Math.max(Number(mark ?? 0), lastSeq - MAX_VERIFIED_ROWS) + 1);
  if (firstSeq === null) return true;
  const atMs = db.prepare('SELECT at FROM requests WHERE seq = ?').pluck().get(firstSeq) as number;
  const quarter = quarterOf(atMs);
  const rows = JSON.stringify(db.prepare(ROW_TOTALS).raw().all(firstSeq));
  const rollup = JSON.stringify(db.prepare(ROLLUP_TOTALS).raw().all(quarter));
  if (rows !== rollup) {
    db.prepare('DELETE FROM rollup WHERE quarter >= ?').run(quarter);
    db.prepare(`INSERT INTO rollup ${COUNTED}`).run(firstSeq);
  }
  db.prepare(
    "INSERT INTO meta VALUES ('verified_seq', ?) ON CONFLICT (key) DO UPDATE SET value = excluded.value",
  ).run(String(lastSeq));
  return rows === rollup;
}

/**
 * The first row of the quarter of an hour that a row belongs to. Times never fall as `seq` rises, so a
 * bisection over the primary key finds it without an index on the time.
 */
function firstSeqOfQuarter(db: Database.Database, seq: number): number | null {
  const from = db.prepare('SELECT at FROM requests WHERE seq >= ? ORDER BY seq LIMIT 1').pluck().get(seq) as
    | number
    | undefined;
  return from === undefined ? null : firstSeqAt(db, quarterStartMs(quarterOf(from)));
}

/** The first `seq` at or after an instant, or null when there is none. Costs a few key look-ups. */
export function firstSeqAt(db: Database.Database, atMs: number): number | null {
  const at = db.prepare('SELECT seq, at FROM requests WHERE seq >= ? ORDER BY seq LIMIT 1');
  let low = 0;
  let high = (db.prepare('SELECT max(seq) FROM requests').pluck().get() as number | null) ?? 0;
  let found: number | null = null;
  while (low <= high) {
    const middle = Math.floor((low + high) / 2);
    const row = at.get(middle) as { seq: number; at: number } | undefined;
    if (!row || row.at >= atMs) {
      if (row) found = row.seq;
      high = middle - 1;
    } else {
      low = row.seq + 1;
    }
  }
  return found;
}
