import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import type { RequestOutcome } from '../../../proxy/contract/request-words.ts';
import { USAGE_KEYS } from '../../../proxy/contract/usage-words.ts';
import { openAlertRows } from '../../../proxy/ledger/alert-rows.ts';
import { sumSinceWindows } from '../../../proxy/ledger/counters.ts';
import { sumHours } from '../../../proxy/ledger/hour-sums.ts';
import { openLateWork } from '../../../proxy/ledger/object-rows.ts';
import { sumOfParty } from '../../../proxy/ledger/party-counters.ts';
import { openRecords } from '../../../proxy/ledger/records.ts';
import { recover } from '../../../proxy/ledger/recovery.ts';
import { openReportQueries, type ReportQueries } from '../../../proxy/ledger/report-queries.ts';
import { EVERY_REQUEST } from '../../../proxy/ledger/request-queries.ts';
import { generateLedger } from '../../bench/generate-ledger.ts';

/*
 * How long a query takes on ten million requests is measured by `npm run bench -- --ledger`. Here it is
 * looked at what SQLite would read, which is the same whatever the size: it has no statistics.
 */
const DAY_MS = 86_400_000;
const QUARTER_MS = 900_000;
const NOW_MS = Date.UTC(2026, 10, 25, 9, 7, 30);
const YEAR_AGO_MS = NOW_MS - 365 * DAY_MS;

let dir: string;
let db: Database.Database;
let queries: ReportQueries;
const executed: string[] = [];
beforeAll(() => {
  dir = mkdtempSync(join(tmpdir(), 'tollgate-plans-'));
  generateLedger(dir, 4_000, NOW_MS);
  db = new Database(join(dir, 'ledger.db'), { verbose: (sql) => executed.push(String(sql)) });
  queries = openReportQueries(db);
});
beforeEach(() => {
  executed.length = 0;
});
afterAll(() => {
  db.close();
  rmSync(dir, { recursive: true, force: true });
});

/** What SQLite reads for the statements so far, one line for each table or index. */
function plans(): { sql: string; step: string }[] {
  const statements = [...new Set(executed.filter((sql) => /^\s*(SELECT|UPDATE|DELETE|INSERT)/i.test(sql)))];
  expect(statements).not.toEqual([]);
  const reader = new Database(join(dir, 'ledger.db'), { readonly: true });
  try {
    return statements.flatMap((sql) =>
      (reader.prepare(`EXPLAIN QUERY PLAN ${sql}`).all() as { detail: string }[]).map(({ detail }) => ({
        sql,
        step: detail,
      })),
    );
  } finally {
    reader.close();
  }
}

/** Whether a step reads as many lines as there are requests, or as there are quarters of an hour with some. */
function readsAll(step: string, sql = ''): boolean {
  // The last row alone.
  if (sql.endsWith('ORDER BY seq DESC LIMIT 1')) return false;
  if (/INDEX requests_(open|notable)/.test(step)) return false;
  return /^SCAN (requests|r|rollup|rollup_quarter_apps)\b/.test(step);
}

/** How many quarters of an hour the statements have read, at 80 lines each in a busy ledger. */
function quartersRead(): number {
  return executed
    .map((sql) =>
      /\bFROM rollup(?:_quarter_apps)?\s.*?quarter >= (\d+)(?:\.0)? AND quarter < (\d+)/s.exec(sql),
    )
    .reduce((sum, range) => sum + (range ? Number(range[2]) - Number(range[1]) : 0), 0);
}

/** Starts of days that begin at half past, as in India: no hour and no day of UTC fits them. */
const DAYS = Array.from({ length: 366 }, (_, at) => Math.floor(YEAR_AGO_MS / DAY_MS) * 96 + at * 96 + 74);

test.each(USAGE_KEYS)('a year by %s', (by) => {
  for (const appNum of [null, 1]) {
    const days = by === 'day' ? { days: DAYS } : {};
    expect(queries.usage({ fromMs: YEAR_AGO_MS, toMs: NOW_MS, by, appNum, ...days })).not.toEqual([]);
  }
  expect(plans().filter(({ step, sql }) => readsAll(step, sql))).toEqual([]);
  // Of days: two on either side of the hours in each. Of anything else: at both ends.
  expect(quartersRead()).toBeLessThanOrEqual(2 * (by === 'day' ? 366 * 2 : 2 * 96));
});

