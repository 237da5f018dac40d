import type { Window } from '../contract/limits.ts';

/** A window as a half-open interval of epoch milliseconds; `end` is Infinity for `total`. */
export interface WindowBounds {
  readonly startMs: number;
  readonly endMs: number;
}

/** Turns an instant into the calendar window that holds it, in one time zone. */
export interface Calendar {
  bounds(window: Window, atMs: number): WindowBounds;
  /** The instant in ISO 8601 with the zone's offset, to the minute: `2026-11-24T00:00+01:00`. */
  format(atMs: number): string;
}

const MINUTE_MS = 60_000;
const HOUR_MS = 3_600_000;

/**
 * The zone the process runs in. It goes through `Date`, because an Intl formatter costs an idle engine
 * eleven megabytes and 25 ms of its start. {@link openCalendar} takes Temporal for any other zone, and a
 * test holds both against each other.
 */
export const systemCalendar: Calendar = {
  bounds(window, atMs) {
    const at = new Date(atMs);
    switch (window) {
      case 'total':
        return { startMs: 0, endMs: Number.POSITIVE_INFINITY };
      case 'minute': {
        const startMs = Math.floor(atMs / MINUTE_MS) * MINUTE_MS;
        return { startMs, endMs: startMs + MINUTE_MS };
      }
      case 'hour': {
        const intoMs = at.getMinutes() * MINUTE_MS + at.getSeconds() * 1000 + at.getMilliseconds();
        return hourAround(atMs, intoMs, (ms) => new Date(ms).getTimezoneOffset());
      }
    }
    const [year, month] = [at.getFullYear(), at.getMonth()];
    const today = at.getDate();
    const monday = today - ((at.getDay() + 6) % 7);
    return windowHolding(atMs, (index) => {
      if (window === 'month') return firstInstant(year, month + index, 1);
      return firstInstant(year, month, window === 'week' ? monday + 7 * index : today + index);
    });
  },
  format(atMs) {
    const at = new Date(atMs);
    const offset = -at.getTimezoneOffset();
    const two = (value: number): string => String(Math.floor(Math.abs(value))).padStart(2, '0');
    const date = `${at.getFullYear()}-${two(at.getMonth() + 1)}-${two(at.getDate())}`;
    const zone = `${offset < 0 ? '-' : '+'}${two(offset / 60)}:${two(offset % 60)}`;
    return `${date}T${two(at.getHours())}:${two(at.getMinutes())}${zone}`;
  },
};

/**
 * The local hour, cut where the clocks change by half an hour within it (Lord Howe), so that windows
 * follow one another without a gap or an overlap.
 */
function hourAround(atMs: number, intoMs: number, offsetAt: (ms: number) => number): WindowBounds {
  const startMs = atMs - intoMs;
  const endMs = startMs + HOUR_MS;
  const offset = offsetAt(atMs);
  return {
    startMs: offsetAt(startMs) === offset ? startMs : firstChange(startMs, atMs, offsetAt),
    endMs: offsetAt(endMs - 1) === offset ? endMs : firstChange(atMs, endMs - 1, offsetAt),
  };
}

/** The first instant of another offset, where there is one change between two instants. */
function firstChange(beforeMs: number, afterMs: number, offsetAt: (ms: number) => number): number {
  const offset = offsetAt(beforeMs);
  let [low, high] = [beforeMs, afterMs];
  while (high - low > 1) {
    const middle = Math.floor((low + high) / 2);
    if (offsetAt(middle) === offset) low = middle;
    else high = middle;
  }
  return high;
}

/**
 * The window of an instant, from the first instants of the window of its local date and those after it.
 * Where clocks go back over midnight, the end of the old date comes a second time after the new one has
 * begun; it counts with the new one, because a window that has ended must not come again.
 */
function windowHolding(atMs: number, first: (index: number) => number): WindowBounds {
  const endMs = first(1);
  return atMs < endMs ? { startMs: first(0), endMs } : { startMs: endMs, endMs: first(2) };
}

/**
 * The first instant of a local date. Where clocks go back over midnight, `Date` picks the earlier of two
 * midnights, which still belongs to the day before; step on to where the date begins for good.
 */
function firstInstant(year: number, month: number, day: number): number {
  const midnight = new Date(year, month, day);
  const wanted = new Date(Date.UTC(year, month, day)).getUTCDate();
  let instantMs = midnight.getTime();
  for (let step = 0; step < 4; step += 1) {
    const later = instantMs + 30 * MINUTE_MS;
    if (new Date(instantMs).getDate() === wanted) break;
    // A date that the zone skipped altogether (Samoa, 30 December 2011) begins where the next one does.
    if (new Date(later).getTime() - midnight.getTime() > 2 * HOUR_MS) break;
    instantMs = later;
  }
  return new Date(instantMs).getDate() === wanted ? instantMs : midnight.getTime();
}

/**
 * A calendar for an IANA zone such as `Europe/Berlin`; without one, {@link systemCalendar}.
 * @throws RangeError when the zone is unknown.
 */
export async function openCalendar(zone?: string): Promise<Calendar> {
  if (zone === undefined) return systemCalendar;
  const { Temporal } = await import('temporal-polyfill');
  const zoned = (atMs: number) => Temporal.Instant.fromEpochMilliseconds(atMs).toZonedDateTimeISO(zone);
  zoned(0);
  return {
    bounds(window, atMs) {
      if (window === 'total' || window === 'minute') return systemCalendar.bounds(window, atMs);
      const at = zoned(atMs);
      if (window === 'hour') {
        const intoMs = at.minute * MINUTE_MS + at.second * 1000 + at.millisecond;
        return hourAround(atMs, intoMs, (ms) => zoned(ms).offsetNanoseconds);
      }
      const first =
        window === 'day'
          ? at.startOfDay()
          : window === 'week'
            ? at.subtract({ days: at.dayOfWeek - 1 }).startOfDay()
            : at.with({ day: 1 }).startOfDay();
      return windowHolding(atMs, (index) => {
        const unit = window === 'day' ? 'days' : window === 'week' ? 'weeks' : 'months';
        return first.add({ [unit]: index }).startOfDay().epochMilliseconds;
      });
    },
    format(atMs) {
      return zoned(atMs).toString({ smallestUnit: 'minute', timeZoneName: 'never' });
    },
  };
}
