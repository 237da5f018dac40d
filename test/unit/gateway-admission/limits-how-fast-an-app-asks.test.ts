import fc from 'fast-check';
import { expect, test } from 'vitest';
import { AppTraffic } from '../../../proxy/gateway/app-traffic.ts';
import { isRefusal, type Refusal, refuse, renderRefusal } from '../../../proxy/gateway/refusal.ts';
import { appOf, codeOf, enter } from './traffic-fixture.ts';

/** The two headers that tell an SDK when to come back. */
function retryHeaders(refusal: Refusal | null): { seconds: number; ms: number } {
  if (!refusal) throw new Error('it was not refused');
  const { headers } = renderRefusal(refusal, 'tgr_x');
  const numberOf = (name: string): number => Number(headers[headers.indexOf(name) + 1]);
  return { seconds: numberOf('retry-after'), ms: numberOf('retry-after-ms') };
}

test('requests beyond the rate of an app are refused with the time to come back', () => {
  const traffic = new AppTraffic();
  const app = appOf(1, { rpm: 2 });
  enter(traffic, app);
  enter(traffic, app);
  const refused = traffic.enter(app, 0);
  expect(refused).toMatchObject({
    code: 'rate_limited',
    details: { problem: 'App "app-1" may send 2 requests per minute' },
    extras: { retryAfterMs: 30_000 },
  });
  expect(traffic.inFlight).toBe(2);
  expect(codeOf(traffic.enter(appOf(2, { rpm: 2 }), 0))).toBe('ok');
  expect([29_999, 30_000].map((atMs) => codeOf(traffic.enter(app, atMs)))).toEqual(['rate_limited', 'ok']);
});

test('a request that finds no place takes nothing from the rate', () => {
  const traffic = new AppTraffic();
  const app = appOf(1, { rpm: 2, concurrency: 1 });
  const place = enter(traffic, app);
  for (let time = 0; time < 10; time += 1) expect(codeOf(traffic.enter(app, 0))).toBe('concurrency_limited');
  place.leave();
  expect(codeOf(traffic.enter(app, 0))).toBe('ok');
});

test('model tokens are the bytes of the body by four and the maximum of the client', () => {
  const traffic = new AppTraffic();
  const place = enter(traffic, appOf(1, { tpm: 1_000 }));
  expect(place.takeTokens(399, 900, 0)).toBeNull();
  expect(place.takeTokens(0, 1, 0)).toMatchObject({
    code: 'rate_limited',
    details: { problem: 'App "app-1" may use 1000 model tokens per minute' },
    extras: { type: 'tokens', retryAfterMs: 60 },
  });
  expect(place.takeTokens(0, null, 0)).toBeNull();
});

test('what a request did not use is given back, and what it used beyond its estimate is owed', () => {
  const traffic = new AppTraffic();
  const app = appOf(1, { tpm: 1_000 });
  const [thrifty, greedy] = [enter(traffic, app), enter(traffic, app)];
  expect(thrifty.takeTokens(0, 1_000, 0)).toBeNull();
  thrifty.correctTokens(100, 0);
  expect(greedy.takeTokens(3_600, null, 0)).toBeNull();
  greedy.correctTokens(1_900, 0);
  expect(enter(traffic, app).takeTokens(4, null, 0)).toMatchObject({ extras: { retryAfterMs: 60_060 } });
});

test('the estimate of a request larger than a minute is given back no more than it took', () => {
  const traffic = new AppTraffic();
  const app = appOf(1, { tpm: 1_000 });
  const place = enter(traffic, app);
  expect(place.takeTokens(0, 50_000, 0)).toBeNull();
  place.correctTokens(400, 0);
  expect(enter(traffic, app).takeTokens(0, 601, 0)).not.toBeNull();
  expect(enter(traffic, app).takeTokens(0, 600, 0)).toBeNull();
});

test('an observing app is let through, and its use counts once it is enforced', () => {
  const traffic = new AppTraffic();
  const policy = { rpm: 1, tpm: 100 };
  for (let time = 0; time < 3; time += 1) enter(traffic, appOf(1, policy, 'observe'));
  expect(codeOf(traffic.enter(appOf(1, policy), 0))).toBe('rate_limited');
});

test('a changed rate begins with a full bucket, and a change of something else does not', () => {
  const traffic = new AppTraffic();
  enter(traffic, appOf(1, { rpm: 1 }));
  expect(codeOf(traffic.enter(appOf(1, { rpm: 1, models: ['gpt-4o'] }), 0))).toBe('rate_limited');
  expect(codeOf(traffic.enter(appOf(1, { rpm: 2 }), 0))).toBe('ok');
  expect(codeOf(traffic.enter(appOf(1, { rpm: null }), 0))).toBe('ok');
});

test('retry-after is 1 to 60 seconds, however long the debt', () => {
  fc.assert(
    fc.property(
      fc.integer({ min: 1, max: 1_000_000 }),
      fc.integer({ min: 0, max: 100_000_000 }),
      (tpm, used) => {
        const traffic = new AppTraffic();
        const place = enter(traffic, appOf(1, { tpm }));
        place.takeTokens(0, tpm, 0);
        place.correctTokens(tpm + used, 0);
        const { seconds, ms } = retryHeaders(place.takeTokens(0, 1, 0));
        expect(Number.isInteger(seconds) && seconds >= 1 && seconds <= 60).toBe(true);
        expect(Number.isInteger(ms) && ms >= 1 && ms <= 60_000).toBe(true);
        expect(seconds).toBe(Math.ceil(ms / 1_000));
      },
    ),
  );
});

test.each([
  [undefined, 1, 1_000],
  [0, 1, 1],
  [0.2, 1, 1],
  [1_000, 1, 1_000],
  [1_000.5, 2, 1_001],
  [60_000, 60, 60_000],
  [86_400_000, 60, 60_000],
])('a wait of %s ms is told as %s s and %s ms', (retryAfterMs, seconds, ms) => {
  const refusal = refuse('rate_limited', {}, retryAfterMs === undefined ? {} : { retryAfterMs });
  expect(isRefusal(refusal)).toBe(true);
  expect(retryHeaders(refusal)).toEqual({ seconds, ms });
});

test('a spent quota names no time to come back', () => {
  const { headers } = renderRefusal(refuse('quota_exceeded', { problem: 'spent' }), 'tgr_x');
  expect(headers).not.toContain('retry-after');
  expect(headers).not.toContain('retry-after-ms');
  expect(headers[headers.indexOf('x-should-retry') + 1]).toBe('false');
});