test.each(['app', 'model', 'endpoint', null] as const)('a chart of a year by %s', (by) => {
  queries.series({ borders: DAYS, by, appNum: null, model: null });
  queries.series({ borders: DAYS, by, appNum: 3, model: 'gpt-5.4' });
  queries.series({ borders: DAYS.map((border) => border - 74), by, appNum: null, model: null });
  expect(plans().filter(({ step, sql }) => readsAll(step, sql))).toEqual([]);
  expect(quartersRead()).toBeLessThanOrEqual(2 * 366 * 2);
});

test.each<[string, object]>([
  ['the newest', {}],
  ['those of an app', { appNum: 12 }],
  ['those of a model', { model: 'gpt-image-1' }],
  ['those of nobody', { user: 'nobody' }],
  ['those of a user', { user: 'user-3', appNum: 1 }],
  ['those of an endpoint', { endpoint: '/v1/completions' }],
  ['those with a status', { status: 404 }],
  ['those of a day', { fromMs: NOW_MS - 300 * DAY_MS, toMs: NOW_MS - 299 * DAY_MS }],
  ['a page of them', { beforeSeq: 2_000, limit: 200 }],
  ...(['open', 'refused', 'voided', 'estimated', 'charged-at-bound', 'settled'] as const).flatMap(
    (outcome: RequestOutcome): [string, object][] => [
      [`those that are ${outcome}`, { outcomes: [outcome] }],
      [`those of an app that are ${outcome}`, { outcomes: [outcome], appNum: 12 }],
    ],
  ),
])('requests: %s', (_what, filter) => {
  queries.requests({ ...EVERY_REQUEST, budgetMs: 50, ...filter });
  expect(plans().filter(({ step, sql }) => readsAll(step, sql))).toEqual([]);
  // The order is that of an index: nothing is sorted before the first row is there.
  expect(plans().filter(({ step }) => step.includes('TEMP B-TREE FOR ORDER BY'))).toEqual([]);
});

test('one request, and what filters can be set to', () => {
  queries.request(17);
  queries.requestsBySeq([1, 2, 3]);
  queries.token(1);
  queries.facets(Math.floor(NOW_MS / DAY_MS) - 30);
  expect(plans().filter(({ step, sql }) => readsAll(step, sql))).toEqual([]);
});

test('back-tests', () => {
  const limit = { metric: 'usd', amount: 1_000_000, enforce: 'hard' } as const;
  for (const appNum of [null, 1]) {
    queries.backtest({
      appNum,
      fromMs: NOW_MS - 30 * DAY_MS,
      toMs: NOW_MS,
      limits: [
        { ...limit, window: 'day', starts: [NOW_MS - 30 * DAY_MS] },
        { ...limit, window: 'minute', starts: [] },
      ],
    });
  }
  expect(plans().filter(({ step, sql }) => readsAll(step, sql))).toEqual([]);
  expect(quartersRead()).toBe(0);
});

test('the counters that a start builds admission from', () => {
  const startMs = {
    minute: NOW_MS - 30_000,
    hour: NOW_MS - 450_000,
    day: NOW_MS - DAY_MS / 2,
    week: NOW_MS - 3 * DAY_MS,
    month: NOW_MS - 24 * DAY_MS,
    total: 0,
  };
  sumSinceWindows(db, startMs);
  sumOfParty(db, { appNum: 1, kind: 'user', name: 'user-3', startMs });
  sumOfParty(db, { appNum: 1, kind: 'user', name: '', startMs });
  sumOfParty(db, { appNum: 1, kind: 'address', name: '127.0.0.1', startMs });
  sumHours(db, Math.floor(NOW_MS / 3_600_000) - 28 * 24);
  openRecords(db).load();
  openAlertRows(db).openAlerts();
  openLateWork(db);
  expect(plans().filter(({ step, sql }) => readsAll(step, sql))).toEqual([]);
  // From the start of each window to the end of its day.
  expect(quartersRead()).toBeLessThanOrEqual(3 * 6 * 96);
});

test('what a start compares in a large ledger', () => {
  recover(db, 100);
  executed.length = 0;
  recover(db, 100);
  const steps = plans().filter(({ step, sql }) => readsAll(step, sql));
  expect(steps).toEqual([]);
  const since = executed
    .map((sql) => Number(/FROM rollup\s+WHERE quarter >= (\d+)/.exec(sql)?.[1] ?? Number.POSITIVE_INFINITY))
    .reduce((least, quarter) => Math.min(least, quarter), Number.POSITIVE_INFINITY);
  expect(Math.floor(NOW_MS / QUARTER_MS) - since).toBeLessThanOrEqual(35 * 96);
});
