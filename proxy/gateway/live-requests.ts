import type { OpenHold } from './open-holds.ts';
import type { Refusal } from './refusal.ts';

/** A request under way, as far as others may act on it. */
export interface LiveRequest {
  readonly appNum: number;
  readonly tokenId: number;
  /** What it holds; nothing before it was admitted. */
  readonly openHolds: readonly OpenHold[];
  /** Whether anything is under way: an open socket may have nothing to do. */
  readonly isBusy: boolean;
  /** Ends it for the client now; what was held is settled as far as it can be known. */
  cut(refusal: Refusal): void;
  /** Begins nothing new: what waits for further requests ends when those it has are done. */
  finish(): void;
}

/**
 * Everything under way, so that a pause, a revoked token or the end of the process can stop it.
 *
 * Slots of an array instead of a Set: under constant adding and deleting a Set leaves behind tables that
 * point to their successors, and once one of them is in the old generation it keeps dead requests alive
 * there until the next full collection.
 */
export class LiveRequests {
  readonly #slots: (LiveRequest | null)[] = [];
  readonly #free: number[] = [];
  readonly #idle: (() => void)[] = [];
  #size = 0;

  get size(): number {
    return this.#size;
  }

  /** How many have something under way. */
  get busy(): number {
    return this.#slots.filter((request) => request?.isBusy).length;
  }

  /** Returns the slot to give back with {@link remove}. */
  add(request: LiveRequest): number {
    this.#size += 1;
    const slot = this.#free.pop() ?? this.#slots.length;
    this.#slots[slot] = request;
    return slot;
  }

  remove(slot: number): void {
    this.#slots[slot] = null;
    this.#free.push(slot);
    this.#size -= 1;
    if (this.#size === 0) for (const resolve of this.#idle.splice(0)) resolve();
  }

  cut(which: (request: LiveRequest) => boolean, refusal: Refusal): void {
    for (const request of [...this.#slots]) if (request && which(request)) request.cut(refusal);
  }

  finish(): void {
    for (const request of [...this.#slots]) request?.finish();
  }

  get openHolds(): OpenHold[] {
    return this.#slots.flatMap((request) => request?.openHolds ?? []);
  }

  /** Resolves when nothing is under way, or after `timeoutMs`. True when all had ended by then. */
  async drained(timeoutMs: number): Promise<boolean> {
    if (this.#size === 0) return true;
    let timer: NodeJS.Timeout | undefined;
    await Promise.race([
      new Promise<void>((resolve) => this.#idle.push(resolve)),
      new Promise<void>((resolve) => {
        timer = setTimeout(resolve, timeoutMs);
      }),
    ]);
    clearTimeout(timer);
    return this.#size === 0;
  }
}
