import fc from 'fast-check';
import { expect, test } from 'vitest';
import { Accountant, KEY_SCOPE } from '../../../proxy/admission/accountant.ts';
import { openCalendar } from '../../../proxy/admission/calendar.ts';
import { WINDOWS, type Window } from '../../../proxy/contract/limits.ts';
import { bound, rule } from './accountant-model.ts';

const berlin = await openCalendar('Europe/Berlin');
const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;
const NOON_MS = Date.UTC(2026, 10, 24, 12);

/** Lets one request through a window and says at which of the instants that was. */
function admittedAt(window: Window, instants: readonly number[]): number[] {
  const accountant = new Accountant(berlin);
  accountant.tick(instants[0] ?? 0);
  accountant.openScope(KEY_SCOPE, [rule(1, { metric: 'requests', amount: 1, window })]);
  return instants.filter((atMs) => {
    accountant.tick(atMs);
    const decision = accountant.decide({ scopes: [KEY_SCOPE], bound: bound() });
    if (decision.kind === 'admitted') accountant.settle(decision.hold, decision.hold.amounts);
    return decision.kind === 'admitted';
  });
}

test.each([
  ['a day back and the same day again', 'day', [0, -DAY_MS, 0, HOUR_MS], [0]],
  ['a month back', 'month', [0, -31 * DAY_MS, DAY_MS], [0]],
  ['a day on and back', 'day', [0, DAY_MS, 0, DAY_MS + HOUR_MS, 2 * DAY_MS], [0, DAY_MS, 2 * DAY_MS]],
  ['a minute back, within the window', 'minute', [0, -60_000, 59_999, 60_000], [0, 60_000]],
  ['years on and back', 'month', [0, 4_000 * DAY_MS, 40 * DAY_MS], [0, 4_000 * DAY_MS]],
  ['never again for total', 'total', [0, DAY_MS, 9_000 * DAY_MS, -DAY_MS], [0]],
] as const)('F12 %s', (_, window, offsets, wanted) => {
  const instants = offsets.map((offset) => NOON_MS + offset);
  expect(admittedAt(window, instants)).toEqual(wanted.map((offset) => NOON_MS + offset));
});

test.each([
  ['of 25 hours', Date.UTC(2026, 9, 24, 22), 25],
  ['of 23 hours', Date.UTC(2026, 2, 28, 23), 23],
  ['after the seconds of 2038 ran out', Date.UTC(2038, 0, 18, 23), 24],
])('F12 a day %s is one window', (_, midnightMs, hours) => {
  const instants = Array.from({ length: hours + 1 }, (__, hour) => midnightMs + hour * HOUR_MS);
  expect(admittedAt('day', instants)).toEqual([midnightMs, midnightMs + hours * HOUR_MS]);
});

test('F12 the hour that a change of clocks repeats is a window of its own', () => {
  const twoMs = Date.UTC(2026, 9, 25, 0);
  const instants = [0, 0.5, 1, 1.5, 2].map((hours) => twoMs + hours * HOUR_MS);
  expect(admittedAt('hour', instants)).toEqual([0, 1, 2].map((hours) => twoMs + hours * HOUR_MS));
});

test('F12 however the clock wanders, a window lets through what it may once', () => {
  fc.assert(
    fc.property(
      fc.constantFrom(...WINDOWS),
      fc.array(fc.integer({ min: -2 * DAY_MS, max: 3 * DAY_MS }), { maxLength: 40 }),
      (window, moves) => {
        let atMs = NOON_MS;
        const instants = moves.map((move) => {
          atMs += move;
          return atMs;
        });
        let seenMs = instants[0] ?? 0;
        const opened = new Set<number>();
        for (const instant of instants) {
          seenMs = Math.max(seenMs, instant);
          opened.add(berlin.bounds(window, seenMs).startMs);
        }
        expect(admittedAt(window, instants)).toHaveLength(opened.size);
      },
    ),
  );
});

test('F12 an accountant that starts with its clock behind the ledger stays in the window of the ledger', () => {
  const accountant = new Accountant(berlin, NOON_MS);
  expect(accountant.tick(NOON_MS - 40 * DAY_MS)).toBe(NOON_MS);
  accountant.openScope(KEY_SCOPE, [rule(1, { window: 'day' })]);
  expect(accountant.states()).toMatchObject([{ resetsAtMs: Date.UTC(2026, 10, 24, 23) }]);
});
