import fc from 'fast-check';
import { expect, test } from 'vitest';
import {
  JsonArray,
  type JsonDocument,
  JsonObject,
  type JsonValue,
  LongText,
  MAX_DEPTH,
  parseStrictJson,
} from '../../../proxy/gateway/strict-json.ts';
import { exactJsonValue } from './json-values.ts';

const read = async (text: string | Buffer) => await parseStrictJson(Buffer.from(text as string));

function plain(value: JsonValue | undefined, body: Buffer): unknown {
  if (value instanceof JsonArray) return value.items.map((item) => plain(item, body));
  if (value instanceof JsonObject) {
    return Object.fromEntries(value.keys.map((key, index) => [key, plain(value.values[index], body)]));
  }
  if (value instanceof LongText) return JSON.parse(`"${body.toString('utf8', value.start, value.end)}"`);
  return value;
}

async function documentOf(text: string): Promise<JsonDocument> {
  const result = await read(text);
  if (!result.ok) throw new Error(result.problem);
  return result.document;
}

test('reads what JSON.parse reads, and knows where each member stands', async () => {
  const object = fc.dictionary(fc.string({ unit: 'grapheme' }), exactJsonValue(5), {
    maxKeys: 12,
  });
  await fc.assert(
    fc.asyncProperty(object, fc.constantFrom(0, 1), async (each, indent) => {
      const text = JSON.stringify(each, null, indent);
      const document = await documentOf(text);
      expect(plain(document.root, Buffer.from(text))).toEqual(JSON.parse(text));
      const body = Buffer.from(text);
      for (const { key, valueStart, valueEnd } of document.members) {
        expect(JSON.parse(body.toString('utf8', valueStart, valueEnd))).toEqual(JSON.parse(text)[key]);
      }
    }),
  );
});

test('reads a text of megabytes without copying it out', async () => {
  const long = 'a "quoted" 🪙 '.repeat(200_000);
  const text = JSON.stringify({ messages: [{ content: long }] });
  expect(plain((await documentOf(text)).root, Buffer.from(text))).toEqual({ messages: [{ content: long }] });
});

const UTF16 = Buffer.from('{"model":"gpt"}', 'utf16le');
test.each<[string, string | Buffer]>([
  ['A33 a duplicate key', '{"model":"cheap","model":"expensive"}'],
  ['A33 a duplicate key spelt with an escape', '{"model":"cheap","mod\\u0065l":"expensive"}'],
  ['A33 a duplicate key far below', '{"a":[{"b":{"c":1,"c":2}}]}'],
  ['A33 a duplicate key among many', `{${Array.from({ length: 20 }, (_, i) => `"k${i}":1`).join()},"k3":2}`],
  ['A36 something behind the document', '{"a":1} x'],
  ['A36 two documents', '{"a":1}{"b":2}'],
  ['A36 lines of documents', '{"a":1}\n{"b":2}'],
  ['A36 a comment', '{"a":1/*x*/}'],
  ['A36 NaN', '{"a":NaN}'],
  ['A36 Infinity', '{"a":-Infinity}'],
  ['A36 a number no double holds', '{"a":1e400}'],
  ['A36 a leading zero', '{"a":01}'],
  ['A36 a plus sign', '{"a":+1}'],
  ['A36 a hexadecimal number', '{"a":0x10}'],
  ['A36 single quotes', "{'a':1}"],
  ['A36 a trailing comma', '{"a":1,}'],
  ['A36 a byte-order mark', '\ufeff{"a":1}'],
  ['A36 invalid UTF-8', Buffer.from([0x7b, 0x22, 0x61, 0x22, 0x3a, 0x22, 0xff, 0x22, 0x7d])],
  ['A36 UTF-16', UTF16],
  ['A36 a control character in a text', '{"a":"\u0000"}'],
  ['A36 half an escape', '{"a":"\\u12"}'],
  ['A37 an array', '[{"model":"x"}]'],
  ['A37 a text', '"model"'],
  ['A37 null', 'null'],
  ['A37 nothing', ''],
  ['A37 white space', ' \n '],
  ['A37 an object that does not end', '{"a":{"b":1}'],
  ['A37 a depth of 65', `{"a":${'['.repeat(MAX_DEPTH)}${']'.repeat(MAX_DEPTH)}}`],
  ['A37 a depth of 100,000', '['.repeat(100_000)],
  ['A37 a million keys', `{${Array.from({ length: 1_000_000 }, (_, i) => `"${i}":1`).join()}}`],
  ['A37 a million values', `{"a":[${'1,'.repeat(1_000_000)}1]}`],
])('refuses %s', async (_name, text) => {
  const startMs = performance.now();
  expect(await read(text)).toMatchObject({ ok: false, problem: expect.stringMatching(/./) });
  expect(performance.now() - startMs).toBeLessThan(5_000);
});

test('A37 a depth of 64 is read', async () => {
  const inner = MAX_DEPTH - 1;
  expect((await read(`{"a":${'['.repeat(inner)}${']'.repeat(inner)}}`)).ok).toBe(true);
});

test('A39 __proto__ and constructor are keys like any other', async () => {
  const document = await documentOf('{"__proto__":{"x":1},"constructor":{"prototype":{"x":1}}}');
  expect(document.root.keys).toEqual(['__proto__', 'constructor']);
  expect(({} as Record<string, unknown>)['x']).toBeUndefined();
});
