import { expect, test } from 'vitest';
import {
  JsonArray,
  JsonObject,
  LongText,
  MAX_DEPTH,
  parseStrictJson,
} from '../../../proxy/gateway/strict-json.ts';

const MEGABYTE = 1024 * 1024;

/** The result, and how often other work had its turn meanwhile. */
async function read(text: string | Buffer) {
  let turns = 0;
  let isDone = false;
  const count = (): void => {
    if (isDone) return;
    turns += 1;
    setImmediate(count);
  };
  setImmediate(count);
  const result = await parseStrictJson(Buffer.isBuffer(text) ? text : Buffer.from(text));
  isDone = true;
  return { result, turns };
}

const textOf = (bytes: number): Buffer =>
  Buffer.concat([Buffer.from('{"input":"'), Buffer.alloc(bytes, 0x61), Buffer.from('"}')]);

test('A37 a text of 50 MB is read in slices, and stays where it is', async () => {
  const { result, turns } = await read(textOf(50 * MEGABYTE));
  expect(result.ok && result.document.root.get('input')).toEqual(new LongText(10, 10 + 50 * MEGABYTE));
  expect(turns).toBeGreaterThan(100);
});

test.each<[string, () => string | Buffer, string]>([
  ['a text of 50 MB without an end', () => textOf(50 * MEGABYTE).subarray(0, -2), 'it ends too early'],
  ['50 MB of white space', () => Buffer.alloc(50 * MEGABYTE, 0x20), 'it ends too early'],
  ['a key of 1 MB', () => `{"${'k'.repeat(MEGABYTE)}":1}`, 'a key is too long'],
  ['a number of 1 MB', () => `{"n":${'1'.repeat(MEGABYTE)}}`, 'a number is out of range'],
  [
    'an escape that fails after 10 MB',
    () => `{"a":"\\n${'x'.repeat(10 * MEGABYTE)}\\x"}`,
    'a text contains an invalid escape',
  ],
  [
    'brackets without an end',
    () => `{"a":${'['.repeat(MEGABYTE)}`,
    `it is nested deeper than ${MAX_DEPTH} levels`,
  ],
  [
    'a million members',
    () => `{${Array.from({ length: 1_000_000 }, (_, index) => `"k${index}":1`).join()}}`,
    'an object has more than 10000 keys',
  ],
  ['half a million elements', () => `{"a":[${'1,'.repeat(500_000)}1]}`, 'it has too many values'],
])('A37 %s is refused', async (_name, make, problem) => {
  expect((await read(make())).result).toEqual({ ok: false, problem });
});

test('A37 escapes by the megabyte are looked at once', async () => {
  const text = `{"a":"${'\\n'.repeat(5 * MEGABYTE)}","b":"${'\\ud83d\\ude00'.repeat(100_000)}"}`;
  expect((await read(text)).result.ok).toBe(true);
});

/** V8 hashes such keys without a seed: multiples of a power of two share their buckets. */
test('A37 ten thousand keys that would collide are read', async () => {
  for (const step of [1, 2 ** 14, 2 ** 20]) {
    const members = Array.from({ length: 10_000 }, (_, index) => `"${(index * step) % 4_294_967_295}":1`);
    const { result } = await read(`{${[...new Set(members)].join()}}`);
    expect(result.ok).toBe(true);
  }
});

test('A37 a depth of 64 is read, of 65 not, of arrays and objects alike', async () => {
  const nested = (depth: number, open: string, close: string): string =>
    `${'{"a":'}${open.repeat(depth - 1)}1${close.repeat(depth - 1)}}`;
  for (const [open, close] of [
    ['[', ']'],
    ['{"a":', '}'],
  ] as const) {
    expect((await read(nested(MAX_DEPTH, open, close))).result.ok).toBe(true);
    expect((await read(nested(MAX_DEPTH + 1, open, close))).result.ok).toBe(false);
  }
});

test.each([
  ['a surrogate by itself', Buffer.from([0xed, 0xa0, 0x80])],
  ['an overlong form', Buffer.from([0xc0, 0xaf])],
  ['a byte that never is', Buffer.from([0xfe])],
  ['half a character', Buffer.from([0xf0, 0x9f])],
  ['beyond the last character', Buffer.from([0xf4, 0x90, 0x80, 0x80])],
  ['half a byte order mark', Buffer.from([0xef, 0xbb])],
])('A36 %s in a text is refused', async (_name, bytes) => {
  const body = Buffer.concat([Buffer.from('{"a":"'), bytes, Buffer.from('"}')]);
  expect((await read(body)).result).toEqual({ ok: false, problem: 'it is not valid UTF-8' });
});

test.each([
  ['-0', -0],
  ['9007199254740991', Number.MAX_SAFE_INTEGER],
  ['-9007199254740991', Number.MIN_SAFE_INTEGER],
  ['1e308', 1e308],
  ['5e-324', 5e-324],
  ['1e-400', 0],
  ['1E+2', 100],
])('A36 the number %s is read as JSON.parse reads it', async (text, value) => {
  const { result } = await read(`{"n":${text}}`);
  expect(result.ok && result.document.root.get('n')).toBe(value);
});

test.each([['9007199254740992'], ['-9007199254740992'], ['9223372036854775808'], ['1e309'], ['-1e400']])(
  'A36 the number %s is refused',
  async (text) => {
    expect((await read(`{"n":${text}}`)).result).toEqual({ ok: false, problem: 'a number is out of range' });
  },
);

test('A39 members named like those of a prototype are members and nothing else', async () => {
  const { result } = await read(
    '{"a":{"__proto__":{"x":1}},"__proto__":{"x":1},"constructor":[{"prototype":{"x":1}}]}',
  );
  if (!result.ok) throw new Error(result.problem);
  const { root } = result.document;
  expect(root.get('toString')).toBeUndefined();
  expect(root.get('hasOwnProperty')).toBeUndefined();
  expect(root.get('__proto__')).toBeInstanceOf(JsonObject);
  expect(root.get('constructor')).toBeInstanceOf(JsonArray);
  expect('x' in {}).toBe(false);
});
