import { expect, test } from 'vitest';
import { openRecords } from '../../../proxy/ledger/records.ts';
import { NOON_MS, newApp } from '../../helpers/ledger-files.ts';
import { openTestLedger } from './ledger-fixture.ts';

const TOKEN = {
  hash: new Uint8Array(32).fill(7),
  kind: 'app',
  createdAtMs: NOON_MS,
  expiresAtMs: null,
} as const;
const USD_DAY = { metric: 'usd', window: 'day', enforce: 'hard' } as const;

test('an app comes back from the ledger as it was created', () => {
  const { db } = openTestLedger();
  const records = openRecords(db);
  const limits = [{ ...USD_DAY, amount: 5_000_000_000 }];
  const created = records.createApp(newApp('four', { mode: 'observe', limits, token: TOKEN }));
  const loaded = records.load();
  expect(loaded.apps.find(({ name }) => name === 'four')).toEqual(created.app);
  expect(loaded.limits).toEqual(created.limits);
  expect(loaded.limits).toMatchObject([{ appNum: 4, ...limits[0] }]);
  expect(loaded.tokens).toMatchObject([{ appNum: 4, kind: 'app' }]);
});

test.each([
  ['created', () => openRecords(openTestLedger().db).createApp(newApp('ONE', { id: 'app_x' }))],
  ['renamed to', () => openRecords(openTestLedger().db).changeApp({ num: 2, name: 'One', atMs: 1 })],
])('a name that is taken cannot be %s, however it is written', (_how, change) => {
  expect(change).toThrow(expect.objectContaining({ code: 'app_exists' }));
});

test('an app may change the case of its own name, and take the name of a removed one', () => {
  const records = openRecords(openTestLedger().db);
  expect(records.changeApp({ num: 1, name: 'ONE', atMs: 1 }).app.name).toBe('ONE');
  records.removeApp({ num: 1, atMs: 2 });
  expect(records.createApp(newApp('one', { id: 'app_again' })).app.num).toBe(4);
});

test('A56 a removed app keeps its rows and loses its tokens and limits; nothing revives it', () => {
  const { db } = openTestLedger();
  const records = openRecords(db);
  records.changeApp({ num: 1, setLimits: [{ ...USD_DAY, amount: 5 }], atMs: 1 });
  records.addToken({ appNum: 1, token: TOKEN });
  records.removeApp({ num: 1, atMs: 2 });
  const { apps, tokens, limits } = records.load();
  expect([apps.map(({ num }) => num), tokens, limits]).toEqual([[2, 3], [], []]);
  const gone = expect.objectContaining({ code: 'app_unknown', details: { app: 'one' } });
  expect(() => records.changeApp({ num: 1, mode: 'observe', atMs: 3 })).toThrow(gone);
  expect(() => records.addToken({ appNum: 1, token: TOKEN })).toThrow(gone);
  expect(db.prepare('SELECT count(*) FROM apps').pluck().get()).toBe(3);
});

test('a limit is set once for each metric, window and enforcement, for an app and for the key', () => {
  const records = openRecords(openTestLedger().db);
  const set = (amount: number) =>
    records.changeKeyLimits({ set: [{ ...USD_DAY, amount }], remove: [], atMs: 1 });
  expect(set(5)).toMatchObject([{ appNum: null, amount: 5 }]);
  expect(set(7)).toMatchObject([{ appNum: null, amount: 7 }]);
  const warn = { ...USD_DAY, enforce: 'warn' as const, amount: 3 };
  const { limits } = records.changeApp({ num: 1, setLimits: [warn, { ...USD_DAY, amount: 9 }], atMs: 1 });
  expect(limits.map(({ amount }) => amount)).toEqual([3, 9]);
  expect(records.changeApp({ num: 1, removeLimits: [USD_DAY], atMs: 2 }).limits).toMatchObject([warn]);
  expect(records.changeKeyLimits({ set: [], remove: [USD_DAY], atMs: 2 })).toEqual([]);
});

test('tokens of runs and revoked tokens do not survive a start', () => {
  const records = openRecords(openTestLedger().db);
  const add = (byte: number, kind: 'app' | 'run') =>
    records.addToken({ appNum: 1, token: { ...TOKEN, kind, hash: new Uint8Array(32).fill(byte) } });
  const [kept, revoked] = [add(1, 'app'), add(2, 'app')];
  add(3, 'run');
  records.revokeTokens({ ids: [revoked.id], atMs: 5 });
  expect(records.load().tokens.map(({ id }) => id)).toEqual([kept.id]);
});

test('A31 names that are SQL are names', () => {
  const { db } = openTestLedger();
  const records = openRecords(db);
  const odd = `x'); DROP TABLE apps; --`;
  records.createApp(newApp(odd));
  records.setPrice({ model: odd, data: '{}' });
  records.setMeta({ key: odd, value: odd });
  expect(records.load()).toMatchObject({ prices: [{ model: odd }], meta: { [odd]: odd } });
  expect(records.load().apps.map(({ name }) => name)).toEqual(['one', 'two', 'three', odd]);
  expect([records.unsetPrice({ model: '%' }), records.unsetPrice({ model: odd })]).toEqual([false, true]);
});
