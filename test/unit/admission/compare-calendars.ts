/**
 * Run with TZ set to the zone it is given: prints the instants at which the two calendars differ, and
 * the windows that do not hold their instant or do not follow one another.
 */
import { openCalendar, systemCalendar } from '../../../proxy/admission/calendar.ts';
import { WINDOWS } from '../../../proxy/contract/limits.ts';

const [zone = 'UTC', fromYear = '2022', toYear = '2040'] = process.argv.slice(2);
const temporal = await openCalendar(zone);
const HOUR_MS = 3_600_000;
const differences: string[] = [];

function compare(atMs: number): void {
  for (const window of WINDOWS) {
    const ours = systemCalendar.bounds(window, atMs);
    const theirs = temporal.bounds(window, atMs);
    const first = systemCalendar.bounds(window, ours.startMs);
    const isWhole = ours.startMs <= atMs && atMs < ours.endMs && first.endMs === ours.endMs;
    const next = window === 'total' ? ours.endMs : systemCalendar.bounds(window, ours.endMs).startMs;
    const isSame = ours.startMs === theirs.startMs && ours.endMs === theirs.endMs;
    if (isSame && isWhole && first.startMs === ours.startMs && next === ours.endMs) continue;
    differences.push(
      `${new Date(atMs).toISOString()} ${window} ${JSON.stringify([ours, theirs, first, next])}`,
    );
  }
  if (systemCalendar.format(atMs) !== temporal.format(atMs)) {
    differences.push(`${systemCalendar.format(atMs)} is not ${temporal.format(atMs)}`);
  }
}

/** Days on which the offset changes are looked at hour by hour, the others here and there. */
const endMs = Date.UTC(Number(toYear), 0, 1);
for (let dayMs = Date.UTC(Number(fromYear), 0, 1); dayMs < endMs; dayMs += 24 * HOUR_MS) {
  const changes =
    new Date(dayMs - 24 * HOUR_MS).getTimezoneOffset() !== new Date(dayMs + 48 * HOUR_MS).getTimezoneOffset();
  if (changes) for (let ms = 0; ms < 24 * HOUR_MS; ms += HOUR_MS / 2) compare(dayMs + ms + 123);
  else if (new Date(dayMs).getUTCDate() % 13 === 1) compare(dayMs + (dayMs % 86_399_000));
}
process.stdout.write(JSON.stringify(differences.slice(0, 5)));
