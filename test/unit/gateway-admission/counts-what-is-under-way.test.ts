import fc from 'fast-check';
import { expect, test } from 'vitest';
import { AppTraffic, Place, type TrafficLimits } from '../../../proxy/gateway/app-traffic.ts';
import { appOf, codeOf, enter } from './traffic-fixture.ts';

const LIMITS: TrafficLimits = {
  maxInFlight: 5,
  maxInFlightPerApp: 3,
  maxBodyBytes: 2 * 1024 * 1024,
  maxBodyBytesPerApp: 3 * 1024 * 1024,
  maxBodyBytesTotal: 4 * 1024 * 1024,
};
const MIB = 1024 * 1024;

test('an app has as many requests in flight as it may, and room again when one has left', () => {
  const traffic = new AppTraffic(LIMITS);
  const app = appOf(1, { concurrency: 2 });
  const [first] = [enter(traffic, app), enter(traffic, app)];
  expect(traffic.enter(app, 0)).toMatchObject({
    code: 'concurrency_limited',
    details: { problem: 'App "app-1" already has 2 requests in flight' },
    extras: { retryAfterMs: 1_000 },
  });
  expect(codeOf(traffic.enter(appOf(2), 0))).toBe('ok');
  first.leave();
  expect(codeOf(traffic.enter(app, 0))).toBe('ok');
});

test('a place is given back once, however often its request ends', () => {
  const traffic = new AppTraffic(LIMITS);
  const app = appOf(1, { concurrency: 1 });
  const place = enter(traffic, app);
  place.takeBytes(MIB);
  for (let time = 0; time < 3; time += 1) place.leave();
  expect(traffic.inFlight).toBe(0);
  enter(traffic, app);
  expect([codeOf(traffic.enter(app, 0)), traffic.inFlight]).toEqual(['concurrency_limited', 1]);
});

test('an app without a limit of its own, or one that observes, still leaves room for others', () => {
  for (const app of [appOf(1), appOf(1, { concurrency: 1 }, 'observe')]) {
    const traffic = new AppTraffic(LIMITS);
    for (let index = 0; index < 3; index += 1) enter(traffic, app);
    expect(codeOf(traffic.enter(app, 0))).toBe('concurrency_limited');
    for (let index = 0; index < 2; index += 1) enter(traffic, appOf(2));
    expect(traffic.enter(appOf(3), 0)).toMatchObject({ code: 'overloaded', details: { what: 'requests' } });
  }
});

test('a body that is too large is told from an app, and an engine, that has too many', () => {
  const traffic = new AppTraffic(LIMITS);
  const [one, other, third] = [1, 1, 2].map((num) => enter(traffic, appOf(num)));
  expect(one?.takeBytes(2 * MIB)).toBeNull();
  expect(one?.takeBytes(1)).toMatchObject({ code: 'body_too_large', details: { maxMb: 2 } });
  expect(other?.takeBytes(MIB)).toBeNull();
  expect(other?.takeBytes(1)).toMatchObject({ code: 'overloaded' });
  expect(third?.takeBytes(MIB)).toBeNull();
  expect(third?.takeBytes(1)).toMatchObject({ code: 'overloaded' });
  one?.leave();
  expect(third?.takeBytes(MIB)).toBeNull();
});

const steps = fc.array(
  fc.record({
    kind: fc.constantFrom('enter' as const, 'bytes' as const, 'leave' as const),
    app: fc.integer({ min: 1, max: 3 }),
    which: fc.nat(20),
    bytes: fc.integer({ min: 1, max: MIB }),
  }),
  { maxLength: 80 },
);

test('whoever comes and goes, nothing is past its limit, and nothing stays behind', () => {
  fc.assert(
    fc.property(steps, (each) => {
      const traffic = new AppTraffic(LIMITS);
      const taken = new Map<Place, number>();
      const sum = (num?: number): [number, number] => {
        const own = [...taken].filter(([{ app }]) => num === undefined || app.num === num);
        return [own.length, own.reduce((total, [, bytes]) => total + bytes, 0)];
      };
      for (const { kind, app, which, bytes } of each) {
        const place = [...taken.keys()][which % Math.max(taken.size, 1)];
        if (kind === 'enter') {
          const fits = taken.size < LIMITS.maxInFlight && sum(app)[0] < LIMITS.maxInFlightPerApp;
          const entered = traffic.enter(appOf(app), 0);
          expect(entered instanceof Place).toBe(fits);
          if (entered instanceof Place) taken.set(entered, 0);
        } else if (place && kind === 'bytes') {
          const before = taken.get(place) ?? 0;
          const fits =
            before + bytes <= LIMITS.maxBodyBytes &&
            sum(place.app.num)[1] + bytes <= LIMITS.maxBodyBytesPerApp &&
            sum()[1] + bytes <= LIMITS.maxBodyBytesTotal;
          expect(place.takeBytes(bytes) === null).toBe(fits);
          if (fits) taken.set(place, before + bytes);
        } else if (place) {
          place.leave();
          taken.delete(place);
        }
        expect(traffic.inFlight).toBe(taken.size);
      }
      for (const place of taken.keys()) place.leave();
      const [last] = [enter(traffic, appOf(1))];
      expect([traffic.inFlight, last.takeBytes(LIMITS.maxBodyBytes)]).toEqual([1, null]);
    }),
  );
});
