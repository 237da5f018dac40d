const MINUTE_MS = 60_000;
/** Covers the rounding of sixty thousand divided by the rate. */
const ROUNDING_MS = 0.0005;

export type RateDecision =
  | { readonly allowed: true }
  | { readonly allowed: false; readonly retryAfterMs: number };

/**
 * The generic cell rate algorithm: a bucket of one minute's worth of units that refills evenly. One
 * number of state: the theoretical arrival time, in milliseconds of a monotonic clock, so that a step of
 * the wall clock neither opens nor closes it.
 */
export class RateLimiter {
  readonly perMinute: number;
  readonly #intervalMs: number;
  #arrivalMs = Number.NEGATIVE_INFINITY;

  constructor(perMinute: number) {
    this.perMinute = perMinute;
    this.#intervalMs = MINUTE_MS / perMinute;
  }

  /** Takes `units` when they fit. A request larger than the whole bucket may pass when it is full. */
  take(units: number, monotonicMs: number): RateDecision {
    const next = this.#after(units, monotonicMs);
    const overMs = next - monotonicMs - MINUTE_MS;
    if (overMs > ROUNDING_MS) return { allowed: false, retryAfterMs: Math.ceil(overMs - ROUNDING_MS) };
    this.#arrivalMs = next;
    return { allowed: true };
  }

  /** Takes more (or gives back, when negative) once the true number of units is known. */
  correct(units: number, monotonicMs: number): void {
    this.#arrivalMs = Math.max(this.#arrivalMs, monotonicMs) + units * this.#intervalMs;
  }

  #after(units: number, monotonicMs: number): number {
    const taken = Math.min(units, this.perMinute);
    return Math.max(this.#arrivalMs, monotonicMs) + taken * this.#intervalMs;
  }
}
