import fc from 'fast-check';
import { expect, test } from 'vitest';
import { Accountant, appScope, type Hold, KEY_SCOPE } from '../../../proxy/admission/accountant.ts';
import { openCalendar } from '../../../proxy/admission/calendar.ts';
import { METRICS, WINDOWS } from '../../../proxy/contract/limits.ts';
import { APPS, bound, crossed, rule } from './accountant-model.ts';

const calendar = await openCalendar('Europe/Berlin');
const START_MS = Date.UTC(2026, 9, 24, 21);

const limits = fc
  .uniqueArray(fc.tuple(fc.constantFrom(...METRICS), fc.constantFrom(...WINDOWS)), {
    maxLength: 4,
    selector: ([metric, window]) => `${metric}/${window}`,
  })
  .chain((pairs) =>
    fc
      .array(fc.integer({ min: 0, max: 20_000 }), { minLength: pairs.length, maxLength: pairs.length })
      .map((amounts) =>
        pairs.map(([metric, window], index) =>
          rule(index + 1, { metric, window, amount: amounts[index] ?? 0 }),
        ),
      ),
  );

const step = fc.oneof(
  {
    weight: 5,
    arbitrary: fc.record({
      kind: fc.constant('ask' as const),
      app: fc.constantFrom(...APPS),
      inputTokens: fc.nat(3_000),
      outputTokens: fc.nat(4_000),
      choices: fc.integer({ min: 1, max: 3 }),
      canShorten: fc.boolean(),
    }),
  },
  {
    weight: 4,
    arbitrary: fc.record({
      kind: fc.constant('end' as const),
      which: fc.nat(50),
      /** How much of the bound was used, in percent; 0 is a request that was never sent. */
      percent: fc.nat(100),
    }),
  },
  {
    weight: 1,
    arbitrary: fc.record({
      kind: fc.constant('clock' as const),
      minutes: fc.integer({ min: -2_000, max: 2_000 }),
    }),
  },
);

test('I1 settled and held stay within every hard limit, whatever happens in which order', () => {
  fc.assert(
    fc.property(limits, limits, fc.array(step, { maxLength: 60 }), (keyLimits, appLimits, steps) => {
      const accountant = new Accountant(calendar);
      accountant.tick(START_MS);
      accountant.openScope(KEY_SCOPE, keyLimits);
      for (const app of APPS) accountant.openScope(appScope(app), appLimits);
      const open: Hold[] = [];
      let clockMs = START_MS;
      let settled = 0;
      for (const each of steps) {
        if (each.kind === 'clock') {
          clockMs += each.minutes * 60_000;
          accountant.tick(clockMs);
        } else if (each.kind === 'ask') {
          const decision = accountant.decide({ scopes: [KEY_SCOPE, appScope(each.app)], bound: bound(each) });
          if (decision.kind === 'admitted') open.push(decision.hold);
          else expect(decision.violation.needed).toBeGreaterThan(0);
        } else {
          const [hold] = open.splice(each.which % Math.max(open.length, 1), 1);
          if (!hold) continue;
          const used = Math.floor((hold.amounts.nanoUsd * each.percent) / 100);
          settled += used;
          const share = (amount: number): number => Math.floor((amount * each.percent) / 100);
          accountant.settle(hold, {
            nanoUsd: used,
            inputTokens: share(hold.amounts.inputTokens),
            outputTokens: share(hold.amounts.outputTokens),
            requests: each.percent === 0 ? 0 : 1,
          });
        }
        expect(crossed(accountant)).toEqual([]);
        expect(accountant.openHolds).toBe(open.length);
      }
      for (const hold of open) accountant.void(hold);
      expect(accountant.states().every(({ held }) => held === 0)).toBe(true);
      accountant.setLimits(KEY_SCOPE, [rule(99, { window: 'total' })]);
      expect(accountant.states(KEY_SCOPE).map((state) => state.settled)).toEqual([settled]);
    }),
    { numRuns: 400 },
  );
});

test('a hold ends exactly once', () => {
  const accountant = new Accountant(calendar);
  accountant.openScope(KEY_SCOPE, []);
  const decision = accountant.decide({ scopes: [KEY_SCOPE], bound: bound() });
  if (decision.kind !== 'admitted') throw new Error('it was not admitted');
  accountant.void(decision.hold);
  expect(() => accountant.void(decision.hold)).toThrow('exactly once');
});
