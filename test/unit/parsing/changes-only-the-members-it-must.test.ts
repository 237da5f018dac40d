import fc from 'fast-check';
import { expect, test } from 'vitest';
import { rewriteBody, streamOptionsWithUsage } from '../../../proxy/gateway/rewrite-body.ts';
import { type JsonDocument, parseStrictJson } from '../../../proxy/gateway/strict-json.ts';
import { exactJsonValue } from './json-values.ts';

async function documentOf(body: Buffer): Promise<JsonDocument> {
  const result = await parseStrictJson(body);
  if (!result.ok) throw new Error(result.problem);
  return result.document;
}

test('every member but the changed ones keeps its bytes', async () => {
  const key = fc.oneof(fc.string(), fc.constantFrom('max_tokens', 'stream_options'));
  const object = fc.dictionary(key, exactJsonValue(3), { maxKeys: 8 });
  await fc.assert(
    fc.asyncProperty(object, fc.constantFrom(0, 2), fc.nat(100_000), async (each, indent, max) => {
      const text = JSON.stringify(each, null, indent);
      const body = Buffer.from(text);
      const document = await documentOf(body);
      const changes = new Map([
        ['max_tokens', String(max)],
        ['stream_options', '{"include_usage":true}'],
      ]);
      const rewritten = rewriteBody(body, document, changes);
      expect(JSON.parse(rewritten.toString())).toEqual({
        ...JSON.parse(text),
        max_tokens: max,
        stream_options: { include_usage: true },
      });
      for (const { key: name, keyStart, valueEnd } of document.members) {
        if (!changes.has(name)) expect(rewritten.includes(body.subarray(keyStart, valueEnd))).toBe(true);
      }
    }),
  );
});

test('numbers and escapes stay as the client wrote them', async () => {
  const body = Buffer.from(' { "temperature": 1.50e0, "x": "\\u00e9", "n": 1234567890123456 } ');
  const rewritten = rewriteBody(body, await documentOf(body), new Map([['max_tokens', '5']]));
  expect(rewritten.toString()).toBe(
    ' {"max_tokens":5, "temperature": 1.50e0, "x": "\\u00e9", "n": 1234567890123456 } ',
  );
});

test('other stream options stay', async () => {
  const body = Buffer.from('{"stream_options":{"include_obfuscation":false,"include_usage":false}}');
  expect(JSON.parse(streamOptionsWithUsage(body, await documentOf(body)))).toEqual({
    include_obfuscation: false,
    include_usage: true,
  });
});
