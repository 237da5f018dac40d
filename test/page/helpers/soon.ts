import { expect } from 'vitest';

/** Expects something of a value that the page or the engine is about to have. */
export function soon<Value>(read: () => Value | Promise<Value>) {
  return expect.poll(read, { timeout: 15_000, interval: 50 });
}
