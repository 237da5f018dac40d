import type Database from 'better-sqlite3';
import { WINDOWS, type Window } from '../contract/limits.ts';
import type { Sum } from './counters.ts';
import { firstSeqAt } from './recovery.ts';
import { cut, USER_BLOCKS, USER_LEVELS } from './rollup-levels.ts';
import { quarterOf, quarterStartMs } from './rollup-tallies.ts';

/** Someone an app is used by: an end user by name (empty for requests that name none), or an address. */
export interface Party {
  readonly appNum: number;
  readonly kind: 'user' | 'address';
  readonly name: string;
}

export interface PartyQuery extends Party {
  /** Starts of the current windows, epoch milliseconds. */
  readonly startMs: Readonly<Record<Window, number>>;
}

const ENDED = `sum(cost_nano) AS nanoUsd, sum(input) AS inputTokens, sum(output) AS outputTokens,
  count(*) AS requests FROM requests`;
/** A hold that is open belongs to a request whose scope is not open yet; it counts at its bound. */
const OPEN = `SELECT sum(hold_nano) AS nanoUsd, sum(hold_input) AS inputTokens, sum(hold_output) AS outputTokens,
  count(*) AS requests FROM requests INDEXED BY requests_open WHERE outcome = 'open' AND app_num = ? AND`;

/** A quarter after all there will ever be, where a block begins. */
const FAR = USER_BLOCKS.size * 1_000_000;

type PartialSum = { readonly [Field in keyof Sum]: number | null };

/** What one party has used since the start of each window, requests under way at their bound. */
export function sumOfParty(db: Database.Database, query: PartyQuery): Readonly<Record<Window, Sum>> {
  const { appNum, kind, name } = query;
  const column = kind === 'user' ? "ifnull(user, '')" : 'address';
  const open = db.prepare(`${OPEN} ${column} = ?`).get(appNum, name) as PartialSum;
  const since = kind === 'user' ? userSince : addressSince;
  const sums = WINDOWS.map((window) => [window, add([open, ...since(db, query, query.startMs[window])])]);
  return Object.fromEntries(sums) as Record<Window, Sum>;
}

/** Whole stretches of time from the rollups, and what is before the first quarter of them from the rows. */
function userSince(db: Database.Database, { appNum, name }: Party, startMs: number): PartialSum[] {
  const quarter = quarterOf(startMs - 1) + 1;
  const whole = cut(quarter, FAR, USER_LEVELS).map(
    ({ level: { table, column }, first, end }) =>
      db
        .prepare(
          `SELECT sum(cost_nano) AS nanoUsd, sum(input) AS inputTokens, sum(output) AS outputTokens,
             sum(requests) AS requests
           FROM ${table} WHERE ${column} >= ? AND ${column} < ? AND app_num = ? AND user = ?`,
        )
        .get(first, end, appNum, name) as PartialSum,
  );
  const firstSeq = startMs < quarterStartMs(quarter) ? firstSeqAt(db, startMs) : null;
  if (firstSeq === null) return whole;
  const rest = db
    .prepare(
      `SELECT ${ENDED} WHERE seq >= ? AND at < ? AND app_num = ? AND ifnull(user, '') = ?
         AND outcome NOT IN ('open', 'refused')`,
    )
    .get(firstSeq, quarterStartMs(quarter), appNum, name) as PartialSum;
  return [...whole, rest];
}

function addressSince(db: Database.Database, { appNum, name }: Party, startMs: number): PartialSum[] {
  const row = db
    .prepare(
      `SELECT ${ENDED} WHERE app_num = ? AND address = ? AND at >= ? AND outcome NOT IN ('open', 'refused')`,
    )
    .get(appNum, name, startMs) as PartialSum;
  return [row];
}

function add(sums: readonly PartialSum[]): Sum {
  const total = { nanoUsd: 0, inputTokens: 0, outputTokens: 0, requests: 0 };
  for (const sum of sums) {
    total.nanoUsd += sum.nanoUsd ?? 0;
    total.inputTokens += sum.inputTokens ?? 0;
    total.outputTokens += sum.outputTokens ?? 0;
    total.requests += sum.requests ?? 0;
  }
  return total;
}
