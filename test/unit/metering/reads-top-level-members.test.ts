import fc from 'fast-check';
import { expect, test } from 'vitest';
import { topLevelMembers } from '../../../proxy/gateway/metering/top-level.ts';

const WANTED = ['usage', 'model'];
const space = fc.constantFrom('', ' ', '\n\t');

test('reads of any JSON object what JSON.parse would', () => {
  const value = fc.jsonValue({ maxDepth: 4 });
  const object = fc.dictionary(fc.oneof(fc.string(), fc.constantFrom(...WANTED)), value);
  fc.assert(
    fc.property(object, fc.constantFrom(0, 1, 2), space, (each, indent, around) => {
      const text = `${around}${JSON.stringify(each, null, indent)}${around}`;
      const expected = Object.fromEntries(
        Object.entries(JSON.parse(text)).filter(([key]) => WANTED.includes(key)),
      );
      expect(topLevelMembers(text, WANTED)).toEqual(expected);
    }),
  );
});

test('a text that was cut is never taken for a whole answer', () => {
  const text = JSON.stringify({ model: 'm', choices: [{ text: 'a "b" \\ {' }], usage: { total_tokens: 3 } });
  for (let end = 0; end < text.length; end += 1)
    expect(topLevelMembers(text.slice(0, end), WANTED)).toBeNull();
});

test.each([['[]'], ['"usage"'], ['{} {}'], ['{"usage":1}x'], ['<html>'], ['{"a" 1}'], ['{,}']])(
  'refuses %j',
  (text) => {
    expect(topLevelMembers(text, WANTED)).toBeNull();
  },
);
