import fc from 'fast-check';
import { expect, test } from 'vitest';
import {
  JsonArray,
  JsonObject,
  type JsonValue,
  LongText,
  parseStrictJson,
} from '../../../proxy/gateway/strict-json.ts';
import { exactJsonValue } from './json-values.ts';

function plain(value: JsonValue | undefined, body: Buffer): unknown {
  if (value instanceof JsonArray) return value.items.map((item) => plain(item, body));
  if (value instanceof JsonObject) {
    const entries = value.keys.map((key, index): [string, unknown] => [
      key,
      plain(value.values[index], body),
    ]);
    return Object.fromEntries(entries);
  }
  if (value instanceof LongText) return JSON.parse(`"${body.toString('utf8', value.start, value.end)}"`);
  return value;
}

function parseOrUndefined(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** Pieces of JSON in any order, most of which are no document. */
const noise = fc
  .array(
    fc.constantFrom(
      ...[
        '{',
        '}',
        '[',
        ']',
        ',',
        ':',
        '"',
        '\\',
        '"a"',
        '"b":',
        '"\\u0061"',
        '"\\ud800"',
        '1',
        '-0',
        '1e5',
        '.5',
        '1.',
      ],
      ...[
        'true',
        'null',
        'nul',
        ' ',
        '\n',
        '\u00a0',
        '{"a":',
        '[1,',
        '"a":[',
        '{}',
        '//',
        "'",
        'NaN',
        '\t',
        '\f',
      ],
    ),
    { maxLength: 12 },
  )
  .map((pieces) => pieces.join(''));

/** A document with a few of its characters changed. */
const damaged = fc
  .tuple(
    fc.dictionary(fc.string({ maxLength: 3 }), exactJsonValue(3), { maxKeys: 4 }),
    fc.array(fc.tuple(fc.nat(300), fc.constantFrom('', '"', '{', ']', ',', '\\', '0', ' ', 'e', '-')), {
      maxLength: 2,
    }),
  )
  .map(([each, changes]) =>
    changes.reduce((text, [at, by]) => {
      const place = at % (text.length + 1);
      return text.slice(0, place) + by + text.slice(place + 1);
    }, JSON.stringify(each)),
  );

/**
 * A key that ends with a backslash. Once V8 13.6 has read one, its JSON.parse takes the key `"` for it in
 * another object of the same shape, and is no oracle any more.
 */
const CONFUSES_V8 = /\\\\"\s*:/;

test.each([
  ['noise', noise],
  ['noise in an object', noise.map((text) => `{"x":${text}}`)],
  ['a damaged document', damaged],
])('A36 of %s nothing is read that JSON.parse would not read alike', async (_name, texts) => {
  await fc.assert(
    fc.asyncProperty(texts, async (text) => {
      fc.pre(!CONFUSES_V8.test(text));
      const body = Buffer.from(text);
      const result = await parseStrictJson(body);
      if (!result.ok) return;
      expect(plain(result.document.root, body)).toEqual(parseOrUndefined(text));
    }),
    { numRuns: 3_000 },
  );
});

test('A36 what JSON.parse refuses as an object is refused', async () => {
  await fc.assert(
    fc.asyncProperty(fc.oneof(noise, damaged), async (text) => {
      const parsed = parseOrUndefined(text);
      const isObject = typeof parsed === 'object' && parsed !== null && !Array.isArray(parsed);
      const { ok } = await parseStrictJson(Buffer.from(text));
      if (!isObject) expect(ok).toBe(false);
    }),
    { numRuns: 3_000 },
  );
});

test('A33 a key given twice is refused wherever it stands, however it is spelt', async () => {
  const spellings = fc
    .array(fc.boolean(), { minLength: 5, maxLength: 5 })
    .map((escaped) =>
      [...'model']
        .map((char, index) => (escaped[index] ? `\\u00${char.charCodeAt(0).toString(16)}` : char))
        .join(''),
    );
  const others = fc.array(fc.integer({ min: 0, max: 30 }), { maxLength: 12 });
  await fc.assert(
    fc.asyncProperty(
      spellings,
      spellings,
      others,
      fc.nat(5),
      fc.boolean(),
      async (one, two, keys, depth, isLast) => {
        const between = [...new Set(keys)].map((key) => `"k${key}":0`);
        const members = [`"${one}":"cheap"`, ...between, `"${two}":"dear"`];
        const inner = `{${(isLast ? members : members.toReversed()).join()}}`;
        const text = `${'{"a":['.repeat(depth)}${inner}${']}'.repeat(depth)}`;
        expect(await parseStrictJson(Buffer.from(text))).toMatchObject({
          ok: false,
          problem: 'the key "model" appears twice',
        });
      },
    ),
  );
});
