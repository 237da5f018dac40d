import { expect, test } from 'vitest';
import { Accountant, type Bound, KEY_SCOPE } from '../../../proxy/admission/accountant.ts';
import { systemCalendar } from '../../../proxy/admission/calendar.ts';
import { METRICS, type Metric } from '../../../proxy/contract/limits.ts';
import { bound, rule } from './accountant-model.ts';

/** As it is for a list of models: nothing but the request itself. */
const FREE: Bound = { ...bound({ inputTokens: 0, outputTokens: 0 }), costNanoUsd: () => 0 };

/** A key that has used 5 of a limit of 4, whatever it counts. */
function overdrawn(metric: Metric): Accountant {
  const accountant = new Accountant(systemCalendar, 0);
  accountant.openScope(KEY_SCOPE, []);
  const decision = accountant.decide({ scopes: [KEY_SCOPE], bound: bound() });
  if (decision.kind !== 'admitted') throw new Error('it was not admitted');
  accountant.settle(decision.hold, { nanoUsd: 5, inputTokens: 5, outputTokens: 5, requests: 5 });
  accountant.setLimits(KEY_SCOPE, [rule(1, { metric, amount: 4 })]);
  return accountant;
}

test.each(METRICS)('a limit of %s that is past its amount refuses what takes more of it only', (metric) => {
  const accountant = overdrawn(metric);
  const ask = (each: Bound) => accountant.decide({ scopes: [KEY_SCOPE], bound: each }).kind;
  expect(accountant.states()[0]?.free).toBeLessThan(0);
  expect(ask(FREE)).toBe(metric === 'requests' ? 'refused' : 'admitted');
  expect(ask({ ...FREE, canShorten: true })).toBe(metric === 'requests' ? 'refused' : 'admitted');
  expect(ask(bound({ inputTokens: 1, outputTokens: 1 }))).toBe('refused');
});
