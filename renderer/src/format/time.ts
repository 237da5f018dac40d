import { language } from '../text/define-text.ts';

const MINUTE = 60;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;
const relative = new Intl.RelativeTimeFormat(language(), { numeric: 'auto', style: 'short' });
const formats = new Map<string, Intl.DateTimeFormat>();

function formatIn(zone: string, options: Intl.DateTimeFormatOptions): Intl.DateTimeFormat {
  const name = `${zone} ${JSON.stringify(options)}`;
  const known = formats.get(name);
  if (known) return known;
  const made = new Intl.DateTimeFormat(language(), { ...options, timeZone: zone, hourCycle: 'h23' });
  formats.set(name, made);
  return made;
}

/** `25 Nov 2026, 14:03:22 GMT+1`, for where a time must be exact. */
export function exactTime(iso: string, zone: string): string {
  const options = { dateStyle: 'medium', timeStyle: 'long' } as const;
  return formatIn(zone, options).format(new Date(iso));
}

/** `Nov 25, 14:03`, the year only when it is not this one. */
export function shortTime(iso: string, zone: string): string {
  const at = new Date(iso);
  const year = formatIn(zone, { year: 'numeric' });
  const isThisYear = year.format(at) === year.format(Date.now());
  return formatIn(zone, {
    ...(isThisYear ? {} : { year: 'numeric' as const }),
    month: 'short',
    day: 'numeric',
    hour: '2-digit',
    minute: '2-digit',
  }).format(at);
}

/** `14:03` when it is today or within twelve hours, else with its day. */
export function nearTime(iso: string, zone: string, nowMs: number): string {
  const day = formatIn(zone, { dateStyle: 'short' });
  const isNear = Math.abs(Date.parse(iso) - nowMs) < 12 * HOUR * 1_000;
  if (!isNear && day.format(new Date(iso)) !== day.format(nowMs)) return shortTime(iso, zone);
  return formatIn(zone, { hour: '2-digit', minute: '2-digit' }).format(new Date(iso));
}

/** `14:03:22` on the day of the zone. */
export function clockTime(iso: string, zone: string): string {
  return formatIn(zone, { hour: '2-digit', minute: '2-digit', second: '2-digit' }).format(new Date(iso));
}

/** `25 Nov`, for days on an axis. */
export function dayOf(iso: string, zone: string): string {
  return formatIn(zone, { month: 'short', day: 'numeric' }).format(new Date(iso));
}

/** `Wed 14:00`, for hours on an axis. */
export function hourOf(iso: string, zone: string): string {
  return formatIn(zone, { weekday: 'short', hour: '2-digit', minute: '2-digit' }).format(new Date(iso));
}

/** `3 min ago`, `in 2 hr`; within five seconds `now`. */
export function relativeTime(iso: string, nowMs: number): string {
  const seconds = Math.round((Date.parse(iso) - nowMs) / 1_000);
  const abs = Math.abs(seconds);
  if (abs < 5) return relative.format(0, 'second');
  if (abs < MINUTE) return relative.format(seconds, 'second');
  // An hour that is a second short is an hour, not 60 minutes.
  if (abs < HOUR - MINUTE / 2) return relative.format(Math.round(seconds / MINUTE), 'minute');
  if (abs < DAY - HOUR / 2) return relative.format(Math.round(seconds / HOUR), 'hour');
  return relative.format(Math.round(seconds / DAY), 'day');
}

/** What to take for now beside an instant: one that has come since the last step does not lie ahead. */
export function nowBeside(iso: string, stepMs: number, clockMs = Date.now()): number {
  return Math.max(stepMs, Math.min(Date.parse(iso), clockMs));
}

/** `480 ms`, `2.4 s`, `3 min 5 s`; an em dash for what is unknown. */
export function duration(ms: number | null): string {
  if (ms === null) return '—';
  if (ms < 1_000) return `${Math.round(ms)} ms`;
  if (ms < MINUTE * 1_000) return `${(ms / 1_000).toFixed(1)} s`;
  const seconds = Math.round(ms / 1_000);
  return `${Math.floor(seconds / MINUTE)} min ${seconds % MINUTE} s`;
}
