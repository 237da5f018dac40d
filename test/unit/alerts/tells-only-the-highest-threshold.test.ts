import { expect, test } from 'vitest';
import type { AlertDraft } from '../../../proxy/alerts/alert-draft.ts';
import { type ThresholdLimit, ThresholdWatch } from '../../../proxy/alerts/threshold-watch.ts';

const OWNER = { appNum: 7, name: 'burst', id: 'app_1' };
const limit = (settled: number, more: Partial<ThresholdLimit> = {}): ThresholdLimit => ({
  id: 1,
  metric: 'requests',
  amount: 10,
  amountNow: 10,
  window: 'day',
  enforce: 'hard',
  settled,
  resetsAtMs: Date.UTC(2026, 10, 25),
  resetsAt: '2026-11-25T00:00+00:00',
  thresholds: [50, 80, 100],
  ...more,
});

function openWatch() {
  const told: AlertDraft[] = [];
  return { told, watch: new ThresholdWatch((draft) => told.push(draft)) };
}

test('of those that one burst has passed only the highest is told, and the lower ones not later', () => {
  const { told, watch } = openWatch();
  watch.check(OWNER, [limit(9)]);
  expect(told.map(({ threshold }) => threshold)).toEqual([80]);
  watch.check(OWNER, [limit(9)]);
  watch.check(OWNER, [limit(6)]);
  expect(told).toHaveLength(1);
  watch.check(OWNER, [limit(10)]);
  watch.check(OWNER, [limit(12)]);
  expect(told.map(({ threshold }) => threshold)).toEqual([80, 100]);
});

test('a refusal counts as a hundred percent of a hard limit, and of no other', () => {
  const { told, watch } = openWatch();
  watch.check(OWNER, [limit(1, { enforce: 'warn' })], () => true);
  expect(told).toEqual([]);
  watch.check(OWNER, [limit(1)], ({ metric }) => metric === 'tokens');
  expect(told).toEqual([]);
  watch.check(OWNER, [limit(1)], () => true);
  expect(told).toMatchObject([{ threshold: 100, severity: 'critical' }]);
});

test('a limit of nothing is full only when it has refused, and one without thresholds never', () => {
  const { told, watch } = openWatch();
  watch.check(OWNER, [limit(0, { amount: 0, amountNow: 0 })]);
  watch.check(OWNER, [limit(10, { id: 2, thresholds: [] })], () => true);
  expect(told).toEqual([]);
  watch.check(OWNER, [limit(0, { amount: 0, amountNow: 0 })], () => true);
  expect(told).toHaveLength(1);
});

test('each draft has a name that is the same after a restart, and another for another window or amount', () => {
  const names = [limit(9), limit(9), limit(9, { resetsAtMs: 5 }), limit(9, { amountNow: 11 })].map((each) => {
    const { told, watch } = openWatch();
    watch.check(OWNER, [each]);
    return told[0]?.once;
  });
  expect(names[0]).toBe(names[1]);
  expect(new Set(names).size).toBe(3);
});
