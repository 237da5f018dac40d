import fc from 'fast-check';
import { expect, test } from 'vitest';
import { axisTicks } from '../../../renderer/src/format/axis-ticks.ts';
import { shortMoney } from '../../../renderer/src/format/money.ts';

test.each([
  [340_000_000, [0, 100_000_000, 200_000_000, 300_000_000, 400_000_000]],
  [25_000_000_000, [0, 5e9, 10e9, 15e9, 20e9, 25e9]],
  [1, [0, 0.2, 0.4, 0.6000000000000001, 0.8, 1]],
])('%d', (most, ticks) => {
  expect(axisTicks(most)).toEqual(ticks);
});

test('two to six marks reach as far as the highest bar, whatever that is', () => {
  fc.assert(
    fc.property(fc.double({ min: 1, max: 1e15, noNaN: true }), (most) => {
      const ticks = axisTicks(most);
      expect(ticks.length).toBeGreaterThanOrEqual(3);
      expect(ticks.length).toBeLessThanOrEqual(6);
      expect(ticks.at(-1)).toBeGreaterThanOrEqual(most * (1 - 1e-9));
    }),
  );
});

test('no two marks of money read alike', () => {
  for (const most of [12_000, 14_900_000, 49_000_000, 77_000_000, 1_400_000_000, 9_900_000_000, 2e12]) {
    const words = axisTicks(most).map(shortMoney);
    expect(new Set(words).size, words.join(' ')).toBe(words.length);
  }
});

test('an axis without anything on it', () => {
  expect(axisTicks(0)).toEqual([0, 1]);
  expect(axisTicks(Number.NEGATIVE_INFINITY)).toEqual([0, 1]);
});
