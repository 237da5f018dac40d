import fc from 'fast-check';
import { expect, test } from 'vitest';
import { Accountant, appScope, type Hold, KEY_SCOPE, runScope } from '../../../proxy/admission/accountant.ts';
import { openCalendar } from '../../../proxy/admission/calendar.ts';
import { METRICS, WINDOWS } from '../../../proxy/contract/limits.ts';
import { APPS, bound, rule, SCOPES } from './accountant-model.ts';
import { type Ask, NaiveAccountant } from './naive-accountant.ts';

const temporal = await openCalendar('Europe/Berlin');
/** Windows of an instant do not change; Temporal takes its time to find them. */
const known = new Map<string, ReturnType<typeof temporal.bounds>>();
const calendar: typeof temporal = {
  ...temporal,
  bounds(window, atMs) {
    const key = `${window} ${atMs}`;
    const bounds = known.get(key) ?? temporal.bounds(window, atMs);
    known.set(key, bounds);
    return bounds;
  },
};
/** An hour before the day of 25 hours begins. */
const START_MS = Date.UTC(2026, 9, 24, 21);
const RUN = runScope('1');

const limits = fc
  .uniqueArray(
    fc.record({
      metric: fc.constantFrom(...METRICS),
      window: fc.constantFrom(...WINDOWS),
      enforce: fc.constantFrom('hard' as const, 'hard' as const, 'hard' as const, 'warn' as const),
    }),
    { maxLength: 3, selector: (each) => JSON.stringify(each) },
  )
  .chain((rules) =>
    fc
      .array(fc.oneof(fc.nat(8), fc.nat(9_000)), { minLength: rules.length, maxLength: rules.length })
      .map((amounts) => rules.map((each, id) => rule(id, { ...each, amount: amounts[id] ?? 0 }))),
  );

const step = fc.oneof(
  {
    weight: 6,
    arbitrary: fc.record({
      kind: fc.constant('ask' as const),
      app: fc.constantFrom(...APPS),
      inRun: fc.boolean(),
      isObserved: fc.constantFrom(false, false, false, true),
      inputTokens: fc.nat(600),
      outputTokens: fc.nat(700),
      choices: fc.integer({ min: 1, max: 2 }),
      canShorten: fc.boolean(),
    }),
  },
  {
    weight: 4,
    arbitrary: fc.record({
      kind: fc.constant('end' as const),
      which: fc.nat(50),
      /** How much of its hold a request used; null is a request that was never sent. */
      percent: fc.oneof(fc.constant(null), fc.nat(100), fc.integer({ min: 101, max: 150 })),
    }),
  },
  {
    weight: 1,
    arbitrary: fc.record({
      kind: fc.constant('clock' as const),
      minutes: fc.oneof(fc.integer({ min: -90, max: 90 }), fc.integer({ min: -3_000, max: 60_000 })),
    }),
  },
  {
    weight: 1,
    arbitrary: fc.record({ kind: fc.constant('limits' as const), scope: fc.constantFrom(...SCOPES), limits }),
  },
);

function openBoth(keyLimits: ReturnType<typeof rule>[], appLimits: ReturnType<typeof rule>[]) {
  const accountant = new Accountant(calendar, START_MS);
  const naive = new NaiveAccountant(calendar);
  naive.tick(START_MS);
  for (const scope of [...SCOPES, RUN]) {
    const rules = scope === KEY_SCOPE ? keyLimits : appLimits;
    accountant.openScope(scope, rules);
    naive.limits.set(scope, rules);
  }
  return { accountant, naive };
}

const pastAmount = (accountant: Accountant): string[] =>
  accountant
    .states()
    .filter(({ rule: { enforce }, free }) => enforce === 'hard' && free < 0)
    .map(({ scope, rule: { metric, window, amount } }) => `${scope} ${metric}=${amount}/${window}`);

test('I1 I3 whatever happens in which order, it decides and counts as a naive list does', () => {
  fc.assert(
    fc.property(limits, limits, fc.array(step, { maxLength: 50 }), (keyLimits, appLimits, steps) => {
      const { accountant, naive } = openBoth(keyLimits, appLimits);
      const open: { hold: Hold; entry: ReturnType<NaiveAccountant['take']> }[] = [];
      let clockMs = START_MS;
      for (const each of steps) {
        const past = pastAmount(accountant);
        /** Only these may put a limit past its amount. */
        let mayCross = false;
        if (each.kind === 'clock') {
          clockMs += each.minutes * 60_000;
          accountant.tick(clockMs);
          naive.tick(clockMs);
        } else if (each.kind === 'limits') {
          accountant.setLimits(each.scope, each.limits);
          naive.limits.set(each.scope, each.limits);
          mayCross = true;
        } else if (each.kind === 'ask') {
          const app = appScope(each.app);
          const scopes = [KEY_SCOPE, app, ...(each.inRun ? [RUN] : [])];
          const ask: Ask = { ...each, scopes, observed: each.isObserved ? [app] : [] };
          const wanted = naive.decide(ask);
          const fits = accountant.fitsWhole({ ...ask, bound: bound(each) });
          const decision = accountant.decide({ ...ask, bound: bound(each) });
          expect(decision.kind).toBe(wanted.kind);
          expect(fits).toBe(wanted.outputTokens === each.outputTokens);
          if (decision.kind === 'admitted') {
            const { hold } = decision;
            const isShorter = wanted.outputTokens !== each.outputTokens;
            expect(hold.maxOutputTokens).toBe(isShorter ? wanted.outputTokens : null);
            const entry = naive.take(ask, wanted.outputTokens ?? 0);
            expect(hold.amounts).toEqual(entry.amounts);
            expect(hold.atMs).toBe(entry.atMs);
            open.push({ hold, entry });
          }
          mayCross = each.isObserved;
        } else {
          const [ended] = open.splice(each.which % Math.max(open.length, 1), 1);
          if (!ended) continue;
          const { percent } = each;
          const share = (amount: number): number => Math.floor((amount * (percent ?? 0)) / 100);
          const { nanoUsd, inputTokens, outputTokens } = ended.hold.amounts;
          const used = {
            nanoUsd: share(nanoUsd),
            inputTokens: share(inputTokens),
            outputTokens: share(outputTokens),
            requests: percent === null ? 0 : 1,
          };
          if (percent === null) accountant.void(ended.hold);
          else accountant.settle(ended.hold, used);
          naive.settle(ended.entry, used);
          expect(() => accountant.void(ended.hold)).toThrow('exactly once');
          mayCross = percent !== null && percent > 100;
        }
        if (!mayCross) expect(pastAmount(accountant).filter((name) => !past.includes(name))).toEqual([]);
        const states = accountant.states();
        expect(states.every(({ settled, held }) => settled >= 0 && held >= 0)).toBe(true);
        expect(
          states.map(({ scope, rule: { id }, settled, held, free }) => ({ scope, id, settled, held, free })),
        ).toEqual(naive.states());
        expect(accountant.openHolds).toBe(open.length);
      }
    }),
    { numRuns: 300 },
  );
});
