import { expect, it } from 'vitest';
import { prosePieces, textOf } from '../../../proxy/demo/prose.ts';
import { seededRandom } from '../../../proxy/demo/seeded-random.ts';
import { SENTENCES, SLOTS } from '../../../proxy/demo/sentences.ts';
import { loadTokenizer } from '../../../proxy/demo/tokenizer.ts';

const tokenizer = await loadTokenizer();

it('knows only words that are one token', () => {
  const words = new Set<string>();
  for (const sentence of SENTENCES) {
    const [first = '', ...rest] = sentence.replaceAll(/[.,:;]/g, '').split(' ');
    for (const word of [first, ` ${first}`, ...rest.map((each) => ` ${each}`)]) {
      if (!Object.hasOwn(SLOTS, word.trim())) words.add(word);
    }
  }
  for (const list of Object.values(SLOTS)) for (const word of list) words.add(` ${word}`);
  const wrong = [...words].filter((word) => tokenizer.count(word) !== 1);
  expect(wrong).toEqual([]);
});

it('makes texts of exactly as many tokens as pieces, wherever they are cut', () => {
  for (let seed = 0; seed < 500; seed++) {
    const whole = prosePieces(seededRandom(seed), 60, 400);
    const cut = whole.slice(0, 1 + (seed % whole.length));
    expect(tokenizer.count(textOf(whole))).toBe(whole.length);
    expect(tokenizer.count(textOf(cut))).toBe(cut.length);
  }
});

it('splits any text into pieces that join to it and add up to its count', () => {
  for (const text of [
    '{"city":"Zürich","note":"日本語 👩‍👩‍👧 ok"}',
    '',
    'naïve — “quotes”',
    '🙂'.repeat(20),
  ]) {
    const pieces = tokenizer.pieces(text);
    expect(textOf(pieces)).toBe(text);
    expect(pieces.reduce((sum, piece) => sum + piece.tokens, 0)).toBe(tokenizer.count(text));
  }
});

it('counts an unbroken run of 200,000 characters without stalling', () => {
  const startedAtMs = performance.now();
  expect(tokenizer.count('a'.repeat(200_000))).toBeGreaterThan(20_000);
  expect(performance.now() - startedAtMs).toBeLessThan(5000);
});
