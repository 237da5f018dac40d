import { classifyKey, type KeyKind } from './clean-key.ts';
import { fingerprint } from './fingerprint.ts';
import type { KeyFacts } from './key-state.ts';

/**
 * One key in memory and who still needs it. A request takes a lease and gives it back when its stream
 * ended; once the key was replaced, the last one to leave zeroes it.
 */
export class KeySlot {
  readonly fingerprint: string;
  readonly kind: KeyKind;
  /** Names what `reportRejected` talks about: a new number for each key, and for each new try of one. */
  generation: number;
  readonly #key: Buffer;
  #leases = 0;
  #retired = false;
  #zeroed = false;

  /** Takes ownership of a key that `cleanKey` returned. */
  constructor(key: Buffer, generation: number) {
    this.#key = key;
    this.generation = generation;
    this.fingerprint = fingerprint(key);
    this.kind = classifyKey(key);
  }

  get leases(): number {
    return this.#leases;
  }

  facts(): KeyFacts {
    return { generation: this.generation, fingerprint: this.fingerprint, kind: this.kind };
  }

  holds(key: Buffer): boolean {
    return this.#key.equals(key);
  }

  /** Null once the key was zeroed. */
  authorization(): AuthorizationHeader | null {
    if (this.#zeroed) return null;
    return new AuthorizationHeader(this.#key.toString('latin1'), this.generation);
  }

  lease(): KeyLease {
    this.#leases += 1;
    return new KeyLease(this, () => {
      this.#leases -= 1;
      this.#zeroWhenUnused();
    });
  }

  /** No new leases from now on; the key is zeroed when the last one ends. */
  retire(): void {
    this.#retired = true;
    this.#zeroWhenUnused();
  }

  /** At the end of the process: whatever streams remain are being cut. */
  zero(): void {
    this.#zeroed = true;
    this.#key.fill(0);
  }

  #zeroWhenUnused(): void {
    if (this.#retired && this.#leases === 0) this.zero();
  }
}

/**
 * The value of one request's `Authorization` header. `value` is a getter over a private field, so that
 * logging or serialising the object shows no key.
 */
export class AuthorizationHeader {
  readonly ok = true;
  readonly generation: number;
  readonly #key: string;

  constructor(key: string, generation: number) {
    this.#key = key;
    this.generation = generation;
  }

  get value(): string {
    return `Bearer ${this.#key}`;
  }
}

/** Keeps the key that a request was sent with until that request ended, whatever replaces it meanwhile. */
export class KeyLease {
  readonly generation: number;
  readonly fingerprint: string;
  readonly #slot: KeySlot;
  #end: (() => void) | null;

  constructor(slot: KeySlot, end: () => void) {
    this.generation = slot.generation;
    this.fingerprint = slot.fingerprint;
    this.#slot = slot;
    this.#end = end;
  }

  /**
   * The header for a follow-up of the same request (polling a background response), which only the key it
   * was sent with may see. Null once the lease was released or the ring closed.
   */
  authorization(): AuthorizationHeader | null {
    return this.#end === null ? null : this.#slot.authorization();
  }

  /** Once for each request; more often does nothing. */
  release(): void {
    this.#end?.();
    this.#end = null;
  }
}
