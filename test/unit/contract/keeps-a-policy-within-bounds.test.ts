import { expect, test } from 'vitest';
import { APP_NAME_PATTERN, DEFAULT_POLICY, OPT_INS } from '../../../proxy/contract/app-policy.ts';
import { appPolicyPatchSchema, appPolicySchema } from '../../../proxy/contract/apps.ts';
import { limitSpecSchema } from '../../../proxy/contract/limit-schemas.ts';
import { MAX_NANO_USD } from '../../../proxy/contract/money.ts';

test.each(['a', '0', 'My-App_1.2', 'x'.repeat(64)])('%j is the name of an app', (name) => {
  expect(APP_NAME_PATTERN.test(name)).toBe(true);
});

test.each([
  '',
  'x'.repeat(65),
  '.hidden',
  '-rf',
  '_a',
  'a b',
  'a/b',
  '..',
  'a\\b',
  "a'; DROP TABLE apps;--",
  'a%',
  '{"a":1}',
  '$(id)',
  'a\n',
  'a\u0000',
  'café',
  '１',
  '\u202eabc',
])('A31 %j is no name of an app', (name) => {
  expect(APP_NAME_PATTERN.test(name)).toBe(false);
});

test('the default policy is one, and opens nothing', () => {
  expect(appPolicySchema.parse(DEFAULT_POLICY)).toEqual(DEFAULT_POLICY);
  expect(DEFAULT_POLICY).toMatchObject({ allow: [], origins: [], unpriced: 'deny', onAbort: 'cut' });
});

test.each([
  ['a rate of none', { rpm: 0 }],
  ['a rate below', { tpm: -1 }],
  ['half a request', { concurrency: 1.5 }],
  ['too many at once', { concurrency: 10_001 }],
  ['a rate past a thousand million', { rpm: 1_000_000_001 }],
  ['a rate without end', { tpm: Number.POSITIVE_INFINITY }],
  ['a rate in letters', { rpm: '5' }],
  ['an empty glob', { models: [''] }],
  ['a giant glob', { models: ['x'.repeat(201)] }],
  ['an opt-in nobody knows', { allow: ['everything'] }],
  ['a price rule nobody knows', { unpriced: 'free' }],
  ['an amount below zero', { perUser: [{ metric: 'usd', amount: -1, window: 'day' }] }],
  ['an amount past what is exact', { perIp: [{ metric: 'usd', amount: MAX_NANO_USD + 1, window: 'day' }] }],
])('a policy with %s is refused', (_, patch) => {
  expect(appPolicyPatchSchema.safeParse(patch).success).toBe(false);
});

test('a policy may opt into everything there is, and no limit is its own word', () => {
  const wide = { allow: [...OPT_INS], rpm: null, tpm: null, concurrency: null, maxOutputTokens: null };
  expect(appPolicyPatchSchema.parse(wide)).toEqual(wide);
});

test('a limit is whole, within what is exact, and of a known metric and window', () => {
  const limit = { metric: 'usd', amount: MAX_NANO_USD, window: 'day' };
  expect(limitSpecSchema.parse(limit)).toEqual(limit);
  for (const bad of [
    { amount: 0.5 },
    { amount: Number.NaN },
    { amount: MAX_NANO_USD + 1 },
    { metric: 'euros' },
    { metric: '__proto__' },
    { window: 'fortnight' },
    { window: 'constructor' },
  ]) {
    expect(limitSpecSchema.safeParse({ ...limit, ...bad }).success).toBe(false);
  }
});
