import { expect, test } from 'vitest';
import { Accountant, appScope, type Decision, KEY_SCOPE } from '../../../proxy/admission/accountant.ts';
import { openCalendar } from '../../../proxy/admission/calendar.ts';
import { bound, rule } from './accountant-model.ts';

const calendar = await openCalendar('UTC');
const DAY_MS = 86_400_000;
const NOON_MS = Date.UTC(2026, 10, 24, 12);

function accountantWith(amount: number, window: 'day' | 'total' = 'total'): Accountant {
  const accountant = new Accountant(calendar);
  accountant.tick(NOON_MS);
  accountant.openScope(KEY_SCOPE, [rule(1, { amount, window })]);
  return accountant;
}

const ask = (accountant: Accountant, more: Parameters<typeof bound>[0] = {}): Decision =>
  accountant.decide({ scopes: [KEY_SCOPE], bound: bound(more) });

function holdOf(decision: Decision) {
  if (decision.kind !== 'admitted') throw new Error(`it was ${decision.kind}`);
  return decision.hold;
}

test('a request that takes at most half of what is free goes out untouched', () => {
  // 100 input and 2 × 1,000 output: 2,100.
  expect(holdOf(ask(accountantWith(4_200), { canShorten: true })).maxOutputTokens).toBeNull();
});

test('beyond that it is shortened to what half of free buys', () => {
  const hold = holdOf(ask(accountantWith(4_000), { canShorten: true }));
  expect(hold.maxOutputTokens).toBe(950);
  expect(hold.boundNanoUsd).toBe(2_000);
});

test('256 tokens are the least an answer is shortened to', () => {
  expect(holdOf(ask(accountantWith(1_224), { canShorten: true })).maxOutputTokens).toBe(256);
  expect(ask(accountantWith(1_223), { canShorten: true }).kind).toBe('refused');
});

test("a maximum of the client's own is never lowered", () => {
  expect(holdOf(ask(accountantWith(2_100))).maxOutputTokens).toBeNull();
  expect(ask(accountantWith(2_099)).kind).toBe('refused');
});

test('what fits only without the others in flight waits for them', () => {
  const accountant = accountantWith(3_000);
  const hold = holdOf(ask(accountant));
  expect(ask(accountant).kind).toBe('wait');
  accountant.settle(hold, { nanoUsd: 50, inputTokens: 10, outputTokens: 20, requests: 1 });
  expect(ask(accountant).kind).toBe('admitted');
});

test('ten requests share a small budget instead of failing', () => {
  const accountant = accountantWith(20_000);
  const first = Array.from({ length: 3 }, () =>
    holdOf(ask(accountant, { canShorten: true, outputTokens: 8_000 })),
  );
  expect(first.map((hold) => hold.boundNanoUsd)).toEqual([10_000, 5_000, 2_500]);
});

test('A56 a cap lowered below what is held refuses, and holds in flight settle as usual', () => {
  const accountant = accountantWith(5_000);
  const hold = holdOf(ask(accountant));
  accountant.setLimits(KEY_SCOPE, [rule(1, { amount: 1_000 })]);
  expect(ask(accountant, { outputTokens: 1 }).kind).toBe('wait');
  accountant.settle(hold, hold.amounts);
  const after = ask(accountant, { outputTokens: 1 });
  expect(after).toMatchObject({ kind: 'refused', violation: { settled: 2_100, free: -1_100 } });
});

test('A56 a cap raised in flight counts what was spent before', () => {
  const accountant = accountantWith(2_100);
  const hold = holdOf(ask(accountant));
  accountant.setLimits(KEY_SCOPE, [rule(1, { amount: 4_199 })]);
  expect(ask(accountant).kind).toBe('wait');
  accountant.settle(hold, hold.amounts);
  expect(ask(accountant).kind).toBe('refused');
});

test('A58 a cap of the key holds for apps together, and nothing is taken where one limit refuses', () => {
  const accountant = accountantWith(3_000);
  accountant.openScope(appScope('a'), [rule(2, { amount: 10_000 })]);
  accountant.openScope(appScope('b'), [rule(3, { amount: 10_000 })]);
  holdOf(accountant.decide({ scopes: [KEY_SCOPE, appScope('a')], bound: bound() }));
  expect(accountant.decide({ scopes: [KEY_SCOPE, appScope('b')], bound: bound() }).kind).toBe('wait');
  expect(accountant.states(appScope('b'))).toMatchObject([{ held: 0, settled: 0 }]);
});

test('more than the bound is booked all the same, and the window then refuses', () => {
  const accountant = accountantWith(10_000);
  const hold = holdOf(ask(accountant));
  accountant.settle(hold, { nanoUsd: 12_000, inputTokens: 1, outputTokens: 1, requests: 1 });
  expect(accountant.states(KEY_SCOPE)).toMatchObject([{ settled: 12_000, free: -2_000 }]);
  expect(ask(accountant, { outputTokens: 1 }).kind).toBe('refused');
});

test('F12 a clock that goes back does not open a spent window again, and the next day does', () => {
  const accountant = accountantWith(2_100, 'day');
  accountant.settle(holdOf(ask(accountant)), {
    nanoUsd: 2_100,
    inputTokens: 0,
    outputTokens: 0,
    requests: 1,
  });
  accountant.tick(NOON_MS - DAY_MS);
  expect(ask(accountant).kind).toBe('refused');
  accountant.tick(NOON_MS + DAY_MS);
  expect(ask(accountant).kind).toBe('admitted');
});

test('F12 a request that ends after midnight belongs to the day it began', () => {
  const accountant = accountantWith(2_100, 'day');
  const hold = holdOf(ask(accountant));
  accountant.tick(NOON_MS + DAY_MS);
  accountant.settle(hold, hold.amounts);
  expect(accountant.states(KEY_SCOPE)).toMatchObject([{ settled: 0, held: 0 }]);
});
