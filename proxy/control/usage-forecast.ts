import { forecast } from '../alerts/forecast.ts';
import type { Forecast, Overview } from '../contract/usage.ts';
import { requireApp } from './app-commands.ts';
import type { ControlDeps } from './control-deps.ts';
import { nowOf, QUARTER_MS } from './instants.ts';
import { sumOf, usageRows } from './usage-report.ts';
import { openHoldViews, placedLimits } from './views.ts';

const TOP = 10;
const DAY_MS = 86_400_000;

/** Where every limit of the key, and of an app or of all, is going. */
export async function forecasts(deps: ControlDeps, appRef: string | undefined): Promise<Forecast[]> {
  const only = appRef === undefined ? null : requireApp(deps, appRef);
  const nowMs = nowOf(deps);
  await deps.alerting.history.ready(nowMs);
  return placedLimits(deps, only).map((limit) => {
    const app = limit.appId === null ? null : deps.registry.findApp(limit.appId);
    const { startMs, endMs } = deps.calendar.bounds(limit.window, nowMs);
    const seen = forecast({
      metric: limit.metric,
      window: limit.window,
      amount: limit.amount + (limit.raise?.amount ?? 0),
      used: limit.settled,
      nowMs,
      startMs,
      endMs,
      hours: deps.alerting.history.hours(app?.num ?? null),
    });
    return {
      limit,
      state: seen.state,
      atReset: seen.atReset,
      reachesAt: seen.reachesAtMs === null ? null : deps.calendar.format(seen.reachesAtMs),
      perHour: seen.perHour,
    };
  });
}

export async function overview(deps: ControlDeps): Promise<Overview> {
  const nowMs = nowOf(deps);
  const toMs = (Math.floor(nowMs / QUARTER_MS) + 1) * QUARTER_MS;
  const day = deps.calendar.bounds('day', nowMs);
  const before = deps.calendar.bounds('day', day.startMs - DAY_MS / 2);
  const month = deps.calendar.bounds('month', nowMs);
  // The last four quarters: three that have passed, and the one under way.
  const hourFromMs = toMs - 4 * QUARTER_MS;
  await deps.journal.flush();
  const rows = (by: 'app' | 'model', fromMs: number, endMs: number) =>
    usageRows(deps, { by, fromMs: Math.floor(fromMs / QUARTER_MS) * QUARTER_MS, toMs: endMs, appNum: null });
  const [today, yesterday, apps, models, hour] = await Promise.all([
    rows('app', day.startMs, toMs),
    rows('app', before.startMs, before.endMs),
    rows('app', month.startMs, toMs),
    rows('model', month.startMs, toMs),
    rows('app', hourFromMs, toMs),
  ]);
  const elapsedHours = Math.max(QUARTER_MS, nowMs - hourFromMs) / (4 * QUARTER_MS);
  return {
    at: deps.calendar.format(nowMs),
    today: sumOf(today),
    yesterday: sumOf(yesterday),
    month: sumOf(apps),
    burnNanoUsdPerHour: Math.round(sumOf(hour).costNanoUsd / elapsedHours),
    heldNanoUsd: openHoldViews(deps).reduce((sum, hold) => sum + (hold.holdNanoUsd ?? 0), 0),
    forecasts: await forecasts(deps, undefined),
    topApps: apps.slice(0, TOP),
    topModels: models.slice(0, TOP),
    openAlerts: deps.alerting.desk.open,
  };
}
