import type { Calendar } from '../admission/calendar.ts';
import { AppError } from '../contract/errors.ts';
import type { Window } from '../contract/limits.ts';
import type { ControlDeps } from './control-deps.ts';

export const QUARTER_MS = 15 * 60_000;
const DAY_MS = 86_400_000;
const SPANS: Readonly<Record<string, number>> = { m: 60_000, h: 3_600_000, d: DAY_MS, w: 7 * DAY_MS };

/** What is raised, paused or snoozed for longer than this is a lasting change. */
const MAX_AHEAD_MS = 366 * DAY_MS;

type Clock = Pick<ControlDeps, 'calendar' | 'accountant' | 'now'>;

/** The clock that requests are counted on: it does not go back when the wall clock does. */
export function nowOf(deps: Clock): number {
  return deps.accountant.tick(deps.now());
}

/**
 * Reads an instant of the past: an ISO instant, a local date (`2026-11-01`: its begin, or with `end` its
 * end), or a span back from now (`24h`, `7d`). The current month without one. Down to the quarter of an
 * hour.
 * @throws AppError `input_invalid`
 */
export function readSince(deps: Clock, since: string | undefined, nowMs: number): number {
  const startMs =
    since === undefined ? deps.calendar.bounds('month', nowMs).startMs : past(deps, since, nowMs, false);
  return Math.floor(startMs / QUARTER_MS) * QUARTER_MS;
}

/** The same for the end of a range, which is now without one; up to the quarter of an hour. */
export function readUntil(deps: Clock, until: string | undefined, nowMs: number): number {
  if (until === undefined) return (Math.floor(nowMs / QUARTER_MS) + 1) * QUARTER_MS;
  return Math.ceil(past(deps, until, nowMs, true) / QUARTER_MS) * QUARTER_MS;
}

/** Neither rounded nor limited; null without one. */
export function readExactly(
  deps: Clock,
  text: string | undefined,
  nowMs: number,
  end: boolean,
): number | null {
  return text === undefined ? null : past(deps, text, nowMs, end);
}

function past(deps: Clock, text: string, nowMs: number, end: boolean): number {
  const span = /^(\d{1,5})([mhdw])$/.exec(text);
  if (span) return nowMs - Number(span[1]) * (SPANS[span[2] ?? ''] ?? 0);
  const instantMs = instant(deps, text, end);
  if (instantMs === null) {
    throw new AppError('input_invalid', {
      problem: `"${text.slice(0, 40)}" is neither a date like 2026-11-01 nor a span like 24h or 7d`,
    });
  }
  return instantMs;
}

/**
 * Reads an instant that is still to come: `midnight`, a span (`2h`), a local date (its end), or an ISO
 * instant.
 * @throws AppError `input_invalid` for what is no instant, has passed, or is more than a year away
 */
export function readAhead(deps: Clock, until: string, maxAheadMs = MAX_AHEAD_MS): number {
  const nowMs = nowOf(deps);
  const text = until.trim();
  const shown = `"${until.slice(0, 40)}"`;
  const fail = (problem: string): never => {
    throw new AppError('input_invalid', { problem });
  };
  const span = /^(\d{1,5})([mhdw])$/.exec(text);
  const instantMs =
    text === 'midnight'
      ? deps.calendar.bounds('day', nowMs).endMs
      : span
        ? nowMs + Number(span[1]) * (SPANS[span[2] ?? ''] ?? 0)
        : instant(deps, text, true);
  if (instantMs === null) {
    return fail(`${shown} is neither midnight, a span like 2h, a date like 2026-11-30 nor an instant`);
  }
  if (instantMs <= nowMs) return fail(`${shown} has passed`);
  if (instantMs - nowMs > maxAheadMs) return fail(`${shown} is too far ahead`);
  return instantMs;
}

