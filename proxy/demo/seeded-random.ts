import { crc32 } from 'node:zlib';

/** A repeatable source of numbers in [0, 1): the same seed gives the same sequence (mulberry32). */
export interface SeededRandom {
  next(): number;
  /** An integer in [min, max], both included. */
  between(min: number, max: number): number;
  pick<T>(values: readonly T[]): T;
}

export function seededRandom(seed: number): SeededRandom {
  let state = seed >>> 0;
  const next = (): number => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
  return {
    next,
    between: (min, max) => min + Math.floor(next() * (max - min + 1)),
    pick: <T>(values: readonly T[]): T => {
      const value = values[Math.floor(next() * values.length)];
      if (value === undefined) throw new RangeError('Nothing to pick from.');
      return value;
    },
  };
}

/** A seed from texts, in order; equal texts give an equal seed on every machine. */
export function seedOf(texts: Iterable<string | Uint8Array>): number {
  let seed = 0;
  for (const text of texts) seed = crc32(text, seed);
  return seed;
}
