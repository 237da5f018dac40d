import { expect, test } from 'vitest';
import { openCalendar } from '../../../proxy/admission/calendar.ts';
import { formatAll, windowStarts } from '../../../proxy/control/instants.ts';

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;
/** Zones that are off the hour, and that change their clocks by an hour, by half of one, or not at all. */
const ZONES = [
  'UTC',
  'Europe/Berlin',
  'Asia/Kolkata',
  'Asia/Kathmandu',
  'America/St_Johns',
  'Australia/Lord_Howe',
  'Pacific/Chatham',
  'Africa/Casablanca',
];

test.each(ZONES)('%s: a year of hours, days, weeks and months', async (zone) => {
  const calendar = await openCalendar(zone);
  const fromMs = Date.UTC(2026, 0, 17, 5, 41);
  for (const [window, days] of [
    ['hour', 366],
    ['day', 366],
    ['week', 366],
    ['month', 366],
  ] as const) {
    const toMs = fromMs + days * DAY_MS;
    const expected: number[] = [];
    for (let atMs = fromMs; atMs < toMs; ) {
      const { startMs, endMs } = calendar.bounds(window, atMs);
      expected.push(startMs);
      atMs = endMs;
    }
    expect(windowStarts({ calendar }, window, fromMs, toMs)).toEqual(expected);
  }
});

test.each(ZONES)('%s: many instants are written as each of them is', async (zone) => {
  const calendar = await openCalendar(zone);
  for (const [stepMs, count] of [
    [HOUR_MS / 4, 1_500],
    [HOUR_MS, 1_500],
    [DAY_MS, 400],
    [31 * DAY_MS, 24],
  ] as const) {
    const instants = Array.from({ length: count }, (_, at) => Date.UTC(2026, 2, 1, 0, 30) + at * stepMs);
    expect(formatAll({ calendar }, instants)).toEqual(instants.map((atMs) => calendar.format(atMs)));
  }
  expect(formatAll({ calendar }, [])).toEqual([]);
});
