import type { z } from 'zod';
import type { Backtest, backtestQuerySchema } from '../contract/backtest.ts';
import { requireApp } from './app-commands.ts';
import type { ControlDeps } from './control-deps.ts';
import { nowOf, windowStarts } from './instants.ts';

const DAY_MS = 86_400_000;

/** What limits would have refused in the last days. */
export async function backtestLimits(
  deps: ControlDeps,
  { app: appRef, limits, days }: z.output<typeof backtestQuerySchema>,
): Promise<Backtest> {
  const app = appRef === null ? null : requireApp(deps, appRef);
  const toMs = nowOf(deps);
  const fromMs = toMs - days * DAY_MS;
  await deps.journal.flush();
  const result = await deps.reports.query('backtest', {
    appNum: app?.num ?? null,
    fromMs,
    toMs,
    limits: limits.map((limit) => ({
      ...limit,
      // Minutes are the same everywhere.
      starts: limit.window === 'minute' ? [] : windowStarts(deps, limit.window, fromMs, toMs),
    })),
  });
  const iso = (atMs: number | null): string | null => (atMs === null ? null : new Date(atMs).toISOString());
  return {
    from: new Date(fromMs).toISOString(),
    to: new Date(toMs).toISOString(),
    calls: result.calls,
    refused: result.refused,
    exact: result.exact,
    limits: limits.map((limit, index) => {
      const found = result.limits[index];
      return {
        ...limit,
        refused: found?.refused ?? 0,
        windowsReached: found?.windowsReached ?? 0,
        windows: found?.windows ?? 0,
        firstReachedAt: iso(found?.firstReachedMs ?? null),
        most: found?.most ?? 0,
      };
    }),
  };
}
