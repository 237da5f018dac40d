import { AppError, problemOf } from '../contract/errors.ts';
import { cleanKey } from './clean-key.ts';
import { type AuthorizationHeader, type KeyLease, KeySlot } from './key-slot.ts';
import { type KeyFacts, type KeyState, type NoAuthorization, nameOf, problemIn } from './key-state.ts';
import type { KeyStore } from './key-store.ts';

export type Authorization = AuthorizationHeader | NoAuthorization;

export interface KeyRingOptions {
  readonly store: KeyStore;
  /** A monotonic clock in milliseconds. */
  readonly now: () => number;
  /** A missing or unavailable key is looked for at most this often, when a request needs it. */
  readonly retryAfterMs?: number;
  /**
   * When a key in use is older than this, the next request has the store read again behind its back, so
   * that a key deleted or changed there is noticed. Never unless set: reading may prompt (macOS) or be
   * expensive (file).
   */
  readonly recheckAfterMs?: number;
  /** Called with each new state; must not throw. */
  readonly onStateChange?: (state: KeyState) => void;
}

const DEFAULT_RETRY_AFTER_MS = 3_000;

/**
 * The key the data plane sends. It stays in memory after the first load, so a request waits for no
 * keychain and a keychain that locks later stops nobody; the store is read again only when a request
 * finds no key, on `reload`, and after `recheckAfterMs`. Without timers of its own.
 *
 * Loads and changes of the store run one after the other: a load that began before `replace` cannot
 * bring the old key back.
 */
export class KeyRing {
  readonly #store: KeyStore;
  readonly #now: () => number;
  readonly #retryAfterMs: number;
  readonly #recheckAfterMs: number;
  readonly #onStateChange: (state: KeyState) => void;
  #slot: KeySlot | null = null;
  /** Replaced keys that requests still hold. */
  #retired: KeySlot[] = [];
  #state: KeyState = { status: 'unloaded' };
  #lastGeneration = 0;
  #loadedAtMs = Number.NEGATIVE_INFINITY;
  #queue: Promise<unknown> = Promise.resolve();
  #loading: Promise<KeyState> | null = null;
  #closed = false;

  constructor(options: KeyRingOptions) {
    this.#store = options.store;
    this.#now = options.now;
    this.#retryAfterMs = options.retryAfterMs ?? DEFAULT_RETRY_AFTER_MS;
    this.#recheckAfterMs = options.recheckAfterMs ?? Number.POSITIVE_INFINITY;
    this.#onStateChange = options.onStateChange ?? (() => undefined);
  }

  get state(): KeyState {
    return this.#state;
  }

  /** Replaced keys that are still in use, oldest first: safe to revoke once they are gone from here. */
  get retiring(): readonly (KeyFacts & { readonly leases: number })[] {
    this.#retired = this.#retired.filter((slot) => slot.leases > 0);
    return this.#retired.map((slot) => ({ ...slot.facts(), leases: slot.leases }));
  }

