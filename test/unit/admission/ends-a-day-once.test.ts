import { expect, test } from 'vitest';
import { Accountant, KEY_SCOPE } from '../../../proxy/admission/accountant.ts';
import { openCalendar } from '../../../proxy/admission/calendar.ts';
import { bound, rule } from './accountant-model.ts';

const MINUTE_MS = 60_000;
const DAY_MS = 1_440 * MINUTE_MS;

/** One minute into 7 November 2010, clocks in St. John's went back to 23:01 on the sixth. */
const stJohns = await openCalendar('America/St_Johns');
const MIDNIGHT_MS = Date.parse('2010-11-07T00:00-02:30');
const REPEATED_MS = Date.parse('2010-11-06T23:30-03:30');

test('F12 where clocks go back over midnight, the repeated end of a day belongs to the next one', () => {
  const bounds = (atMs: number): string[] => {
    const { startMs, endMs } = stJohns.bounds('day', atMs);
    return [startMs, endMs].map((ms) => stJohns.format(ms));
  };
  const seventh = ['2010-11-07T00:00-02:30', '2010-11-08T00:00-03:30'];
  expect(bounds(MIDNIGHT_MS - 1)).toEqual(['2010-11-06T00:00-02:30', '2010-11-07T00:00-02:30']);
  expect([MIDNIGHT_MS, REPEATED_MS, MIDNIGHT_MS + 61 * MINUTE_MS].map(bounds)).toEqual([
    seventh,
    seventh,
    seventh,
  ]);
});

test('F12 a spent day is not opened by every request of a repeated hour', () => {
  const accountant = new Accountant(stJohns, MIDNIGHT_MS);
  accountant.openScope(KEY_SCOPE, [rule(1, { metric: 'requests', amount: 1, window: 'day' })]);
  const admittedAt = Array.from({ length: 26 * 60 }, (_, minute) => MIDNIGHT_MS + minute * MINUTE_MS).filter(
    (atMs) => {
      accountant.tick(atMs);
      const decision = accountant.decide({ scopes: [KEY_SCOPE], bound: bound() });
      if (decision.kind === 'admitted') accountant.settle(decision.hold, decision.hold.amounts);
      return decision.kind === 'admitted';
    },
  );
  expect(admittedAt).toEqual([MIDNIGHT_MS, MIDNIGHT_MS + DAY_MS + 60 * MINUTE_MS]);
});
