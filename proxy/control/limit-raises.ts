import { AppError } from '../contract/errors.ts';
import type { LimitRaise } from '../contract/limits.ts';
import type { LimitKey, LimitRaiseChange } from '../ledger/records.ts';
import type { App } from '../ledger/registry.ts';
import { requireLimit } from './app-commands.ts';
import type { ControlDeps } from './control-deps.ts';

export interface RaiseToSet {
  readonly limit: LimitKey;
  /** Null takes a raise back. */
  readonly amount: number | null;
  readonly until: string;
}

/** @throws AppError `limit_unknown` or `input_invalid` */
export function raiseAppLimit(deps: ControlDeps, app: App, raise: RaiseToSet): Promise<App> {
  requireLimit(app.limits, raise.limit);
  return deps.registry.raiseAppLimit(app, toChange(deps, raise));
}

/** @throws AppError `limit_unknown` or `input_invalid` */
export async function raiseKeyLimit(deps: ControlDeps, raise: RaiseToSet): Promise<void> {
  requireLimit(deps.registry.keyLimits, raise.limit);
  await deps.registry.raiseKeyLimit(toChange(deps, raise));
}

function toChange(deps: ControlDeps, { limit, amount, until }: RaiseToSet): Omit<LimitRaiseChange, 'appNum'> {
  const raise: LimitRaise | null = amount === null ? null : { amount, untilMs: untilMs(deps, until) };
  return { limit, raise };
}

const SPANS: Readonly<Record<string, number>> = { m: 60_000, h: 3_600_000, d: 86_400_000 };
const DAY_MS = 86_400_000;
/** What is raised for longer than this is a new limit. */
const MAX_RAISE_MS = 366 * DAY_MS;

/** @throws AppError `input_invalid` for what is no instant, or one that has passed */
function untilMs(deps: ControlDeps, until: string): number {
  const nowMs = deps.accountant.tick(deps.now());
  const instantMs = parseUntil(deps, until.trim(), nowMs);
  const fail = (problem: string): never => {
    throw new AppError('input_invalid', { problem });
  };
  if (instantMs === null || !Number.isFinite(instantMs)) {
    return fail(
      `"${until.slice(0, 40)}" is neither midnight, a span like 2h, a date like 2026-11-30 nor an instant`,
    );
  }
  if (instantMs <= nowMs) return fail(`"${until.slice(0, 40)}" has passed`);
  if (instantMs - nowMs > MAX_RAISE_MS) return fail('a limit is raised for a year at most');
  return instantMs;
}

function parseUntil(deps: ControlDeps, until: string, nowMs: number): number | null {
  if (until === 'midnight') return deps.calendar.bounds('day', nowMs).endMs;
  const span = /^(\d{1,5})([mhd])$/.exec(until);
  if (span) return nowMs + Number(span[1]) * (SPANS[span[2] ?? ''] ?? 0);
  if (/^\d{4}-\d{2}-\d{2}$/.test(until)) {
    const noonMs = Date.parse(`${until}T12:00:00Z`);
    const day = [0, -1, 1]
      .map((offset) => deps.calendar.bounds('day', noonMs + offset * DAY_MS))
      .find(({ startMs }) => deps.calendar.format(startMs).slice(0, 10) === until);
    return day?.endMs ?? null;
  }
  return /^\d{4}-\d{2}-\d{2}T/.test(until) ? Date.parse(until) : null;
}