  /** The header for one request, now. Without a key it has the store read again, see {@link recover}. */
  authorization(): Authorization {
    if (this.#isDue()) void this.#load();
    const state = this.#state;
    if (state.status === 'ready') {
      const header = this.#slot?.authorization();
      if (header) return header;
    }
    if (state.status === 'rejected') {
      return { ok: false, code: 'key_rejected', problem: 'OpenAI answered 401 to it' };
    }
    return { ok: false, code: 'key_unavailable', problem: problemIn(state) };
  }

  /** As {@link authorization}, but waits for the load that is due or under way. Never throws. */
  async recover(): Promise<Authorization> {
    const now = this.authorization();
    if (now.ok || this.#loading === null) return now;
    await this.#loading;
    return this.authorization();
  }

  /** For one request, to be released when its stream ended. Null while there is no key to send. */
  lease(): KeyLease | null {
    if (this.#isDue()) void this.#load();
    return this.#state.status === 'ready' && this.#slot !== null ? this.#slot.lease() : null;
  }

  /**
   * Reads the store now. The same key changes nothing, not even a rejection; another one takes over; no
   * key is `missing`. A store that fails leaves a key that is in use alone and says so in `storeError`.
   */
  reload(): Promise<KeyState> {
    // Not the load under way: that one may have read the store before the change that is asked about.
    return this.#exclusive(() => this.#read());
  }

  /**
   * Rotation: stores the key, then swaps it in between two requests. The old one lives on until its last
   * lease ended. The argument is copied and stays the caller's to zero.
   * @throws AppError those of `cleanKey` and of the store; the key in use is then still the old one
   */
  replace(newKey: Buffer): Promise<KeyState> {
    return this.#exclusive(async () => {
      const key = cleanKey(newKey);
      try {
        await this.#store.set(key);
      } catch (error) {
        key.fill(0);
        throw error;
      }
      this.#loadedAtMs = this.#now();
      this.#take(key);
      // The rejected key once more: whoever stores it again has a reason to think that it works now.
      this.retryRejected();
      return this.#state;
    });
  }

  /**
   * Removes the key from the store and from memory. False when the store had none.
   * @throws AppError those of the store; the key stays in use
   */
  remove(): Promise<boolean> {
    return this.#exclusive(async () => {
      const removed = await this.#store.remove();
      this.#drop({ status: 'missing' });
      return removed;
    });
  }

  /** Upstream answered 401. Ignored when that request was sent with an older key or before a new try. */
  reportRejected(generation: number): void {
    if (this.#slot?.generation !== generation || this.#state.status !== 'ready') return;
    this.#become({ status: 'rejected', ...this.#slot.facts() });
  }

  /** Lets the rejected key be tried again, as a generation of its own, so that late 401s do not count. */
  retryRejected(): void {
    if (this.#state.status !== 'rejected' || this.#slot === null) return;
    this.#lastGeneration += 1;
    this.#slot.generation = this.#lastGeneration;
    this.#become({ status: 'ready', ...this.#slot.facts(), storeError: null });
  }

  /** Zeroes every key, those of running streams too. Afterwards there is no key and nothing is loaded. */
  close(): void {
    this.#closed = true;
    for (const slot of this.#retired) slot.zero();
    this.#slot?.zero();
    this.#slot = null;
    this.#retired = [];
    this.#become({ status: 'unloaded' });
  }

  #isDue(): boolean {
    if (this.#closed || this.#loading !== null) return false;
    const ageMs = this.#now() - this.#loadedAtMs;
    switch (this.#state.status) {
      case 'unloaded':
        return true;
      case 'missing':
      case 'unavailable':
        return ageMs >= this.#retryAfterMs;
      case 'ready':
        return ageMs >= this.#recheckAfterMs;
      case 'rejected':
        return false;
    }
  }

  /** The one load that requests share. Never rejects: what goes wrong becomes the state. */
  #load(): Promise<KeyState> {
    this.#loading ??= this.#enqueue(() => this.#read()).finally(() => {
      this.#loading = null;
    });
    return this.#loading;
  }

  async #read(): Promise<KeyState> {
    if (this.#closed) return this.#state;
    let stored: Buffer | null = null;
    try {
      stored = await this.#store.get();
      if (stored === null) return this.#drop({ status: 'missing' });
      return this.#take(cleanKey(stored));
    } catch (error) {
      return this.#failed(asAppError(error));
    } finally {
      stored?.fill(0);
      this.#loadedAtMs = this.#now();
    }
  }

  /** Puts a key in use; takes ownership of it. */
  #take(key: Buffer): KeyState {
    if (this.#closed || this.#slot?.holds(key)) {
      key.fill(0);
      if (this.#state.status === 'ready') this.#become({ ...this.#state, storeError: null });
      return this.#state;
    }
    this.#retire();
    this.#lastGeneration += 1;
    this.#slot = new KeySlot(key, this.#lastGeneration);
    return this.#become({ status: 'ready', ...this.#slot.facts(), storeError: null });
  }

  #drop(state: KeyState): KeyState {
    this.#retire();
    return this.#become(state);
  }

  #failed(error: AppError): KeyState {
    if (this.#state.status === 'ready') return this.#become({ ...this.#state, storeError: error });
    if (this.#state.status === 'rejected') return this.#state;
    return this.#become({ status: 'unavailable', error });
  }

  #retire(): void {
    if (this.#slot === null) return;
    this.#slot.retire();
    this.#retired = [...this.#retired, this.#slot].filter((slot) => slot.leases > 0);
    this.#slot = null;
  }

  #become(state: KeyState): KeyState {
    if (this.#closed && state.status !== 'unloaded') return this.#state;
    const changed = nameOf(state) !== nameOf(this.#state);
    this.#state = state;
    if (changed) this.#onStateChange(state);
    return state;
  }

  #exclusive<T>(work: () => Promise<T>): Promise<T> {
    return this.#enqueue(() => {
      if (this.#closed) throw new AppError('shutting_down');
      return work();
    });
  }

  #enqueue<T>(work: () => Promise<T>): Promise<T> {
    const result = this.#queue.then(work);
    this.#queue = Promise.allSettled([result]);
    return result;
  }
}

/** Stores throw AppErrors; whatever else comes up is told without a cause, as it may have seen the key. */
function asAppError(error: unknown): AppError {
  if (error instanceof AppError) return error;
  const problem = problemOf(error).replace(/sk-[A-Za-z0-9_-]+/g, '[key]');
  return new AppError('key_unavailable', { problem });
}
