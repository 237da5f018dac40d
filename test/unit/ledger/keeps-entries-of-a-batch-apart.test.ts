import { expect, test } from 'vitest';
import { endEntry, holdEntry, recount, refusalEntry, rollup } from '../../helpers/ledger-files.ts';
import { openTestLedger, settled } from './ledger-fixture.ts';

test('I3 a hold ends once: a second end changes nothing and is an error', () => {
  const { db, write } = openTestLedger();
  write(...settled(1, 1));
  const before = recount(db);
  expect(() => write(endEntry(1, { costNanoUsd: 999 }))).toThrow('request 1 has no open hold');
  expect(() => write(endEntry(2))).toThrow('request 2 has no open hold');
  expect(recount(db)).toEqual(before);
  expect(rollup(db)).toEqual(before);
});

test.each([
  ['a cost that is no integer', { costNanoUsd: 1.5 }],
  ['a negative cost', { costNanoUsd: -1 }],
  ['tokens that are no number', { outputTokens: Number.NaN }],
])('I4 %s is refused by the schema, and its batch as a whole', (_what, wrong) => {
  const { db, write } = openTestLedger();
  write(holdEntry(1), holdEntry(2));
  expect(() => write(endEntry(1), endEntry(2, wrong))).toThrow();
  expect(db.prepare("SELECT count(*) FROM requests WHERE outcome = 'open'").pluck().get()).toBe(2);
  expect(rollup(db)).toEqual({});
});

test('what a failed batch had tallied is not in the next one', () => {
  const { db, write } = openTestLedger();
  write(holdEntry(1), holdEntry(2));
  expect(() => write(endEntry(1), refusalEntry(2))).toThrow('UNIQUE');
  write(endEntry(1));
  expect(rollup(db)).toEqual(recount(db));
});

test('one number is one request', () => {
  const { write } = openTestLedger();
  write(holdEntry(1));
  expect(() => write(holdEntry(1))).toThrow('UNIQUE');
});
