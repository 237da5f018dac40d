import type { Refusal } from './refusal.ts';

/** A request under way, as far as others may act on it. */
export interface LiveRequest {
  readonly appNum: number;
  readonly tokenId: number;
  /** Ends it for the client now; what was held is settled as far as it can be known. */
  cut(refusal: Refusal): void;
}

/** Everything under way, so that a pause, a revoked token or the end of the process can stop it. */
export class LiveRequests {
  readonly #live = new Set<LiveRequest>();
  readonly #idle: (() => void)[] = [];

  get size(): number {
    return this.#live.size;
  }

  add(request: LiveRequest): void {
    this.#live.add(request);
  }

  remove(request: LiveRequest): void {
    this.#live.delete(request);
    if (this.#live.size === 0) for (const resolve of this.#idle.splice(0)) resolve();
  }

  cut(which: (request: LiveRequest) => boolean, refusal: Refusal): void {
    for (const request of [...this.#live]) if (which(request)) request.cut(refusal);
  }

  /** Resolves when nothing is under way, or after `timeoutMs`. True when all had ended by then. */
  async drained(timeoutMs: number): Promise<boolean> {
    if (this.#live.size === 0) return true;
    let timer: NodeJS.Timeout | undefined;
    await Promise.race([
      new Promise<void>((resolve) => this.#idle.push(resolve)),
      new Promise<void>((resolve) => {
        timer = setTimeout(resolve, timeoutMs);
      }),
    ]);
    clearTimeout(timer);
    return this.#live.size === 0;
  }
}
