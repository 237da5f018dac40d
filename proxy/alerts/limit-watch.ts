import { type Enforce, formatLimit, type LimitSpec } from '../contract/limits.ts';
import type { FindingRecord } from './finding-log.ts';

/** A limit and what its window has used, in the metric's own unit (nano-dollars for `usd`). */
export interface WatchedLimit extends LimitSpec {
  readonly id: number;
  readonly enforce: Enforce;
  readonly settled: number;
  /** When the window ends, epoch milliseconds; null for `total`. */
  readonly resetsAtMs: number | null;
}

/** Tells when a warn limit has been reached, once for each window. */
export class LimitWatch {
  readonly #report: (finding: FindingRecord) => void;
  /** By limit: the end of the window that was told of. */
  readonly #told = new Map<number, number | null>();

  constructor(report: (finding: FindingRecord) => void) {
    this.#report = report;
  }

  /** `appNum` is null for limits on the whole key. */
  check(appNum: number | null, limits: readonly WatchedLimit[]): void {
    for (const limit of limits) {
      if (limit.enforce !== 'warn' || limit.settled < limit.amount) continue;
      if (this.#told.get(limit.id) === limit.resetsAtMs && this.#told.has(limit.id)) continue;
      this.#told.set(limit.id, limit.resetsAtMs);
      const detail = `${formatLimit(limit)} is used up`;
      this.#report({ finding: 'warn_limit_reached', appNum, detail, about: String(limit.id) });
    }
  }
}
