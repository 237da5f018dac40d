import { expect, test } from 'vitest';
import { FindingLog, type FindingRecord } from '../../../proxy/alerts/finding-log.ts';
import { LimitWatch, type WatchedLimit } from '../../../proxy/alerts/limit-watch.ts';

const DAY_END_MS = Date.UTC(2026, 10, 25);
const limit = (more: Partial<WatchedLimit>): WatchedLimit => ({
  id: 1,
  metric: 'usd',
  amount: 3_000_000_000,
  window: 'day',
  enforce: 'warn',
  settled: 3_000_000_000,
  resetsAtMs: DAY_END_MS,
  ...more,
});

function openWatch() {
  const told: FindingRecord[] = [];
  const log = new FindingLog([{ deliver: (finding) => told.push(finding) }], () => 0);
  return { told, watch: new LimitWatch((finding) => log.report(finding)) };
}

test('a warn limit is told when it is reached, and not before', () => {
  const { told, watch } = openWatch();
  watch.check(7, [limit({ settled: 2_999_999_999 })]);
  expect(told).toEqual([]);
  watch.check(7, [limit({})]);
  expect(told).toMatchObject([
    { finding: 'warn_limit_reached', appNum: 7, detail: expect.stringContaining('usd=3/day') },
  ]);
});

test('once for a window, and again for the next', () => {
  const { told, watch } = openWatch();
  watch.check(7, [limit({})]);
  watch.check(7, [limit({ settled: 4_000_000_000 })]);
  expect(told).toHaveLength(1);
  watch.check(7, [limit({ id: 2, window: 'total', resetsAtMs: null })]);
  watch.check(7, [limit({ id: 2, window: 'total', resetsAtMs: null })]);
  expect(told).toHaveLength(2);
});

test('hard limits are not warned of', () => {
  const { told, watch } = openWatch();
  watch.check(7, [limit({ enforce: 'hard' })]);
  expect(told).toEqual([]);
});
