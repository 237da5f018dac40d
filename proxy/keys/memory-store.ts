import { copyKey } from './key-bytes.ts';
import type { KeyStore } from './key-store.ts';

/** A key that lives as long as the process: the demo and tests. */
export class MemoryStore implements KeyStore {
  readonly kind = 'memory';
  readonly backend = 'memory';
  readonly canWrite = true;
  #key: Buffer | null;

  constructor(key: Buffer | null = null) {
    this.#key = key === null ? null : copyKey(key);
  }

  async get(): Promise<Buffer | null> {
    return this.#key === null ? null : copyKey(this.#key);
  }

  async set(key: Buffer): Promise<void> {
    const copy = copyKey(key);
    this.#key?.fill(0);
    this.#key = copy;
  }

  async remove(): Promise<boolean> {
    const had = this.#key !== null;
    this.#key?.fill(0);
    this.#key = null;
    return had;
  }
}
