import fc from 'fast-check';
import { expect, test } from 'vitest';
import { RateLimiter } from '../../../proxy/admission/rate-limiter.ts';

test('a full minute may come at once, and no more in the minute after than refills', () => {
  fc.assert(
    fc.property(
      fc.integer({ min: 1, max: 500 }),
      fc.array(fc.nat(2_000), { minLength: 1, maxLength: 300 }),
      (perMinute, pauses) => {
        const limiter = new RateLimiter(perMinute);
        const taken: number[] = [];
        let atMs = 0;
        for (const pauseMs of pauses) {
          atMs += pauseMs;
          if (limiter.take(1, atMs).allowed) taken.push(atMs);
        }
        // What one window of a minute can hold: the bucket, and what flowed in meanwhile.
        for (const [index, startMs] of taken.entries()) {
          const inMinute = taken.slice(index).filter((at) => at < startMs + 60_000).length;
          expect(inMinute).toBeLessThanOrEqual(2 * perMinute);
        }
        expect(taken.length).toBeLessThanOrEqual(perMinute + Math.ceil((atMs * perMinute) / 60_000));
      },
    ),
  );
});

test('a refusal says when it is worth asking again', () => {
  const limiter = new RateLimiter(2);
  expect([limiter.take(1, 0).allowed, limiter.take(1, 0).allowed]).toEqual([true, true]);
  const refused = limiter.take(1, 0);
  expect(refused).toEqual({ allowed: false, retryAfterMs: 30_000 });
  expect(limiter.take(1, 29_999).allowed).toBe(false);
  expect(limiter.take(1, 30_000).allowed).toBe(true);
});

test('an estimate is corrected once the truth is known', () => {
  const limiter = new RateLimiter(600);
  limiter.take(500, 0);
  limiter.correct(-400, 0);
  expect(limiter.take(500, 0).allowed).toBe(true);
  limiter.correct(600, 0);
  expect(limiter.take(1, 30_000).allowed).toBe(false);
});
