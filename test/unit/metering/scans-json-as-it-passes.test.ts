import fc from 'fast-check';
import { expect, test } from 'vitest';
import { JsonScanner } from '../../../proxy/gateway/metering/json-scanner.ts';
import { anyCuts, cutAt, singleBytes } from './cut-chunks.ts';

const WANTED = ['usage', 'model', 'choices'];

function scan(chunks: readonly Buffer[]): JsonScanner {
  const scanner = new JsonScanner(WANTED);
  for (const chunk of chunks) scanner.push(chunk);
  return scanner;
}

/** Keys as OpenAI writes them: no escapes, which the scanner does not undo. */
const key = fc.oneof(fc.constantFrom(...WANTED, 'usage2', 'a key'), fc.stringMatching(/^[a-zäöü_]{0,6}$/));
const object = fc.dictionary(key, fc.jsonValue({ maxDepth: 4, stringUnit: 'grapheme' }), { maxKeys: 8 });
const indent = fc.constantFrom(0, 1, '\t');

test('finds what JSON.parse finds, wherever the document is cut', () => {
  fc.assert(
    fc.property(object, indent, anyCuts, (each, space, cuts) => {
      const text = JSON.stringify(each, null, space);
      const scanner = scan(cutAt(Buffer.from(text), cuts));
      expect(scanner.complete).toBe(true);
      const found = [...scanner.found].map(([name, member]) => [name, JSON.parse(member.text)]);
      const parsed = Object.entries(JSON.parse(text)).filter(([name]) => WANTED.includes(name));
      expect(Object.fromEntries(found)).toEqual(Object.fromEntries(parsed));
    }),
    { numRuns: 500 },
  );
});

test('knows where each member stands', () => {
  fc.assert(
    fc.property(object, indent, anyCuts, (each, space, cuts) => {
      const bytes = Buffer.from(JSON.stringify(each, null, space));
      for (const [name, member] of scan(cutAt(bytes, cuts)).found) {
        expect(bytes.toString('utf8', member.keyStart, member.keyStart + name.length + 2)).toBe(`"${name}"`);
        expect(bytes.toString('utf8', member.valueStart, member.valueEnd)).toBe(member.text);
      }
    }),
  );
});

test('a document that was cut short is not complete', () => {
  const text = JSON.stringify({ choices: [{ text: 'a "b" }\\' }], usage: { total: 1 } });
  for (let end = 0; end < text.length; end += 1) {
    expect(scan(singleBytes(Buffer.from(text.slice(0, end)))).complete).toBe(false);
  }
});

test('of a member given twice the last counts, as with JSON.parse', () => {
  expect(scan([Buffer.from('{"usage":1,"usage":{"a":2}}')]).found.get('usage')?.text).toBe('{"a":2}');
});

test('members of inner objects and elements of arrays are not members', () => {
  expect(scan([Buffer.from('{"a":{"usage":1},"b":["usage",{"usage":2}]}')]).found.size).toBe(0);
  expect(scan([Buffer.from('["usage",{"usage":2}]')]).found.size).toBe(0);
});

test('a value too long to be kept has its place, and no text', () => {
  const text = `{"choices":["${'x'.repeat(300_000)}"] , "usage":{"a":1}}`;
  const { found } = scan(cutAt(Buffer.from(text), [1_000, 270_000]));
  expect(found.get('choices')).toMatchObject({ text: '', valueStart: 11 });
  expect(text.slice(11, found.get('choices')?.valueEnd).trimEnd().endsWith(']')).toBe(true);
  expect(found.get('usage')?.text).toBe('{"a":1}');
});

test('escapes in a long text are not paid for with a search each', () => {
  const text = JSON.stringify({ choices: '\n'.repeat(2_000_000), usage: 1 });
  const scanner = scan([Buffer.from(text)]);
  expect(scanner.found.get('usage')?.text).toBe('1');
});

test('bytes that are no JSON at all do no harm', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 200 }), anyCuts, (bytes, cuts) => {
      const whole = scan([Buffer.from(bytes)]);
      const cut = scan(cutAt(Buffer.from(bytes), cuts));
      expect(cut.complete).toBe(whole.complete);
      expect([...cut.found.keys()]).toEqual([...whole.found.keys()]);
    }),
  );
});
