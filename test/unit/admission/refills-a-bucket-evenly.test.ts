import fc from 'fast-check';
import { expect, test } from 'vitest';
import { RateLimiter } from '../../../proxy/admission/rate-limiter.ts';

/** A bucket that is filled drop by drop: what the theoretical arrival time stands for. */
class NaiveBucket {
  readonly #perMinute: number;
  #level: number;
  #atMs = 0;

  constructor(perMinute: number) {
    this.#perMinute = perMinute;
    this.#level = perMinute;
  }

  /** What is left after a request of so many units; below zero it does not fit. */
  left(units: number, atMs: number): number {
    this.#refill(atMs);
    return this.#level - Math.min(units, this.#perMinute);
  }

  take(units: number): void {
    this.#level -= Math.min(units, this.#perMinute);
  }

  correct(units: number, atMs: number): void {
    this.#refill(atMs);
    this.#level -= units;
  }

  #refill(atMs: number): void {
    const flowed = ((atMs - this.#atMs) * this.#perMinute) / 60_000;
    this.#level = Math.min(this.#perMinute, this.#level + flowed);
    this.#atMs = atMs;
  }
}

const calls = fc.array(
  fc.record({
    pauseMs: fc.oneof(fc.nat(500), fc.nat(90_000)),
    units: fc.oneof(fc.integer({ min: 1, max: 5 }), fc.nat(800)),
    /** A correction comes when the answer has ended. */
    answerMs: fc.oneof(fc.nat(100), fc.nat(70_000)),
    correction: fc.oneof(fc.constant(0), fc.integer({ min: -300, max: 300 })),
  }),
  { maxLength: 100 },
);

test('it lets through what a bucket of one minute would, corrections included', () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 600 }), calls, (perMinute, each) => {
      const limiter = new RateLimiter(perMinute);
      const bucket = new NaiveBucket(perMinute);
      let atMs = 0;
      for (const { pauseMs, units, answerMs, correction } of each) {
        atMs += pauseMs;
        const left = bucket.left(units, atMs);
        const { allowed } = limiter.take(units, atMs);
        // A hair's breadth from empty, rounding may fall either way.
        if (Math.abs(left) > 1e-4) expect(allowed).toBe(left > 0);
        if (allowed) bucket.take(units);
        atMs += answerMs;
        limiter.correct(correction, atMs);
        bucket.correct(correction, atMs);
      }
    }),
  );
});

test('who waits as long as a refusal says is let through, and not a moment earlier', () => {
  fc.assert(
    fc.property(
      fc.integer({ min: 1, max: 10_000 }),
      fc.array(fc.integer({ min: 1, max: 12_000 }), { minLength: 1, maxLength: 30 }),
      (perMinute, requests) => {
        const limiter = new RateLimiter(perMinute);
        let atMs = 1_000_000;
        for (const units of requests) {
          const first = limiter.take(units, atMs);
          if (first.allowed) continue;
          expect(first.retryAfterMs).toBeGreaterThan(0);
          expect(first.retryAfterMs).toBeLessThanOrEqual(60_000);
          expect(limiter.take(units, atMs + first.retryAfterMs - 1).allowed).toBe(false);
          atMs += first.retryAfterMs;
          expect(limiter.take(units, atMs).allowed).toBe(true);
        }
      },
    ),
  );
});

test('a refused request takes nothing', () => {
  const limiter = new RateLimiter(60);
  limiter.take(60, 0);
  for (let attempt = 0; attempt < 100; attempt += 1) expect(limiter.take(1, 999).allowed).toBe(false);
  expect(limiter.take(1, 1_000).allowed).toBe(true);
});

test('a request larger than a minute passes when the bucket is full, and empties it', () => {
  const limiter = new RateLimiter(1_000);
  expect(limiter.take(50_000, 0).allowed).toBe(true);
  expect(limiter.take(1, 0)).toEqual({ allowed: false, retryAfterMs: 60 });
  expect(limiter.take(50_000, 30_000)).toEqual({ allowed: false, retryAfterMs: 30_000 });
  expect(limiter.take(50_000, 60_000).allowed).toBe(true);
});

test('a long pause fills no more than one minute', () => {
  const limiter = new RateLimiter(3);
  const tenHoursMs = 36_000_000;
  limiter.take(3, 0);
  expect([1, 2, 3, 4].map(() => limiter.take(1, tenHoursMs).allowed)).toEqual([true, true, true, false]);
});

test('more than was estimated closes the bucket until it has flowed back', () => {
  const limiter = new RateLimiter(600);
  limiter.take(600, 0);
  limiter.correct(1_200, 0);
  expect(limiter.take(1, 0)).toEqual({ allowed: false, retryAfterMs: 120_100 });
  expect(limiter.take(1, 120_100).allowed).toBe(true);
});
