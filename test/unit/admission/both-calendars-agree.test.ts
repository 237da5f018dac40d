import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { expect, test } from 'vitest';
import { openCalendar, systemCalendar } from '../../../proxy/admission/calendar.ts';

const script = fileURLToPath(new URL('./compare-calendars.ts', import.meta.url));

/** The system's zone is a matter of the process, so each zone has one of its own. */
async function differencesIn(zone: string, ...years: string[]): Promise<string[]> {
  const { stdout } = await promisify(execFile)(process.execPath, [script, zone, ...years], {
    env: { ...process.env, TZ: zone },
  });
  return JSON.parse(stdout) as string[];
}

test.each([
  ['UTC'],
  ['Europe/Berlin'],
  ['America/New_York'],
  // Half an hour of daylight saving; a quarter of an hour off; daylight saving that is negative.
  ['Australia/Lord_Howe'],
  ['Asia/Kathmandu'],
  ['Africa/Casablanca'],
  // Clocks that change at midnight.
  ['America/Sao_Paulo', '2010', '2020'],
  ['America/Havana'],
  // Half an hour forward in the middle of an hour; a day that never was.
  ['America/Caracas', '2015', '2018'],
  ['Pacific/Apia', '2011', '2013'],
])(
  'F12 windows in %s are the same by Date and by Temporal, and follow one another',
  async (zone, ...years) => {
    expect(await differencesIn(zone, ...years)).toEqual([]);
  },
);

test('F12 a day of 23 and one of 25 hours end at midnight', async () => {
  const berlin = await openCalendar('Europe/Berlin');
  const hours = (atMs: number): number => {
    const { startMs, endMs } = berlin.bounds('day', atMs);
    return (endMs - startMs) / 3_600_000;
  };
  expect(hours(Date.UTC(2026, 2, 29, 12))).toBe(23);
  expect(hours(Date.UTC(2026, 9, 25, 12))).toBe(25);
});

test('F12 where clocks change by half an hour, so does the window, and none overlaps the next', async () => {
  const lordHowe = await openCalendar('Australia/Lord_Howe');
  const hour = (text: string): string[] => {
    const { startMs, endMs } = lordHowe.bounds('hour', Date.parse(text));
    return [startMs, endMs].map((ms) => lordHowe.format(ms));
  };
  expect(hour('2026-04-05T01:59:59+11:00')).toEqual(['2026-04-05T01:00+11:00', '2026-04-05T01:30+10:30']);
  expect(hour('2026-04-05T01:59:59+10:30')).toEqual(['2026-04-05T01:30+10:30', '2026-04-05T02:00+10:30']);
  expect(hour('2026-10-04T02:30:00+11:00')).toEqual(['2026-10-04T02:30+11:00', '2026-10-04T03:00+11:00']);
});

test('weeks begin on Monday, and total never ends', async () => {
  const utc = await openCalendar('UTC');
  const { startMs, endMs } = utc.bounds('week', Date.UTC(2026, 10, 29, 23, 59));
  expect([new Date(startMs).toISOString(), new Date(endMs).toISOString()]).toEqual([
    '2026-11-23T00:00:00.000Z',
    '2026-11-30T00:00:00.000Z',
  ]);
  expect(systemCalendar.bounds('total', 5)).toEqual({ startMs: 0, endMs: Number.POSITIVE_INFINITY });
});
