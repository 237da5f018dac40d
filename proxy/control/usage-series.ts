import { AppError } from '../contract/errors.ts';
import type { Series, UsageSeries } from '../contract/usage.ts';
import type { SeriesStep } from '../contract/usage-words.ts';
import type { SeriesKey, SeriesSum } from '../ledger/usage-queries.ts';
import { requireApp } from './app-commands.ts';
import type { ControlDeps } from './control-deps.ts';
import { formatAll, nowOf, QUARTER_MS, readSince, readUntil, windowStarts } from './instants.ts';

/** As many as a chart can show; more points are asked for with a longer step. */
const MAX_POINTS = 1_500;

export interface SeriesRequest {
  readonly app?: string | undefined;
  readonly since?: string | undefined;
  readonly until?: string | undefined;
  readonly model?: string | undefined;
  readonly step: SeriesStep;
  readonly by?: SeriesKey | undefined;
  readonly top: number;
}

/** @throws AppError `input_invalid` for more points than a chart can show */
export async function usageSeries(deps: ControlDeps, request: SeriesRequest): Promise<UsageSeries> {
  const nowMs = nowOf(deps);
  const app = request.app === undefined ? null : requireApp(deps, request.app);
  const sinceMs = readSince(deps, request.since, nowMs);
  const toMs = Math.max(sinceMs + QUARTER_MS, readUntil(deps, request.until, nowMs));
  const borders = bordersOf(deps, request.step, sinceMs, toMs);
  await deps.journal.flush();
  const lines = await deps.reports.query('series', {
    borders: borders.map((atMs) => Math.floor(atMs / QUARTER_MS)),
    by: request.by ?? null,
    appNum: app?.num ?? null,
    model: request.model ?? null,
  });
  const names = request.by === 'app' ? await deps.reports.query('appNames') : [];
  const byNum = new Map(names.map((name) => [name.num, name]));
  const points = borders.length - 1;
  const series = topOf(lines, request.top, points, request.by !== undefined).map((line) => {
    const named = request.by === 'app' && typeof line.key === 'number' ? byNum.get(line.key) : undefined;
    return { ...line, ...keyAndName(line.key, named, request.by !== undefined) };
  });
  const [first = sinceMs] = borders;
  return {
    from: new Date(first).toISOString(),
    to: new Date(borders.at(-1) ?? toMs).toISOString(),
    step: request.step,
    at: formatAll(deps, borders.slice(0, -1)),
    series,
  };
}

/** Starts of the points and the end of the last one; calendar steps are whole, so the first may begin earlier. */
function bordersOf(deps: ControlDeps, step: SeriesStep, fromMs: number, toMs: number): number[] {
  const shortestMs = { quarter: 1, hour: 4, day: 92, week: 92 * 7, month: 92 * 28 }[step] * QUARTER_MS;
  if ((toMs - fromMs) / shortestMs > MAX_POINTS) {
    throw new AppError('input_invalid', {
      problem: `this range has more than ${MAX_POINTS} points of a ${step}; choose a longer step`,
    });
  }
  if (step !== 'quarter') {
    return [...windowStarts(deps, step, fromMs, toMs), deps.calendar.bounds(step, toMs - 1).endMs];
  }
  const count = Math.ceil((toMs - fromMs) / QUARTER_MS);
  return Array.from({ length: count + 1 }, (_, at) => fromMs + at * QUARTER_MS);
}

/** The dearest lines, and the rest as one; without a key there is always one line. */
function topOf(lines: readonly SeriesSum[], top: number, points: number, isKeyed: boolean): SeriesSum[] {
  const total = (numbers: readonly number[]): number => numbers.reduce((sum, number) => sum + number, 0);
  const sorted = [...lines].sort(
    (a, b) => total(b.costNanoUsd) - total(a.costNanoUsd) || total(b.requests) - total(a.requests),
  );
  if (!isKeyed) return [sorted[0] ?? add([], points)];
  const rest = sorted.slice(top);
  return rest.length === 0 ? sorted : [...sorted.slice(0, top), add(rest, points)];
}

function add(lines: readonly SeriesSum[], points: number): SeriesSum {
  const sums = (pick: (line: SeriesSum) => readonly number[]): number[] =>
    Array.from({ length: points }, (_, at) => lines.reduce((sum, line) => sum + (pick(line)[at] ?? 0), 0));
  return {
    key: null,
    costNanoUsd: sums((line) => line.costNanoUsd),
    requests: sums((line) => line.requests),
    refused: sums((line) => line.refused),
    inputTokens: sums((line) => line.inputTokens),
    cachedInputTokens: sums((line) => line.cachedInputTokens),
    outputTokens: sums((line) => line.outputTokens),
  };
}

function keyAndName(
  key: string | number | null,
  app: { readonly id: string; readonly name: string } | undefined,
  isKeyed: boolean,
): Pick<Series, 'key' | 'name'> {
  if (key === null) return { key: null, name: isKeyed ? 'Other' : 'All' };
  if (app) return { key: app.id, name: app.name };
  return { key: String(key), name: key === '' ? '(none)' : String(key) };
}
