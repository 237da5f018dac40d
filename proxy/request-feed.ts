/**
 * Tells followers that a request began or ended, by its number; they read the rest from the ledger.
 * A follower that does not keep up loses the oldest numbers, not the engine its memory.
 */
const MAX_BEHIND = 10_000;

export class RequestFeed {
  readonly #followers = new Set<Follower>();

  onRequest(seq: number): void {
    for (const follower of this.#followers) follower.offer(seq);
  }

  /** Numbers of requests as they happen; ends when the signal aborts. */
  async *follow(signal: AbortSignal): AsyncGenerator<number[]> {
    const follower = new Follower();
    this.#followers.add(follower);
    const wake = (): void => follower.wake();
    signal.addEventListener('abort', wake);
    try {
      while (!signal.aborted) {
        const batch = follower.take();
        if (batch.length > 0) yield batch;
        else await follower.more();
      }
    } finally {
      signal.removeEventListener('abort', wake);
      this.#followers.delete(follower);
    }
  }
}

class Follower {
  #seqs: number[] = [];
  #wake: (() => void) | null = null;

  offer(seq: number): void {
    this.#seqs.push(seq);
    if (this.#seqs.length > MAX_BEHIND) this.#seqs.splice(0, MAX_BEHIND / 2);
    this.wake();
  }

  take(): number[] {
    const taken = this.#seqs;
    this.#seqs = [];
    return taken;
  }

  more(): Promise<void> {
    return new Promise((resolve) => {
      this.#wake = resolve;
    });
  }

  wake(): void {
    this.#wake?.();
    this.#wake = null;
  }
}
