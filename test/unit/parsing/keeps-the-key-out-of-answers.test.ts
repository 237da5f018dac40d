import fc from 'fast-check';
import { expect, test } from 'vitest';
import { KeyShield, maskEchoes } from '../../../proxy/gateway/key-shield.ts';

const KEY = 'sk-proj-AbC_123-sksk-proj-AbC_124-xyz';

function pass(chunks: readonly Buffer[], key = KEY): string {
  const shield = new KeyShield(key);
  const out = chunks.map((chunk) => Buffer.from(shield.push(chunk)).toString('latin1'));
  return out.join('') + (shield.end()?.toString('latin1') ?? '');
}

/** Texts made of the key, of parts of it and of other things. */
const piece = fc.oneof(
  fc.constant(KEY),
  fc.nat(KEY.length).map((end) => KEY.slice(0, end)),
  fc.nat(KEY.length).map((start) => KEY.slice(start)),
  fc.string({ maxLength: 5 }),
  fc.constantFrom('"', ' ', 'sk-', 'Bearer '),
);
const text = fc.array(piece, { maxLength: 12 }).map((pieces) => Buffer.from(pieces.join('')));

function cut(bytes: Buffer, places: readonly number[]): Buffer[] {
  const cuts = [...new Set(places.map((place) => place % (bytes.length + 1)))].sort((a, b) => a - b);
  return [...cuts, bytes.length].map((place, index) => bytes.subarray(cuts[index - 1] ?? 0, place));
}

test('I5 the key is in no answer, wherever it was cut, and all else stays', () => {
  fc.assert(
    fc.property(text, fc.array(fc.nat(500), { maxLength: 10 }), (bytes, places) => {
      const clean = pass(cut(bytes, places));
      expect(clean).not.toContain(KEY);
      expect(clean).toBe(bytes.toString('latin1').replaceAll(KEY, '*'.repeat(KEY.length)));
    }),
    { numRuns: 1_000 },
  );
});

test('I5 byte by byte, too', () => {
  const bytes = Buffer.from(`{"a":"${KEY}${KEY}${KEY.slice(0, -1)}"}`);
  expect(pass([...bytes].map((byte) => Buffer.from([byte])))).toBe(pass([bytes]));
});

test('a key that begins with itself is found', () => {
  const key = 'sk-aaaaaaaaab';
  expect(pass([Buffer.from('sk-sk-aaaaaaaaaaaab sk-aaa'), Buffer.from('aaaaaab')], key)).toBe(
    'sk-sk-aaaaaaaaaaaab *************',
  );
});

test('an answer without the key is passed as it is, without a copy', () => {
  const chunk = Buffer.from('data: {"choices":[]}\n\n');
  expect(new KeyShield(KEY).push(chunk)).toBe(chunk);
});

test('I5 a header that holds the key is known', () => {
  const shield = new KeyShield(KEY);
  expect(shield.hasKey(`Bearer ${KEY}`)).toBe(true);
  expect(shield.hasKey(KEY.slice(1))).toBe(false);
});

test.each([
  ['Incorrect API key provided: sk-proj-****abcd. You', 'Incorrect API key provided: ****************. You'],
  ['sk-********************************************wxyz', '*'.repeat(51)],
  ['"sk-admin-AB_c**', `"${'*'.repeat(15)}`],
  ['keysk-a**b', 'key*******'],
  ['Bearer%20sk-a**b', 'Bearer%20*******'],
  ['sk-a**b sk-c***d', '******* ********'],
  ['sk-a**b**c', '**********'],
])('I5 what OpenAI leaves of a key is overwritten: %j', (body, expected) => {
  expect(maskEchoes(Buffer.from(body)).toString()).toBe(expected);
});

test.each([['**bold** text'], ['sk-proj-abc*'], ['a ** sk-x'], ['sk- **'], ['task-force'], [''], ['*']])(
  'what is no echo stays: %j',
  (body) => {
    const bytes = Buffer.from(body);
    expect(maskEchoes(bytes)).toBe(bytes);
  },
);

test('I5 no echo of a key is left in any text, and its length stays', () => {
  const part = fc.oneof(
    fc.stringMatching(/^sk-[A-Za-z0-9_-]{0,8}\*{2,6}[A-Za-z0-9]{0,4}$/),
    fc.constantFrom('**', 'sk-', '"', ' ', 'x', '*', 'ü'),
  );
  fc.assert(
    fc.property(fc.array(part, { maxLength: 10 }), (parts) => {
      const body = Buffer.from(parts.join(''));
      const masked = maskEchoes(body).toString('latin1');
      expect(masked).toHaveLength(body.length);
      expect(masked).not.toMatch(/sk-[A-Za-z0-9_-]*\*{2}/);
    }),
  );
});

test('a long text of beginnings without an end is read once', () => {
  for (const unit of ['sk-', 'sk-*', 'a', '*', '**a', '**sk-']) {
    const body = Buffer.from(unit.repeat(400_000));
    expect(maskEchoes(body)).toHaveLength(body.length);
  }
});
