import { timingSafeEqual } from 'node:crypto';

/**
 * A copy in memory of its own. `Buffer.from` would carve it out of the pool that all small Buffers
 * share, where an unrelated bug that reads past its slice could see it.
 */
export function copyKey(key: Buffer): Buffer {
  const copy = Buffer.alloc(key.length);
  key.copy(copy);
  return copy;
}

export function sameKey(a: Buffer, b: Buffer): boolean {
  return a.length === b.length && timingSafeEqual(a, b);
}
