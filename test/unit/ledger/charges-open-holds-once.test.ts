import { expect, test } from 'vitest';
import { recover } from '../../../proxy/ledger/recovery.ts';
import { endEntry, holdEntry, NOON_MS, recount, rollup } from '../../helpers/ledger-files.ts';
import { openTestLedger } from './ledger-fixture.ts';

test('I3 holds that a crash left open are charged at their bound, exactly once', () => {
  const { db, write } = openTestLedger();
  write(holdEntry(1), holdEntry(2, { holdNanoUsd: 5_000, appNum: 2, user: 'mia' }), holdEntry(3));
  write(endEntry(1));
  expect(recover(db)).toEqual({
    chargedHolds: 2,
    recounted: false,
    lastSeq: 3,
    seenMs: NOON_MS + 3,
  });
  const rows = 'SELECT seq, outcome, cost_nano, input, output, status, reason FROM requests ORDER BY seq';
  const charged = db.prepare(rows).raw().all();
  expect(charged).toEqual([
    [1, 'settled', 700, 8, 12, 200, null],
    [2, 'charged-at-bound', 5_000, 10, 20, 0, 'interrupted'],
    [3, 'charged-at-bound', 1_000, 10, 20, 0, 'interrupted'],
  ]);
  expect(rollup(db)).toEqual(recount(db));

  expect(recover(db).chargedHolds).toBe(0);
  expect(db.prepare(rows).raw().all()).toEqual(charged);
  expect(rollup(db)).toEqual(recount(db));
});

test('a hold without a known price is charged its tokens and counted as unpriced, never as 0', () => {
  const { db, write } = openTestLedger();
  write(holdEntry(1, { holdNanoUsd: null }));
  recover(db);
  expect(db.prepare('SELECT cost_nano, output FROM requests').raw().get()).toEqual([null, 20]);
  expect(db.prepare('SELECT unpriced, cost_nano, output FROM rollup').raw().get()).toEqual([1, 0, 20]);
});

test('the charge belongs to the instant of the hold, not to that of the restart', () => {
  const { db, write } = openTestLedger();
  const yesterdayMs = NOON_MS - 86_400_000;
  write(holdEntry(1, { atMs: yesterdayMs }), holdEntry(2));
  recover(db);
  expect(db.prepare('SELECT quarter, cost_nano FROM rollup ORDER BY quarter').raw().all()).toEqual([
    [yesterdayMs / 900_000, 1_000],
    [NOON_MS / 900_000, 1_000],
  ]);
});

test('an empty ledger has nothing to recover', () => {
  expect(recover(openTestLedger().db)).toEqual({ chargedHolds: 0, recounted: false, lastSeq: 0, seenMs: 0 });
});
