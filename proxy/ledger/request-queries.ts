import type Database from 'better-sqlite3';
import type { RequestOutcome } from '../contract/request-words.ts';
import { firstSeqAt } from './recovery.ts';
import { QUARTERS_PER_DAY, quarterOf, quarterStartMs } from './rollup-tallies.ts';

export interface RequestQuery {
  readonly appNum: number | null;
  readonly outcomes: readonly RequestOutcome[] | null;
  readonly model: string | null;
  readonly endpoint: string | null;
  readonly user: string | null;
  readonly status: number | null;
  readonly reason: string | null;
  readonly fromMs: number | null;
  readonly toMs: number | null;
  readonly minCostNanoUsd: number | null;
  readonly beforeSeq: number | null;
  readonly limit: number;
  /** A search that finds little ends after this long with what it has; 0 searches on to the end. */
  readonly budgetMs: number;
}

export const EVERY_REQUEST: RequestQuery = {
  appNum: null,
  outcomes: null,
  model: null,
  endpoint: null,
  user: null,
  status: null,
  reason: null,
  fromMs: null,
  toMs: null,
  minCostNanoUsd: null,
  beforeSeq: null,
  limit: 50,
  budgetMs: 0,
};

export interface RequestRow {
  readonly seq: number;
  readonly at: number;
  readonly app_num: number;
  readonly app_id: string;
  readonly app_name: string;
  readonly token_id: number;
  readonly route: string;
  readonly model: string;
  readonly streamed: number;
  readonly user: string | null;
  readonly address: string | null;
  readonly outcome: RequestOutcome;
  readonly hold_nano: number | null;
  readonly hold_input: number;
  readonly hold_output: number;
  readonly cost_nano: number | null;
  readonly input: number | null;
  readonly cached_input: number | null;
  readonly output: number | null;
  readonly reasoning: number | null;
  readonly served_model: string | null;
  readonly service_tier: string | null;
  readonly status: number | null;
  readonly duration_ms: number | null;
  readonly first_byte_ms: number | null;
  readonly upstream_id: string | null;
  readonly reason: string | null;
  readonly rule: string | null;
  readonly overage_nano: number;
  readonly count: number;
}

export interface FoundRequests {
  readonly rows: RequestRow[];
  /** Where the next search goes on; null when everything was searched. */
  readonly beforeSeq: number | null;
  /** The time of the oldest request that was looked at; null when everything was searched. */
  readonly searchedToMs: number | null;
}

const REQUEST_COLUMNS = `r.*, a.id AS app_id, a.name AS app_name
  FROM requests r JOIN apps a ON a.num = r.app_num`;

/** Outcomes that have an index of their own: they are rare, or few at a time. */
const INDEXED: ReadonlySet<RequestOutcome> = new Set([
  'estimated',
  'charged-at-bound',
  'voided',
  'refused',
  'open',
]);
/** Times rise with `seq`, but for requests that waited for budget while others were booked. */
const DISORDERED_ROWS = 1_000;
const FIRST_STRETCH = 10_000;
const MAX_STRETCH = 640_000;

/**
 * The newest requests that match, below `beforeSeq`. The ledger is searched a stretch at a time, and
 * stretches that the rollup knows to have nothing of the kind are left out, so that looking for what is
 * rare among millions neither takes long nor stops short of it for good.
 */
export function findRequests(db: Database.Database, query: RequestQuery): FoundRequests {
  const startedMs = performance.now();
  const lastSeq = (db.prepare('SELECT max(seq) FROM requests').pluck().get() as number | null) ?? 0;
  const top = query.toMs === null ? null : firstSeqAt(db, query.toMs);
  const low = query.fromMs === null ? 1 : (firstSeqAt(db, query.fromMs) ?? lastSeq + 1) - DISORDERED_ROWS;
  let high = Math.min(query.beforeSeq ?? lastSeq + 1, top === null ? lastSeq + 1 : top + DISORDERED_ROWS);
  const find = openStretch(db, query);
  const rows: RequestRow[] = [];
  for (let stretch = FIRST_STRETCH; high > low; ) {
    const beganMs = performance.now();
    const from = Math.max(low, high - stretch);
    const found = find(from, high, query.limit - rows.length);
    rows.push(...found);
    if (rows.length >= query.limit) {
      const last = rows.at(-1);
      return { rows, beforeSeq: last?.seq ?? from, searchedToMs: last?.at ?? null };
    }
    high = from;
    if (found.length === 0 && high > low) high = skipEmptyDays(db, query, high);
    const nowMs = performance.now();
    const leftMs = query.budgetMs > 0 ? startedMs + query.budgetMs - nowMs : Number.POSITIVE_INFINITY;
    if (leftMs <= 0 && high > low) return { rows, beforeSeq: high, searchedToMs: timeOf(db, high) };
    stretch = nextStretch(stretch, nowMs - beganMs, leftMs);
  }
  return { rows, beforeSeq: null, searchedToMs: null };
}

