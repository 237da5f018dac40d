import fc from 'fast-check';
import { countTokens } from 'gpt-tokenizer/encoding/o200k_base';
import { afterAll, expect, test } from 'vitest';
import { countText } from '../../../proxy/gateway/counting/count-text.ts';
import { encodingOf } from '../../../proxy/gateway/counting/encodings.ts';
import { TokenCounter } from '../../../proxy/gateway/counting/token-counter.ts';

const counter = new TokenCounter();
afterAll(() => counter.close());

const plain = (text: string): number => countTokens(text, { disallowedSpecial: new Set() });
const PROSE = 'A budget is a promise: it says how much may be spent, and by whom.\n';

test('never counts fewer than the encoder', () => {
  const word = fc.oneof(
    fc.string({ unit: 'grapheme' }),
    fc.constantFrom('  ', '\n\n', '\t', '<|endoftext|>'),
  );
  fc.assert(
    fc.property(fc.array(word, { maxLength: 60 }), (words) => {
      const text = words.join(' ');
      expect(countText(text, plain)).toBeGreaterThanOrEqual(plain(text));
    }),
  );
});

test('is close to the encoder on what people write', () => {
  const text = PROSE.repeat(2_000);
  expect(countText(text, plain) / plain(text)).toBeLessThan(1.01);
});

test.each([
  ['letters', 'a'.repeat(2_000_000)],
  ['blanks', ' '.repeat(2_000_000)],
  ['emoji', '🪙'.repeat(500_000)],
])('bounds an unbroken run of %s by its bytes at once', (_name, text) => {
  const never = (): number => {
    throw new Error('the encoder was asked');
  };
  expect(countText(text, never)).toBe(Buffer.byteLength(text));
});

test('counts in a thread, special tokens as text', async () => {
  const text = `${PROSE}<|endoftext|>`;
  expect(await counter.count('o200k_base', [Buffer.from(text)])).toBe(plain(text) + 1);
});

test('gives a body that is too large back uncounted', async () => {
  expect(await counter.count('o200k_base', [Buffer.alloc(40 * 1024 * 1024)])).toBeNull();
});

test.each([
  ['gpt-5.4-mini', 'o200k_base'],
  ['ft:gpt-4o-mini:me::1', 'o200k_base'],
  ['gpt-4-turbo', 'cl100k_base'],
  ['text-embedding-3-small', 'cl100k_base'],
  ['somebody-elses-model', null],
])('knows the encoding of %s', (model, encoding) => {
  expect(encodingOf(model)).toBe(encoding);
});
