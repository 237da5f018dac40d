import type { Registry } from './ledger/registry.ts';

/** Longer waits are waited for in pieces: a timer takes at most 24 days. */
const MAX_WAIT_MS = 24 * 3_600_000;

/** Pauses everything, for a while or until somebody resumes; has a timer only during a pause with an end. */
export class PauseClock {
  readonly #registry: Registry;
  readonly #now: () => number;
  readonly #onChange: () => void;
  readonly #onError: (error: unknown) => void;
  #timer: NodeJS.Timeout | null = null;

  constructor(
    registry: Registry,
    now: () => number,
    onChange: () => void,
    onError: (error: unknown) => void,
  ) {
    this.#registry = registry;
    this.#now = now;
    this.#onChange = onChange;
    this.#onError = onError;
    this.#wait();
  }

  async pause(untilMs: number | null): Promise<void> {
    await this.#become({ sinceMs: this.#now(), untilMs });
  }

  async resume(): Promise<void> {
    await this.#become(null);
  }

  close(): void {
    if (this.#timer) clearTimeout(this.#timer);
    this.#timer = null;
  }

  async #become(paused: Registry['pausedAll']): Promise<void> {
    const writing = this.#registry.pauseAll(paused);
    this.#wait();
    this.#onChange();
    await writing;
  }

  #wait(): void {
    this.close();
    const untilMs = this.#registry.pausedAll?.untilMs ?? null;
    if (untilMs === null) return;
    const leftMs = untilMs - this.#now();
    if (leftMs <= 0) this.resume().catch(this.#onError);
    else this.#timer = setTimeout(() => this.#wait(), Math.min(leftMs, MAX_WAIT_MS)).unref();
  }
}
