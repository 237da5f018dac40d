import { expect, test } from 'vitest';
import { Accountant, appScope, KEY_SCOPE } from '../../../proxy/admission/accountant.ts';
import { systemCalendar } from '../../../proxy/admission/calendar.ts';
import type { SettledByWindow } from '../../../proxy/admission/scope.ts';
import { bound, rule } from './accountant-model.ts';

const NOON_MS = Date.UTC(2026, 10, 24, 12);
const APP = appScope('a');

function openAccountant(): Accountant {
  const accountant = new Accountant(systemCalendar, NOON_MS);
  accountant.openScope(KEY_SCOPE, [rule(1, { amount: 5_000 })]);
  accountant.openScope(APP, [rule(2, { amount: 3_000 })]);
  return accountant;
}

function take(accountant: Accountant) {
  const decision = accountant.decide({ scopes: [KEY_SCOPE, APP], bound: bound() });
  if (decision.kind !== 'admitted') throw new Error(`it was ${decision.kind}`);
  return decision.hold;
}

test('A56 an app that is removed and made again begins anew, and the key still has its spend', () => {
  const accountant = openAccountant();
  const hold = take(accountant);
  accountant.closeScope(APP);
  accountant.openScope(APP, [rule(3, { amount: 3_000 })]);
  expect(accountant.states(APP)).toMatchObject([{ settled: 0, held: 0 }]);
  accountant.settle(hold, hold.amounts);
  expect(accountant.states()).toMatchObject([
    { scope: KEY_SCOPE, settled: 2_100, held: 0 },
    { scope: APP, settled: 0, held: 0 },
  ]);
});

test('A56 a limit that is set late knows what was spent and held before it', () => {
  const accountant = openAccountant();
  const first = take(accountant);
  accountant.settle(first, { ...first.amounts, nanoUsd: 400 });
  accountant.setLimits(APP, []);
  take(accountant);
  accountant.setLimits(APP, [rule(4, { metric: 'tokens', amount: 9_000, window: 'hour' }), rule(5, {})]);
  expect(accountant.states(APP)).toMatchObject([
    { settled: 1_100, held: 1_100 },
    { settled: 400, held: 2_100 },
  ]);
});

test('a scope goes on from what the ledger counted', () => {
  const accountant = new Accountant(systemCalendar, NOON_MS);
  const nothing = { nanoUsd: 0, inputTokens: 0, outputTokens: 0, requests: 0 };
  const settled: SettledByWindow = {
    minute: nothing,
    hour: nothing,
    day: { ...nothing, nanoUsd: 7 },
    week: { ...nothing, nanoUsd: 70 },
    month: { ...nothing, nanoUsd: 700 },
    total: { ...nothing, nanoUsd: 7_000 },
  };
  const windows = ['minute', 'day', 'week', 'month', 'total'] as const;
  accountant.openScope(
    APP,
    windows.map((window, id) => rule(id, { window })),
    settled,
  );
  expect(accountant.states(APP).map((state) => state.settled)).toEqual([0, 7, 70, 700, 7_000]);
});

test('a scope is idle once all of it has ended, also in a later window', () => {
  const accountant = openAccountant();
  expect(accountant.isIdle(APP)).toBe(true);
  const hold = take(accountant);
  accountant.tick(NOON_MS + 40 * 86_400_000);
  expect(accountant.isIdle(APP)).toBe(false);
  accountant.void(hold);
  expect(accountant.isIdle(APP)).toBe(true);
});

test('a scope that is not open takes nothing from those that are, and none is opened twice', () => {
  const accountant = openAccountant();
  expect(() => accountant.decide({ scopes: [KEY_SCOPE, appScope('gone')], bound: bound() })).toThrow(
    'scope app:gone is not open',
  );
  expect(accountant.states(KEY_SCOPE)).toMatchObject([{ held: 0 }]);
  expect(accountant.openHolds).toBe(0);
  expect(() => accountant.openScope(APP, [])).toThrow('already open');
  expect(accountant.states(APP)).toHaveLength(1);
});
