import fc from 'fast-check';
import { expect, test } from 'vitest';
import { formatCount, parseCount, parseLimit } from '../../../proxy/contract/limits.ts';
import { MAX_NANO_USD } from '../../../proxy/contract/money.ts';

test.each([
  ['0', 0],
  ['007', 7],
  ['1_000_000', 1_000_000],
  ['200K', 200_000],
  ['1.5m', 1_500_000],
  ['0.001k', 1],
  ['1.10k', 1_100],
  ['2B', 2_000_000_000],
  ['0.000000001b', 1],
  ['2.0', 2],
  [' 12 ', 12],
  ['9000000000000000', MAX_NANO_USD],
  ['9_000_000_000_000_000', MAX_NANO_USD],
])('reads the count %j', (text, count) => {
  expect(parseCount(text)).toBe(count);
});

test.each([
  '',
  'k',
  '.5k',
  '5.',
  '1.5',
  '1.0001k',
  '-1',
  '+1',
  '1e3',
  '1,000',
  '1 000',
  '_1',
  '1_',
  '1__000',
  '1_.5k',
  '0x10',
  '1kk',
  '1ki',
  'Infinity',
  'NaN',
  '１２',
  '9000000000000001',
  '9000001b',
  // Within a double's rounding of a whole number, but none.
  '8999999999.9999999m',
  '4503599627.37049601k',
  '8000000.0000000001b',
])('refuses the count %j', (text) => {
  expect(parseCount(text)).toBeNull();
});

test('a count is exactly what was written, or nothing', () => {
  const text = fc
    .tuple(
      fc.integer({ min: 0, max: 9_999_999_999 }),
      fc.option(fc.stringMatching(/^[0-9]{1,9}$/)),
      fc.constantFrom('', 'k', 'm', 'b'),
    )
    .map(([whole, fraction, suffix]) => ({ whole, fraction: fraction ?? '', suffix }));
  fc.assert(
    fc.property(text, ({ whole, fraction, suffix }) => {
      const zeros = { '': 0, k: 3, m: 6, b: 9 }[suffix] ?? 0;
      const nanos = BigInt(`${whole}${fraction.padEnd(9, '0')}`) * 10n ** BigInt(zeros);
      const isWhole = nanos % 1_000_000_000n === 0n;
      const exact = nanos / 1_000_000_000n;
      const written = fraction === '' ? `${whole}${suffix}` : `${whole}.${fraction}${suffix}`;
      expect(parseCount(written)).toBe(isWhole && exact <= BigInt(MAX_NANO_USD) ? Number(exact) : null);
    }),
    { numRuns: 2_000 },
  );
});

test('a count for people has its thousands apart', () => {
  expect([0, 999, 1_000, 1_234_567, MAX_NANO_USD].map(formatCount)).toEqual([
    '0',
    '999',
    '1,000',
    '1,234,567',
    '9,000,000,000,000,000',
  ]);
});

test.each(['metric', 'amount', 'window'])('what is wrong with the %s is told in one short line', (part) => {
  const long = `\u001b[31m${'9'.repeat(50_000)}`;
  const text = {
    metric: `${long}=5/day`,
    amount: `usd=${long}/day`,
    window: `usd=5/${long}`,
  }[part];
  let message = '';
  try {
    parseLimit(text ?? '');
  } catch (error) {
    message = error instanceof Error ? error.message : '';
  }
  expect(message).toMatch(/^Cannot read the limit /);
  expect(message.length).toBeLessThan(300);
});
