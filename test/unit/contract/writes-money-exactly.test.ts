import fc from 'fast-check';
import { expect, test } from 'vitest';
import { exactUsd, formatUsd, MAX_NANO_USD, NANO_PER_USD, parseUsd } from '../../../proxy/contract/money.ts';

const nanoUsd = fc.oneof(
  fc.integer({ min: 0, max: MAX_NANO_USD }),
  fc.nat(2_000),
  fc.nat(9_000_000).map((usd) => usd * NANO_PER_USD),
  fc.tuple(fc.nat(9), fc.nat(15)).map(([digit, zeros]) => Math.min(digit * 10 ** zeros, MAX_NANO_USD)),
);

test.each([
  [0, '0'],
  [1, '0.000000001'],
  [10, '0.00000001'],
  [500_000_000, '0.5'],
  [1_000_000_000, '1'],
  [1_500_000_000, '1.5'],
  [10_000_000_000, '10'],
  [8_999_999_999_999_999, '8999999.999999999'],
  [MAX_NANO_USD, '9000000'],
  [-1, '-0.000000001'],
  [-2_500_000_000, '-2.5'],
])('%d nano-dollars are exactly %s', (amount, text) => {
  expect(exactUsd(amount)).toBe(text);
});

test('an exact amount has no exponent, no needless zero, and reads back as itself', () => {
  fc.assert(
    fc.property(nanoUsd, (amount) => {
      const text = exactUsd(amount);
      expect(text).toMatch(/^(0|[1-9]\d{0,6})(\.\d{0,8}[1-9])?$/);
      expect(parseUsd(text)).toBe(amount);
      expect(parseUsd(`$${text}`)).toBe(amount);
      expect(exactUsd(-amount)).toBe(amount === 0 ? '0' : `-${text}`);
    }),
    { numRuns: 1_000 },
  );
});

test.each([
  ['5', 5_000_000_000],
  ['$0.50', 500_000_000],
  ['0005', 5_000_000_000],
  ['0.000000001', 1],
  [' 1.25 ', 1_250_000_000],
  ['9000000', MAX_NANO_USD],
  ['9000000.000000000', MAX_NANO_USD],
])('reads %j dollars', (text, amount) => {
  expect(parseUsd(text)).toBe(amount);
});

test.each([
  '',
  '$',
  '.5',
  '5.',
  '-1',
  '+1',
  '$-1',
  '1e3',
  '1,000',
  '1_000',
  '5 USD',
  '€5',
  '$$5',
  '$ 5',
  '0x1',
  'NaN',
  'Infinity',
  '0.0000000001',
  '9000000.000000001',
  '99999999',
  '1.2.3',
  '5\u0000',
])('refuses %j as dollars', (text) => {
  expect(parseUsd(text)).toBeNull();
});

test.each([
  [999, '<$0.000001'],
  [-1, '-<$0.000001'],
  [1_000, '$0.000001'],
  [1_500, '$0.000002'],
  [12_340_000, '$0.01234'],
  [500_000_000, '$0.50'],
  [999_999_999, '$1.00'],
  [1_004_999_999, '$1.00'],
  [1_005_000_000, '$1.01'],
  [-1_500_000_000, '-$1.50'],
  [MAX_NANO_USD, '$9000000.00'],
])('shows %d nano-dollars as %s', (amount, text) => {
  expect(formatUsd(amount)).toBe(text);
});

test('what people see is the nearest amount of the decimals shown', () => {
  fc.assert(
    fc.property(nanoUsd, (amount) => {
      const text = formatUsd(amount);
      if (text.startsWith('<')) {
        expect(amount).toBeLessThan(1_000);
        return;
      }
      const shown = parseUsd(text.slice(0, text.indexOf('.') + 7)) ?? Number.NaN;
      expect(Math.abs(shown - amount)).toBeLessThanOrEqual(amount >= NANO_PER_USD ? 5_000_000 : 500);
    }),
    { numRuns: 1_000 },
  );
});
