import { Worker } from 'node:worker_threads';
import { threadEnv } from '../../ledger/thread.ts';
import type { Encoding } from './encodings.ts';

export interface CountCall {
  readonly id: number;
  readonly encoding: Encoding;
  /** UTF-8 text in pieces; media between them was taken out. */
  readonly pieces: readonly Uint8Array[];
}

export interface CountReply {
  readonly id: number;
  /** Null when the text could not be counted. */
  readonly tokens: number | null;
}

/** The tables of an encoding take some 70 MB, which an engine that is not near a cap should not pay. */
const IDLE_MS = 30_000;
/** A count that takes so long is given up; the cheap bound then decides. */
const TIMEOUT_MS = 5_000;
const MAX_WAITING_BYTES = 32 * 1024 * 1024;

/**
 * Counts the tokens of request bodies exactly, in a thread of its own: needed only where the bytes of a
 * body, which are the cheap bound of its tokens, do not fit a limit. Close it at the end.
 */
export class TokenCounter {
  readonly #waiting = new Map<number, (tokens: number | null) => void>();
  #worker: Worker | null = null;
  #idle: NodeJS.Timeout | null = null;
  #waitingBytes = 0;
  #nextId = 1;

  /** Resolves to null when nobody can tell in time. Never rejects. */
  async count(encoding: Encoding, pieces: readonly Uint8Array[]): Promise<number | null> {
    const bytes = pieces.reduce((sum, piece) => sum + piece.length, 0);
    if (this.#waitingBytes + bytes > MAX_WAITING_BYTES) return null;
    this.#waitingBytes += bytes;
    const worker = this.#open();
    const id = this.#nextId++;
    try {
      return await new Promise<number | null>((resolve) => {
        // Whatever holds the thread up holds up everyone behind it too, so it goes.
        const timer = setTimeout(() => this.#lose(worker), TIMEOUT_MS);
        this.#waiting.set(id, (tokens) => {
          clearTimeout(timer);
          resolve(tokens);
        });
        worker.postMessage({ id, encoding, pieces } satisfies CountCall);
      });
    } finally {
      this.#waitingBytes -= bytes;
      if (this.#waiting.size === 0) this.#rest();
    }
  }

  async close(): Promise<void> {
    if (this.#idle) clearTimeout(this.#idle);
    const worker = this.#worker;
    if (worker) await this.#lose(worker);
  }

  #open(): Worker {
    if (this.#idle) clearTimeout(this.#idle);
    this.#idle = null;
    if (this.#worker) return this.#worker;
    const extension = import.meta.url.endsWith('.ts') ? 'ts' : 'js';
    const worker = new Worker(new URL(`./token-counter-worker.${extension}`, import.meta.url), {
      env: threadEnv(),
    });
    worker.on('message', ({ id, tokens }: CountReply) => this.#answer(id, tokens));
    worker.on('error', () => void this.#lose(worker));
    worker.on('exit', () => void this.#lose(worker));
    worker.unref();
    this.#worker = worker;
    return worker;
  }

  #answer(id: number, tokens: number | null): void {
    const resolve = this.#waiting.get(id);
    this.#waiting.delete(id);
    resolve?.(tokens);
  }

  async #lose(worker: Worker): Promise<void> {
    if (this.#worker === worker) {
      this.#worker = null;
      for (const id of [...this.#waiting.keys()]) this.#answer(id, null);
    }
    await worker.terminate();
  }

  #rest(): void {
    this.#idle = setTimeout(() => void this.close(), IDLE_MS);
    this.#idle.unref();
  }
}
