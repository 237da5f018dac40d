import type Database from 'better-sqlite3';
import { openRequestRows } from './request-rows.ts';
import { DAYS, LEVELS, type Level, QUARTERS, USER_BLOCKS } from './rollup-levels.ts';
import { countRollupsAgain, quarterOf, quarterStartMs, sumRollupsAgain } from './rollup-tallies.ts';

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
 * upstream may have billed it, and the rollup is held against the requests it was counted from.
 */
export function recover(db: Database.Database, maxVerifiedRows = MAX_VERIFIED_ROWS): Recovered {
  return db.transaction(() => {
    const chargedHolds = chargeOpenHolds(db);
    forgetEndedWork(db);
    const last = db.prepare('SELECT seq, at FROM requests ORDER BY seq DESC LIMIT 1').get() as
      | { seq: number; at: number }
      | undefined;
    const recounted = last ? !verifyRollup(db, last.seq, maxVerifiedRows) : false;
    return { chargedHolds, recounted, lastSeq: last?.seq ?? 0, seenMs: last?.at ?? 0 };
  })();
}

function chargeOpenHolds(db: Database.Database): number {
  // OpenAI goes on with late work whether or not this process lives, and tells its cost when asked.
  const rows = db
    .prepare("SELECT * FROM requests WHERE outcome = 'open' AND seq NOT IN (SELECT seq FROM late_work)")
    .all() as OpenRow[];
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

/** What has ended is not asked for again, and would pile up. */
function forgetEndedWork(db: Database.Database): void {
  db.exec("DELETE FROM late_work WHERE seq NOT IN (SELECT seq FROM requests WHERE outcome = 'open')");
}

/**
 * The counters that admission is built from: what each app has spent, as rows. Left alone, SQLite reads all
 * rows by app, to have them in order.
 */
const ROW_TOTALS = `
  SELECT app_num, sum(outcome <> 'refused'), sum(ifnull(cost_nano, 0)), sum(ifnull(input, 0)),
    sum(ifnull(output, 0))
  FROM requests NOT INDEXED WHERE seq >= ? AND at >= ? AND outcome <> 'open'
  GROUP BY app_num ORDER BY app_num`;
/** The same of requests that were still open when an earlier start has compared, and have ended since. */
const LATE_TOTALS = `
  SELECT app_num, count(*), sum(ifnull(cost_nano, 0)), sum(ifnull(input, 0)), sum(ifnull(output, 0))
  FROM requests WHERE seq IN (SELECT value FROM json_each(?)) AND outcome <> 'open'
  GROUP BY app_num ORDER BY app_num`;
/** One line of them: app number, requests, nano-dollars, input and output tokens. */
type Totals = readonly (readonly number[])[];

/** So many rows at most are compared at start; more would hold it up. */
const MAX_VERIFIED_ROWS = 200_000;
/** Times rise with `seq`, but for requests that waited for budget while others were booked. */
const DISORDERED_ROWS = 1_000;

/** In a larger ledger no older quarters than these are added up at a start: no window reaches back further. */
const VERIFIED_DAYS = 33;

/**
 * Compares the rollups with the rows and counts them again where they differ: the newest rows by quarters,
 * and the rest by what it added up to when an earlier start has compared it. Ended rows never change. A
 * small ledger is compared as a whole. In a large one days stand for quarters that no window reaches.
 */
function verifyRollup(db: Database.Database, lastSeq: number, maxRows: number): boolean {
  const mark = readMark(db);
  const tailIsRight = verifyTail(db, Math.max(mark.seq, lastSeq - maxRows) + 1);
  const isSmall = lastSeq <= maxRows;
  const level = isSmall ? QUARTERS : DAYS;
  let totals = levelTotals(db, level, 0);
  const isKnown = mark.seq === 0 || mark.totals !== null;
  const isCountable = isKnown && lastSeq - mark.seq <= maxRows;
  const expected = isCountable
    ? addTotals(mark.totals, rowTotals(db, mark.seq + 1, 0), lateTotals(db, mark))
    : totals;
  const allIsRight = JSON.stringify(expected) === JSON.stringify(totals);
  if (!allIsRight) {
    countRollupsAgain(db, 0, 0);
    totals = levelTotals(db, level, 0);
  }
  const sumsAreRight = isSmall ? verifySums(db) : verifyRecentSums(db);
  setMeta(db, 'verified_seq', String(lastSeq));
  setMeta(db, 'verified_open', JSON.stringify(openSeqs(db)));
  setMeta(db, 'verified_totals', JSON.stringify(totals));
  return tailIsRight && allIsRight && sumsAreRight;
}

/** Everything must add up to what the quarters do, which were compared with the rows. */
function verifySums(db: Database.Database): boolean {
  const isRight = areEqual(db, LEVELS, 0);
  if (!isRight) sumRollupsAgain(db, 0);
  return isRight;
}

/** The same for the days that windows may begin in; where they differ, nobody knows which of them is right. */
function verifyRecentSums(db: Database.Database): boolean {
  const lastDay = db.prepare('SELECT max(day) FROM rollup_day_apps').pluck().get() as number | null;
  const from = Math.max(0, ((lastDay ?? 0) - VERIFIED_DAYS) * DAYS.size);
  const isRight =
    areEqual(
      db,
      LEVELS.filter(({ size }) => size <= DAYS.size),
      from,
    ) && areEqual(db, [DAYS, USER_BLOCKS], 0);
  if (!isRight) {
    const firstSeq = firstSeqAt(db, quarterStartMs(from)) ?? 0;
    countRollupsAgain(db, firstSeq - DISORDERED_ROWS, from);
  }
  return isRight;
}

function areEqual(db: Database.Database, levels: readonly Level[], fromQuarter: number): boolean {
  return new Set(levels.map((level) => JSON.stringify(levelTotals(db, level, fromQuarter)))).size === 1;
}

function verifyTail(db: Database.Database, fromSeq: number): boolean {
  const atMs = db
    .prepare('SELECT at FROM requests WHERE seq >= ? ORDER BY seq LIMIT 1')
    .pluck()
    .get(fromSeq) as number | undefined;
  if (atMs === undefined) return true;
  const quarter = quarterOf(atMs);
  const startMs = quarterStartMs(quarter);
  const firstSeq = (firstSeqAt(db, startMs) ?? fromSeq) - DISORDERED_ROWS;
  const rows = JSON.stringify(rowTotals(db, firstSeq, startMs));
  if (rows === JSON.stringify(levelTotals(db, QUARTERS, quarter))) return true;
  countRollupsAgain(db, firstSeq, quarter);
  return false;
}

function rowTotals(db: Database.Database, fromSeq: number, fromMs: number): Totals {
  return db.prepare(ROW_TOTALS).raw().all(fromSeq, fromMs) as Totals;
}

function lateTotals(db: Database.Database, { open }: Mark): Totals {
  return db.prepare(LATE_TOTALS).raw().all(JSON.stringify(open)) as Totals;
}

function openSeqs(db: Database.Database): number[] {
  return db
    .prepare("SELECT seq FROM requests INDEXED BY requests_open WHERE outcome = 'open'")
    .pluck()
    .all() as number[];
}

function levelTotals(db: Database.Database, level: Level, fromQuarter: number): Totals {
  const { table, column, size } = level;
  return db
    .prepare(
      `SELECT app_num, sum(requests), sum(cost_nano), sum(input), sum(output) FROM ${table}
       WHERE ${column} >= ? GROUP BY app_num ORDER BY app_num`,
    )
    .raw()
    .all(fromQuarter / size) as Totals;
}

function addTotals(...parts: readonly (Totals | null)[]): Totals {
  const sums = new Map<number, number[]>();
  for (const [app = 0, ...amounts] of parts.flatMap((part) => part ?? [])) {
    const before = sums.get(app);
    sums.set(app, before ? before.map((sum, index) => sum + (amounts[index] ?? 0)) : amounts);
  }
  return [...sums].sort(([left], [right]) => left - right).map(([app, amounts]) => [app, ...amounts]);
}

/** Up to where an earlier start has compared, what everything added up to, and what was open still. */
interface Mark {
  readonly seq: number;
  readonly totals: Totals | null;
  readonly open: readonly number[];
}

function readMark(db: Database.Database): Mark {
  const read = db.prepare('SELECT value FROM meta WHERE key = ?').pluck();
  const totals = read.get('verified_totals') as string | undefined;
  const open = read.get('verified_open') as string | undefined;
  return {
    seq: Number(read.get('verified_seq') ?? 0),
    totals: totals === undefined ? null : (JSON.parse(totals) as Totals),
    open: open === undefined ? [] : (JSON.parse(open) as number[]),
  };
}

function setMeta(db: Database.Database, key: string, value: string): void {
  db.prepare('INSERT INTO meta VALUES (?, ?) ON CONFLICT (key) DO UPDATE SET value = excluded.value').run(
    key,
    value,
  );
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