/** Twice as long as the one before, if at its pace that is done in the time that is left. */
function nextStretch(before: number, tookMs: number, leftMs: number): number {
  const affordable = (before * leftMs) / Math.max(tookMs, 0.1);
  return Math.round(Math.max(FIRST_STRETCH, Math.min(before * 2, MAX_STRETCH, affordable)));
}

type Stretch = (fromSeq: number, beforeSeq: number, limit: number) => RequestRow[];

function openStretch(db: Database.Database, query: RequestQuery): Stretch {
  const { outcomes } = query;
  const { where, values } = conditions(query);
  const select = (condition: string) =>
    db.prepare(
      `SELECT ${REQUEST_COLUMNS} WHERE r.seq >= ? AND r.seq < ? ${condition} ${where} ORDER BY r.seq DESC LIMIT ?`,
    );
  if (outcomes === null) {
    const statement = select('');
    return (from, before, limit) => statement.all(from, before, ...values, limit) as RequestRow[];
  }
  // Literals, and one query for each: only so does SQLite see that a partial index has all of them.
  const known = outcomes.filter((outcome) => INDEXED.has(outcome));
  const statements =
    known.length === outcomes.length
      ? known.map((outcome) => select(`AND r.outcome = '${outcome}'`))
      : [select('AND r.outcome IN (SELECT value FROM json_each(?))')];
  const first = known.length === outcomes.length ? [] : [JSON.stringify(outcomes)];
  return (from, before, limit) =>
    statements
      .flatMap((statement) => statement.all(from, before, ...first, ...values, limit) as RequestRow[])
      .sort((a, b) => b.seq - a.seq)
      .slice(0, limit);
}

function conditions(query: RequestQuery): { where: string; values: unknown[] } {
  const where: string[] = [];
  const values: unknown[] = [];
  const add = (condition: string, value: unknown): void => {
    if (value === null) return;
    where.push(`AND ${condition}`);
    values.push(value);
  };
  add('r.app_num = ?', query.appNum);
  add('r.model = ?', query.model);
  add('r.route = ?', query.endpoint);
  add("ifnull(r.user, '') = ?", query.user);
  add('r.status = ?', query.status);
  add('r.reason = ?', query.reason);
  add('r.at >= ?', query.fromMs);
  add('r.at < ?', query.toMs);
  add('r.cost_nano >= ?', query.minCostNanoUsd);
  return { where: where.join(' '), values };
}

/** Where the search goes on below a request, when the days before it have nothing that matches. */
function skipEmptyDays(db: Database.Database, query: RequestQuery, seq: number): number {
  const { appNum, model, endpoint, user } = query;
  if (appNum === null && model === null && endpoint === null && user === null) return seq;
  const day = Math.floor(quarterOf(timeOf(db, seq) ?? 0) / QUARTERS_PER_DAY);
  const table = user === null ? 'rollup_day_apps' : 'rollup_day';
  const found = db
    .prepare(
      `SELECT day FROM ${table} WHERE day <= @day AND (@appNum IS NULL OR app_num = @appNum)
         AND (@model IS NULL OR model = @model) AND (@endpoint IS NULL OR route = @endpoint)
         ${user === null ? '' : 'AND user = @user'} ORDER BY day DESC LIMIT 1`,
    )
    .pluck()
    .get({ day, appNum, model, endpoint, ...(user === null ? {} : { user }) }) as number | undefined;
  if (found === undefined) return 0;
  if (found === day) return seq;
  const endMs = quarterStartMs((found + 1) * QUARTERS_PER_DAY);
  return Math.min(seq, (firstSeqAt(db, endMs) ?? seq) + DISORDERED_ROWS);
}

/** When the request at or after a number came. */
function timeOf(db: Database.Database, seq: number): number | null {
  const at = db.prepare('SELECT at FROM requests WHERE seq >= ? ORDER BY seq LIMIT 1').pluck().get(seq);
  return (at as number | undefined) ?? null;
}

export function requestBySeq(db: Database.Database, seq: number): RequestRow | null {
  const row = db.prepare(`SELECT ${REQUEST_COLUMNS} WHERE r.seq = ?`).get(seq);
  return (row as RequestRow | undefined) ?? null;
}

export function requestsBySeq(db: Database.Database, seqs: readonly number[]): RequestRow[] {
  return db
    .prepare(`SELECT ${REQUEST_COLUMNS} WHERE r.seq IN (SELECT value FROM json_each(?)) ORDER BY r.seq`)
    .all(JSON.stringify(seqs)) as RequestRow[];
}
