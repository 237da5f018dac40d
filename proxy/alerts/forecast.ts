import type { Metric, Window } from '../contract/limits.ts';
import type { HourUse } from './usage-history.ts';

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;
/** A pace that was kept for less than this is none. */
const MIN_ELAPSED_MS = 15 * 60_000;
/** How far a budget that never resets is looked ahead. */
const MAX_AHEAD_MS = 366 * DAY_MS;
const MIN_REQUESTS = 3;

export interface ForecastInput {
  readonly metric: Metric;
  readonly window: Window;
  readonly amount: number;
  readonly used: number;
  readonly nowMs: number;
  /** Of the window; the end is Infinity for `total`. */
  readonly startMs: number;
  readonly endMs: number;
  /** By hour from the epoch, of whoever the limit is for. */
  readonly hours: ReadonlyMap<number, Readonly<HourUse>>;
}

export interface ForecastResult {
  readonly state: 'too-little' | 'within' | 'reaches' | 'over';
  readonly atReset: { readonly low: number; readonly likely: number; readonly high: number } | null;
  readonly reachesAtMs: number | null;
  readonly perHour: number | null;
}

/**
 * Where a limit's window is going. Two views are joined: the pace of late (the last three hours of a day
 * or less, the last day of longer windows), and what the same stretch of time has used on earlier days.
 * Their mean is the likely one, the least and the most of them are the range.
 */
export function forecast(input: ForecastInput): ForecastResult {
  const { amount, used, nowMs, startMs, endMs } = input;
  const isOver = used >= amount;
  const isShort = input.window === 'minute' || input.window === 'hour';
  const pace = isShort ? null : paceOf(input);
  if (pace === null) {
    return { state: isOver ? 'over' : 'too-little', atReset: null, reachesAtMs: null, perHour: null };
  }
  const remainingMs = Math.min(endMs, nowMs + MAX_AHEAD_MS) - nowMs;
  const lately = (pace * remainingMs) / HOUR_MS;
  const earlier = earlierStretches(input, remainingMs);
  const likelyMore = earlier.length === 0 ? lately : (lately + median(earlier)) / 2;
  const all = [lately, ...earlier].sort((a, b) => a - b);
  const at = (share: number): number => all[Math.round((all.length - 1) * share)] ?? lately;
  const atReset = Number.isFinite(endMs)
    ? {
        low: Math.round(used + Math.min(at(0.2), likelyMore)),
        likely: Math.round(used + likelyMore),
        high: Math.round(used + Math.max(at(0.8), likelyMore)),
      }
    : null;
  const perHour = Math.round((likelyMore * HOUR_MS) / Math.max(1, remainingMs));
  if (isOver) return { state: 'over', atReset, reachesAtMs: null, perHour };
  const reaches = likelyMore > 0 && used + likelyMore >= amount;
  const reachesAtMs = reaches
    ? Math.min(endMs, nowMs + Math.round((remainingMs * (amount - used)) / likelyMore))
    : null;
  return {
    state: reaches ? 'reaches' : 'within',
    atReset,
    reachesAtMs: reachesAtMs === null ? null : Math.max(reachesAtMs, startMs),
    perHour,
  };
}

/** Use in an hour of late; null when there is too little to go by. */
function paceOf({ metric, window, nowMs, startMs, hours }: ForecastInput): number | null {
  const lookBackMs = window === 'day' ? 3 * HOUR_MS : DAY_MS;
  const first = firstHour(hours);
  if (first === null) return null;
  const beginMs = Math.max(
    nowMs - lookBackMs,
    first * HOUR_MS,
    window === 'total' ? 0 : startMs - lookBackMs,
  );
  const elapsedMs = nowMs - beginMs;
  let used = 0;
  let requests = 0;
  for (const [hour, use] of hours) {
    if ((hour + 1) * HOUR_MS <= beginMs) continue;
    used += useOf(use, metric);
    requests += use.requests;
  }
  if (elapsedMs < MIN_ELAPSED_MS || requests < MIN_REQUESTS) return null;
  return used / (elapsedMs / HOUR_MS);
}

/** What stretches as long as the rest of the window have used, that began at this time on earlier days. */
function earlierStretches({ metric, nowMs, hours }: ForecastInput, remainingMs: number): number[] {
  const first = firstHour(hours);
  if (first === null) return [];
  const stretches: number[] = [];
  const days = Math.max(1, Math.ceil(remainingMs / DAY_MS));
  for (let back = days; back <= 27; back += 1) {
    const fromMs = nowMs - back * DAY_MS;
    if (fromMs < first * HOUR_MS) break;
    stretches.push(usedBetween(hours, metric, fromMs, fromMs + remainingMs));
  }
  return stretches;
}

/** Hours that lie within it in part count in part. */
function usedBetween(
  hours: ReadonlyMap<number, Readonly<HourUse>>,
  metric: Metric,
  fromMs: number,
  toMs: number,
): number {
  let used = 0;
  for (let hour = Math.floor(fromMs / HOUR_MS); hour * HOUR_MS < toMs; hour += 1) {
    const use = hours.get(hour);
    if (!use) continue;
    const overlapMs = Math.min(toMs, (hour + 1) * HOUR_MS) - Math.max(fromMs, hour * HOUR_MS);
    used += (useOf(use, metric) * overlapMs) / HOUR_MS;
  }
  return used;
}

function firstHour(hours: ReadonlyMap<number, unknown>): number | null {
  let first: number | null = null;
  for (const hour of hours.keys()) if (first === null || hour < first) first = hour;
  return first;
}

export function useOf(use: Readonly<HourUse>, metric: Metric): number {
  switch (metric) {
    case 'usd':
      return use.nanoUsd;
    case 'tokens':
      return use.inputTokens + use.outputTokens;
    case 'input_tokens':
      return use.inputTokens;
    case 'output_tokens':
      return use.outputTokens;
    case 'requests':
      return use.requests;
  }
}

function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)] ?? 0;
}
