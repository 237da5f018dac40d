import type { RefusalEntry } from '../ledger/entries.ts';

type Write = (entry: RefusalEntry) => void;

export type RefusedRequest = Omit<RefusalEntry, 'kind' | 'count' | 'rule'> & {
  readonly rule?: string | null;
};

/** Rows written for one app and reason in a second; what is above is counted in one row more. */
const ROWS_PER_SECOND = 20;
const WINDOW_MS = 1_000;

interface Burst {
  rows: number;
  /** The latest refusal that got no row of its own, counting all of them. */
  rest: RefusalEntry | null;
}

/**
 * Records refusals without letting a program that retries in a tight loop fill the disk: a storm is
 * written as a few rows, and every refusal is counted.
 */
export class RefusalLog {
  readonly #write: Write;
  readonly #bursts = new Map<string, Burst>();
  #timer: NodeJS.Timeout | null = null;

  constructor(write: Write) {
    this.#write = write;
  }

  /** `rule` names the limit or rule, where there is one. */
  record({ rule = null, ...refused }: RefusedRequest): void {
    const entry = { ...refused, rule };
    const key = `${entry.appNum} ${entry.route} ${entry.reason}`;
    const burst = this.#bursts.get(key) ?? { rows: 0, rest: null };
    this.#bursts.set(key, burst);
    this.#timer ??= setTimeout(() => this.flush(), WINDOW_MS);
    if (burst.rows < ROWS_PER_SECOND) {
      burst.rows += 1;
      this.#write({ kind: 'refusal', ...entry, count: 1 });
    } else {
      burst.rest = { kind: 'refusal', ...entry, count: (burst.rest?.count ?? 0) + 1 };
    }
  }

  /** Writes what has been counted so far. */
  flush(): void {
    if (this.#timer) clearTimeout(this.#timer);
    this.#timer = null;
    for (const { rest } of this.#bursts.values()) if (rest) this.#write(rest);
    this.#bursts.clear();
  }
}
