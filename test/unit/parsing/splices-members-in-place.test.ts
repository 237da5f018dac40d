import fc from 'fast-check';
import { expect, test } from 'vitest';
import { rewriteBody } from '../../../proxy/gateway/rewrite-body.ts';
import { parseStrictJson } from '../../../proxy/gateway/strict-json.ts';
import { exactJsonValue } from './json-values.ts';

const MARK = '@the only one@';
const members = fc.dictionary(
  fc.string({ unit: 'grapheme', maxLength: 6 }).map((key) => `${key}_`),
  exactJsonValue(3),
  { maxKeys: 6 },
);
const indent = fc.constantFrom(0, 1, '\t', '  \n\r ');

async function rewrite(text: string, changes: Record<string, string>): Promise<string> {
  const body = Buffer.from(text);
  const result = await parseStrictJson(body);
  if (!result.ok) throw new Error(result.problem);
  return rewriteBody(body, result.document, new Map(Object.entries(changes))).toString();
}

test('a member that is there is changed in its place, and no byte besides', async () => {
  await fc.assert(
    fc.asyncProperty(members, members, indent, async (before, after, space) => {
      const text = JSON.stringify({ ...before, max_tokens: MARK, ...after }, null, space);
      const expected = text.split(JSON.stringify(MARK)).join('5');
      expect(await rewrite(text, { max_tokens: '5' })).toBe(expected);
    }),
  );
});

test('a member that is missing comes first, and no byte else changes', async () => {
  await fc.assert(
    fc.asyncProperty(members, indent, fc.constantFrom('', ' ', '\n\t'), async (each, space, around) => {
      const text = `${around}${JSON.stringify(each, null, space)}${around}`;
      const rest = text.slice(text.indexOf('{') + 1);
      const comma = Object.keys(each).length > 0 ? ',' : '';
      expect(await rewrite(text, { max_tokens: '5' })).toBe(`${around}{"max_tokens":5${comma}${rest}`);
    }),
  );
});

test('a member of the same name further down is another one', async () => {
  expect(await rewrite('{"a":{"max_tokens":1},"b":[{"max_tokens":2}]}', { max_tokens: '9' })).toBe(
    '{"max_tokens":9,"a":{"max_tokens":1},"b":[{"max_tokens":2}]}',
  );
});

test('a name spelt with escapes is the same name, and keeps its spelling', async () => {
  expect(await rewrite('{"max\\u005ftokens" : 1 }', { max_tokens: '9' })).toBe('{"max\\u005ftokens" : 9 }');
});

test('A39 a member named __proto__ stays a member', async () => {
  expect(await rewrite('{"__proto__":1,"constructor":2}', { max_tokens: '9' })).toBe(
    '{"max_tokens":9,"__proto__":1,"constructor":2}',
  );
});

test('nothing to change is no change', async () => {
  expect(await rewrite(' {"a" : 1.0} ', {})).toBe(' {"a" : 1.0} ');
});
