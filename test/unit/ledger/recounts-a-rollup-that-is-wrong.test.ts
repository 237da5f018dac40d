import { expect, test } from 'vitest';
import { recover } from '../../../proxy/ledger/recovery.ts';
import { LEVELS } from '../../../proxy/ledger/rollup-levels.ts';
import { NOON_MS, recount, refusalEntry, rollup } from '../../helpers/ledger-files.ts';
import { openTestLedger, settled, type TestLedger } from './ledger-fixture.ts';

const HOUR_MS = 3_600_000;

/** Requests of three apps over four hours. */
function busyLedger(): TestLedger {
  const ledger = openTestLedger();
  for (let hour = 0; hour < 4; hour += 1) {
    const first = hour * 30 + 1;
    for (const appNum of [1, 2, 3]) {
      const from = first + (appNum - 1) * 10;
      const atMs = NOON_MS + hour * HOUR_MS;
      ledger.write(...settled(from, from + 8, { atMs, appNum, user: appNum === 2 ? 'mia' : null }));
      ledger.write(refusalEntry(from + 9, { atMs, appNum, count: 7 }));
    }
  }
  return ledger;
}

const TAMPERINGS: readonly (readonly [string, string])[] = [
  [
    'the newest costs are zero',
    'UPDATE rollup SET cost_nano = 0 WHERE quarter = (SELECT max(quarter) FROM rollup)',
  ],
  [
    'the newest costs are higher',
    'UPDATE rollup SET cost_nano = cost_nano + 1 WHERE quarter = (SELECT max(quarter) FROM rollup)',
  ],
  ['the newest lines are gone', 'DELETE FROM rollup WHERE quarter = (SELECT max(quarter) FROM rollup)'],
  ['all lines are gone', 'DELETE FROM rollup'],
  [
    'the oldest costs are zero',
    'UPDATE rollup SET cost_nano = 0 WHERE quarter = (SELECT min(quarter) FROM rollup)',
  ],
  ['a count of requests is wrong', 'UPDATE rollup SET requests = requests + 1 WHERE app_num = 3'],
  ['tokens are wrong', 'UPDATE rollup SET output = 0 WHERE app_num = 2'],
  ['spend has moved to another app', 'UPDATE rollup SET app_num = 9 WHERE app_num = 1'],
  ['a line was made up', "INSERT INTO rollup VALUES (1, 1, 'r', 'm', '', 1, 0, 1, 0, 1, 1, 0, 0)"],
];

test.each(TAMPERINGS)('I4 %s: found at the next start and counted again from the rows', (_what, sql) => {
  const { db } = busyLedger();
  const truth = recount(db);
  expect(rollup(db)).toEqual(truth);
  db.exec(sql);
  expect(rollup(db)).not.toEqual(truth);
  expect(recover(db).recounted).toBe(true);
  expect(rollup(db)).toEqual(truth);
  expect(recover(db).recounted).toBe(false);
});

test.each(TAMPERINGS)('I4 %s after a start has found all well: found by the one after it', (_what, sql) => {
  const { db } = busyLedger();
  const truth = recount(db);
  expect(recover(db).recounted).toBe(false);
  db.exec(sql);
  expect(recover(db).recounted).toBe(true);
  expect(rollup(db)).toEqual(truth);
});

test('I4 what was booked since the last start is added to what that start has found', () => {
  const { db, write } = busyLedger();
  recover(db);
  write(...settled(200, 240, { atMs: NOON_MS + 5 * HOUR_MS, appNum: 3 }));
  expect(recover(db).recounted).toBe(false);
  db.exec('UPDATE rollup SET cost_nano = 0 WHERE quarter = (SELECT min(quarter) FROM rollup)');
  write(...settled(241, 250, { atMs: NOON_MS + 6 * HOUR_MS, appNum: 3 }));
  expect(recover(db).recounted).toBe(true);
  expect(rollup(db)).toEqual(recount(db));
});

test('rows that are a little out of order at the border of a quarter are counted once', () => {
  const { db, write } = openTestLedger();
  const borderMs = NOON_MS + 900_000;
  write(...settled(1, 20, { atMs: borderMs - 1_000 }));
  write(...settled(21, 21, { atMs: borderMs }), ...settled(22, 22, { atMs: borderMs - 1 }));
  write(...settled(23, 40, { atMs: borderMs }));
  recover(db);
  db.exec(`UPDATE rollup SET cost_nano = 1 WHERE quarter = ${borderMs / 900_000}`);
  write(...settled(41, 45, { atMs: borderMs + 1 }));
  expect(recover(db).recounted).toBe(true);
  expect(rollup(db)).toEqual(recount(db));
  expect(recover(db).recounted).toBe(false);
});

const COARSER: readonly (readonly [string, string])[] = [
  [
    'an hour is wrong',
    'UPDATE rollup_hour SET cost_nano = 0 WHERE hour = (SELECT min(hour) FROM rollup_hour)',
  ],
  ['a day is wrong', 'UPDATE rollup_day SET input = input + 1'],
  ['a day without users is wrong', 'UPDATE rollup_day_apps SET requests = requests + 1 WHERE app_num = 2'],
  ['a block is gone', 'DELETE FROM rollup_block'],
];
const levels = (db: TestLedger['db']): unknown[] =>
  LEVELS.map(({ table }) => db.prepare(`SELECT * FROM ${table}`).all());

/** Not what lies before every window: no cap counts it. */
const WITHIN_WINDOWS = TAMPERINGS.filter(([what]) => what !== 'a line was made up');

test.each([...WITHIN_WINDOWS, ...COARSER])(
  'I4 %s in a ledger too large to be compared as a whole: found at the next start',
  (_what, sql) => {
    const { db } = busyLedger();
    const maxRows = 20;
    const truth = levels(db);
    expect(recover(db, maxRows).recounted).toBe(false);
    db.exec(sql);
    expect(recover(db, maxRows).recounted).toBe(true);
    expect(levels(db)).toEqual(truth);
    expect(recover(db, maxRows).recounted).toBe(false);
  },
);

test.each(COARSER)('I4 %s: added up again from the quarters', (_what, sql) => {
  const { db } = busyLedger();
  const truth = levels(db);
  db.exec(sql);
  expect(recover(db).recounted).toBe(true);
  expect(levels(db)).toEqual(truth);
});
