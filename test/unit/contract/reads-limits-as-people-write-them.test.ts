import fc from 'fast-check';
import { expect, test } from 'vitest';
import { ERROR_CODES, ERRORS } from '../../../proxy/contract/errors.ts';
import { formatLimit, METRICS, parseLimit, WINDOWS } from '../../../proxy/contract/limits.ts';
import { exactUsd, formatUsd, MAX_NANO_USD, parseUsd } from '../../../proxy/contract/money.ts';

test.each([
  ['usd=5/day', { metric: 'usd', amount: 5_000_000_000, window: 'day' }],
  ['usd=0.50/total', { metric: 'usd', amount: 500_000_000, window: 'total' }],
  [' usd = $1.25 / month ', { metric: 'usd', amount: 1_250_000_000, window: 'month' }],
  ['usd=0.000000001/minute', { metric: 'usd', amount: 1, window: 'minute' }],
  ['tokens=200k/hour', { metric: 'tokens', amount: 200_000, window: 'hour' }],
  ['input_tokens=1.5M/week', { metric: 'input_tokens', amount: 1_500_000, window: 'week' }],
  ['requests=1_000/day', { metric: 'requests', amount: 1_000, window: 'day' }],
  ['usd=0/day', { metric: 'usd', amount: 0, window: 'day' }],
])('reads %j', (text, limit) => {
  expect(parseLimit(text)).toEqual(limit);
});

test.each([
  [''],
  ['usd'],
  ['usd=5'],
  ['usd=/day'],
  ['usd=-5/day'],
  ['usd=5/fortnight'],
  ['usd=1e3/day'],
  ['usd=0.0000000001/day'],
  ['usd=99999999/day'],
  ['usd=NaN/day'],
  ['usd=٥/day'],
  ['euros=5/day'],
  ['tokens=1.5/day'],
  ['tokens=5t/day'],
  ['requests=0x10/day'],
  ["usd=5/day'; DROP TABLE limits;--"],
  ['usd=5/day/hour'],
  [`usd=${'9'.repeat(1_000)}/day`],
])('refuses %j and says what is wrong', (text) => {
  expect(() => parseLimit(text)).toThrow(
    expect.objectContaining({ code: 'limit_malformed', message: expect.stringMatching(/: .+\./) }),
  );
});

const amount = fc.integer({ min: 0, max: MAX_NANO_USD });

test('what is written can be read again, exactly', () => {
  const limit = fc.record({
    metric: fc.constantFrom(...METRICS),
    amount,
    window: fc.constantFrom(...WINDOWS),
  });
  fc.assert(
    fc.property(limit, (each) => {
      expect(parseLimit(formatLimit(each))).toEqual(each);
    }),
  );
  fc.assert(
    fc.property(amount, (nanoUsd) => {
      expect(parseUsd(exactUsd(nanoUsd))).toBe(nanoUsd);
    }),
  );
});

test('money for people has two to six decimals, no exponent, and is never zero when it is not', () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: MAX_NANO_USD }), (nanoUsd) => {
      expect(formatUsd(nanoUsd)).toMatch(/^(<\$0\.000001|\$\d+\.\d{2,6})$/);
      expect(formatUsd(nanoUsd)).not.toMatch(/^\$0\.0+$/);
    }),
  );
  expect([formatUsd(0), formatUsd(null), formatUsd(1_500_000_000)]).toEqual(['$0.00', '—', '$1.50']);
});

test.each(ERROR_CODES)('error %s says what happened and what to do', (code) => {
  const { status, message, hint } = ERRORS[code];
  expect(status).toBeGreaterThanOrEqual(400);
  expect(message).toMatch(/[.?]$/);
  expect(hint.length).toBeGreaterThan(10);
  expect(`${message}${hint}`.replace(/\{[a-zA-Z]+\}/g, '')).not.toMatch(/[{}]/);
});