/** An ISO instant, or a local date: its first instant, or the one after its last. */
function instant(deps: Clock, text: string, end: boolean): number | null {
  if (/^\d{4}-\d{2}-\d{2}T/.test(text)) {
    const parsed = Date.parse(text);
    return Number.isFinite(parsed) ? parsed : null;
  }
  if (!/^\d{4}-\d{2}-\d{2}$/.test(text)) return null;
  // Noon in UTC lies on the local date or, far from Greenwich, on a neighbour of it.
  const noonMs = Date.parse(`${text}T12:00:00Z`);
  if (!Number.isFinite(noonMs) || new Date(noonMs).toISOString().slice(0, 10) !== text) return null;
  const day = [0, -1, 1]
    .map((offset) => deps.calendar.bounds('day', noonMs + offset * DAY_MS))
    .find(({ startMs }) => deps.calendar.format(startMs).slice(0, 10) === text);
  if (!day) return null;
  return end ? day.endMs : day.startMs;
}

const HOUR_MS = 3_600_000;

/** No zone changes its clocks twice in so short a time. */
const STEADY_MS = 7 * DAY_MS;

/**
 * Starts of the windows of a time, the first at or before its begin. Days are looked up a week at a time,
 * and hours are counted from the start of a day whose clocks do not change: in another zone than the
 * system's each look at the calendar takes its time, on the thread that carries requests.
 */
export function windowStarts(
  { calendar }: Pick<ControlDeps, 'calendar'>,
  window: Exclude<Window, 'minute'>,
  fromMs: number,
  toMs: number,
): number[] {
  if (window === 'day') return dayStarts(calendar, fromMs, toMs);
  if (window !== 'hour') return lookUp(calendar, window, fromMs, toMs);
  const days = dayStarts(calendar, fromMs, toMs);
  return days.flatMap((dayMs, at) => {
    const nextMs = days[at + 1] ?? calendar.bounds('day', dayMs).endMs;
    const [beginMs, endMs] = [Math.max(dayMs, fromMs), Math.min(nextMs, toMs)];
    if (nextMs - dayMs !== DAY_MS) return lookUp(calendar, 'hour', beginMs, endMs);
    const first = dayMs + Math.floor((beginMs - dayMs) / HOUR_MS) * HOUR_MS;
    return Array.from({ length: Math.ceil((endMs - first) / HOUR_MS) }, (_, hour) => first + hour * HOUR_MS);
  });
}

function dayStarts(calendar: Calendar, fromMs: number, toMs: number): number[] {
  const starts: number[] = [];
  for (let startMs = calendar.bounds('day', fromMs).startMs; startMs < toMs; ) {
    const isSteady = calendar.bounds('day', startMs + STEADY_MS).startMs === startMs + STEADY_MS;
    const endMs = isSteady ? startMs + STEADY_MS : calendar.bounds('day', startMs).endMs;
    starts.push(startMs);
    if (isSteady) {
      for (let dayMs = startMs + DAY_MS; dayMs < Math.min(endMs, toMs); dayMs += DAY_MS) starts.push(dayMs);
    }
    startMs = endMs;
  }
  return starts;
}

function lookUp(calendar: Calendar, window: Window, fromMs: number, toMs: number): number[] {
  const starts: number[] = [];
  for (let atMs = fromMs; atMs < toMs; ) {
    const { startMs, endMs } = calendar.bounds(window, atMs);
    starts.push(startMs);
    atMs = endMs;
  }
  return starts;
}

/** Many instants, rising, as `calendar.format` writes each: asked only where the clocks may have changed. */
export function formatAll(
  { calendar }: Pick<ControlDeps, 'calendar'>,
  instants: readonly number[],
): string[] {
  const texts: string[] = [];
  for (let from = 0; from < instants.length; ) {
    const firstMs = instants[from] ?? 0;
    const next = instants.findIndex((atMs, at) => at > from && atMs - firstMs > STEADY_MS);
    const slice = instants.slice(from, next < 0 ? undefined : next);
    const offset = calendar.format(firstMs).slice(16);
    const isSteady = calendar.format(slice.at(-1) ?? firstMs).slice(16) === offset;
    const local = (atMs: number): string =>
      `${new Date(atMs + minutesOf(offset) * 60_000).toISOString().slice(0, 16)}${offset}`;
    texts.push(...slice.map((atMs) => (isSteady ? local(atMs) : calendar.format(atMs))));
    from += slice.length;
  }
  return texts;
}

/** Of an offset such as `+05:30`. */
function minutesOf(offset: string): number {
  const [hours = 0, minutes = 0] = offset.slice(1).split(':').map(Number);
  return (offset.startsWith('-') ? -1 : 1) * (hours * 60 + minutes);
}
