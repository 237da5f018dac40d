import { expect, test } from 'vitest';
import { classifyKey, cleanKey } from '../../../proxy/keys/clean-key.ts';

const KEY = 'sk-proj-AbCdEf0123456789_-xyz';

test.each([
  ['as it is', KEY],
  ['with spaces and line ends', `  \t${KEY}\r\n\n`],
  ['in double quotes', `"${KEY}"`],
  ['in single quotes', `'${KEY}'`],
  ['in back ticks', `\`${KEY}\``],
  ['in curly quotes', `“${KEY}”`],
  ['in guillemets with no-break spaces', `«\u00a0${KEY}\u202f»`],
  ['from a header', `Authorization: Bearer ${KEY}`],
  ['after Bearer', `bearer   ${KEY}`],
  ['after Bearer in quotes', `"Bearer ${KEY}"`],
  ['from a .env file', `OPENAI_API_KEY=${KEY}`],
  ['from a .env file with quotes', `OPENAI_API_KEY = '${KEY}'`],
  ['from a shell profile', `export OPENAI_API_KEY="${KEY}";`],
  ['from JSON', `"OPENAI_API_KEY": "${KEY}",`],
  ['with a byte order mark', `\ufeff${KEY}`],
  ['with zero-width characters in it', `\u200b${KEY.slice(0, 9)}\u200d${KEY.slice(9)}\u2060\u200e`],
  ['with soft hyphens in it', `${KEY.slice(0, 12)}\u00ad${KEY.slice(12)}`],
])('takes a key %s', (_, pasted) => {
  expect(cleanKey(pasted).toString()).toBe(KEY);
  expect(cleanKey(Buffer.from(pasted)).toString()).toBe(KEY);
});

test('accepts what it returned', () => {
  expect(cleanKey(cleanKey(KEY)).toString()).toBe(KEY);
});

test('copies: the input stays as it was and can be zeroed without harm', () => {
  const input = Buffer.from(KEY);
  const key = cleanKey(input);
  expect(input.toString()).toBe(KEY);
  input.fill(0);
  expect(key.toString()).toBe(KEY);
});

test.each([
  ['sk-proj-0123456789abcdef', 'project'],
  ['sk-svcacct-0123456789abcdef', 'service-account'],
  ['sk-0123456789abcdef0123456789abcdef', 'legacy'],
  ['sk-None-0123456789abcdef', 'legacy'],
])('classifies %s as %s', (key, kind) => {
  expect(classifyKey(cleanKey(key))).toBe(kind);
});

test.each([
  ['the shortest key', `sk-${'a'.repeat(4)}`, true],
  ['one character less', `sk-${'a'.repeat(3)}`, false],
  ['the longest key', `sk-${'a'.repeat(509)}`, true],
  ['one character more', `sk-${'a'.repeat(510)}`, false],
])('knows the bounds: %s', (_, key, isKey) => {
  if (isKey) expect(cleanKey(key).toString()).toBe(key);
  else expect(() => cleanKey(key)).toThrow(expect.objectContaining({ code: 'key_malformed' }));
});
