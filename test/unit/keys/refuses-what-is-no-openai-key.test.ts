import fc from 'fast-check';
import { expect, test } from 'vitest';
import { AppError } from '../../../proxy/contract/errors.ts';
import { cleanKey } from '../../../proxy/keys/clean-key.ts';
import { CANARY, errorOf, leaksIn } from './leaks.ts';

const SECRET = 'Abcdefghijklmnop0123456789';

test.each([
  ['an admin key', `sk-admin-${SECRET}`, 'key_is_admin'],
  ['an admin key in a shell line', `export OPENAI_API_KEY="sk-admin-${SECRET}"`, 'key_is_admin'],
  ['an app token', `tg_${SECRET}`, 'key_is_app_token'],
  ['an app token after Bearer', `Bearer tg_${SECRET}`, 'key_is_app_token'],
  ['nothing', '', 'key_malformed'],
  ['only spaces and quotes', ' "" \n', 'key_malformed'],
  ['only a byte order mark', '\ufeff', 'key_malformed'],
  ['only the name of the variable', 'OPENAI_API_KEY=', 'key_malformed'],
  ['another kind of secret', `ghp_${SECRET}`, 'key_malformed'],
  ['a key in capitals', `SK-${SECRET}`, 'key_malformed'],
  ['a masked key', 'sk-proj-****************3456', 'key_malformed'],
  ['a shortened key', 'sk-…wxyz0123456789abcdefgh', 'key_malformed'],
  ['a key shortened with dots', 'sk-...wxyz0123456789abcdefgh', 'key_malformed'],
  ['two keys', `sk-${SECRET} sk-${SECRET}`, 'key_malformed'],
  ['a key cut by a line break', `sk-${SECRET}\n${SECRET}`, 'key_malformed'],
  ['a key with a header after it', `sk-${SECRET}\r\nx-evil: 1`, 'key_malformed'],
  ['a key with NUL', `sk-${SECRET}\0`, 'key_malformed'],
  ['a key with an umlaut', `sk-${SECRET}ü`, 'key_malformed'],
  ['a key with a look-alike letter', `sk-${SECRET}а`, 'key_malformed'],
  ['a whole file', 'x'.repeat(100_000), 'key_malformed'],
])('refuses %s', (_, pasted, code) => {
  expect(() => cleanKey(pasted)).toThrow(expect.objectContaining({ code }));
  expect(() => cleanKey(Buffer.from(pasted))).toThrow(expect.objectContaining({ code }));
});

test('says what is wrong without a part of the input, whatever it is', async () => {
  for (const spoilt of [`${CANARY} x`, `x${CANARY}`, `${CANARY}ü`, `sk-admin-${CANARY}`, `tg_${CANARY}`]) {
    const error = await errorOf(() => cleanKey(spoilt));
    expect(error).toBeInstanceOf(AppError);
    expect(leaksIn(error)).toEqual([]);
  }
});

test('never throws anything but an AppError and never returns anything but a key', () => {
  const shape = /^sk-(?!admin-)[A-Za-z0-9_-]{16,509}$/;
  const noise = fc.uint8Array({ maxLength: 60 }).map((bytes) => Buffer.from(bytes));
  const almost = fc
    .tuple(
      fc.string({ unit: 'binary', maxLength: 8 }),
      fc.stringMatching(/^sk-[A-Za-z0-9_-]{16,60}$/),
      fc.string({ maxLength: 8 }),
    )
    .map((parts) => Buffer.from(parts.join('')));
  fc.assert(
    fc.property(fc.oneof(noise, almost), (input) => {
      try {
        expect(cleanKey(input).toString('latin1')).toMatch(shape);
      } catch (error) {
        if (!(error instanceof AppError)) throw error;
      }
    }),
    { numRuns: 2_000 },
  );
});
