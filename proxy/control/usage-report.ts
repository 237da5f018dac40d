import { appScope, KEY_SCOPE } from '../admission/accountant.ts';
import { AppError } from '../contract/errors.ts';
import { nanoToUsd } from '../contract/money.ts';
import type { UsageReport, UsageRow, UsageSums } from '../contract/usage.ts';
import type { UsageKey } from '../contract/usage-words.ts';
import type { App } from '../ledger/registry.ts';
import type { UsageSum } from '../ledger/report-queries.ts';
import type { ControlDeps } from './control-deps.ts';
import { limitViews, openHoldViews } from './views.ts';

const QUARTER_MS = 15 * 60_000;
const SPANS: Readonly<Record<string, number>> = { m: 60_000, h: 3_600_000, d: 86_400_000, w: 604_800_000 };

/**
 * Reads `since`: an ISO instant, a local date (`2026-11-01` begins at midnight in the user's zone), or a
 * span back from now (`24h`, `7d`). Without one, the current month. Down to the quarter of an hour.
 * @throws AppError `input_invalid`
 */
export function sinceMs(deps: ControlDeps, since: string | undefined, nowMs: number): number {
  const startMs = parseSince(deps, since, nowMs);
  if (startMs === null || !Number.isFinite(startMs)) {
    throw new AppError('input_invalid', {
      problem: `"${(since ?? '').slice(0, 40)}" is neither a date like 2026-11-01 nor a span like 24h or 7d`,
    });
  }
  return Math.floor(startMs / QUARTER_MS) * QUARTER_MS;
}

function parseSince(deps: ControlDeps, since: string | undefined, nowMs: number): number | null {
  if (since === undefined) return deps.calendar.bounds('month', nowMs).startMs;
  const span = /^(\d{1,5})([mhdw])$/.exec(since);
  if (span) return nowMs - Number(span[1]) * (SPANS[span[2] ?? ''] ?? 0);
  const date = /^(\d{4})-(\d{2})-(\d{2})$/.exec(since);
  if (date) {
    const noonUtc = Date.UTC(Number(date[1]), Number(date[2]) - 1, Number(date[3]), 12);
    if (new Date(noonUtc).toISOString().slice(0, 10) !== since) return null;
    return startOfLocalDate(deps, since, noonUtc);
  }
  return /^\d{4}-\d{2}-\d{2}T/.test(since) ? Date.parse(since) : null;
}

/** Noon in UTC lies on the local date or, far from Greenwich, on a neighbour of it. */
function startOfLocalDate(deps: ControlDeps, date: string, noonUtcMs: number): number | null {
  for (const offset of [0, -1, 1]) {
    const { startMs } = deps.calendar.bounds('day', noonUtcMs + offset * 86_400_000);
    if (deps.calendar.format(startMs).slice(0, 10) === date) return startMs;
  }
  return null;
}

export async function usageReport(
  deps: ControlDeps,
  query: { readonly app?: string | undefined; readonly since?: string | undefined; readonly by: UsageKey },
): Promise<UsageReport> {
  // The clock that requests are counted on: it does not go back when the wall clock does.
  const nowMs = deps.accountant.tick(deps.now());
  const app = query.app === undefined ? null : deps.registry.findApp(query.app);
  if (query.app !== undefined && !app) throw new AppError('app_unknown', { app: query.app.slice(0, 100) });
  const fromMs = sinceMs(deps, query.since, nowMs);
  const toMs = (Math.floor(nowMs / QUARTER_MS) + 1) * QUARTER_MS;
  await deps.journal.flush();
  const sums = await deps.reports.query('usage', { fromMs, toMs, by: query.by, appNum: app?.num ?? null });
  const names = query.by === 'app' ? await deps.reports.query('appNames') : [];
  const byNum = new Map(names.map((name) => [name.num, name]));
  const rows = new Map<string, UsageRow>();
  for (const sum of sums) {
    const { key, name } = keyAndName(deps, query.by, sum, byNum);
    const before = rows.get(key);
    rows.set(key, { key, name, ...(before ? add(before, toSums(sum)) : toSums(sum)) });
  }
  const sorted = [...rows.values()].sort((a, b) =>
    query.by === 'day' ? (a.key < b.key ? -1 : 1) : b.costNanoUsd - a.costNanoUsd || (a.key < b.key ? -1 : 1),
  );
  const total = sorted.reduce<UsageSums>((all, row) => add(all, row), NOTHING);
  return {
    from: new Date(fromMs).toISOString(),
    to: new Date(toMs).toISOString(),
    by: query.by,
    rows: sorted,
    total,
    limits: limitsOf(deps, app),
    holds: openHoldViews(deps).filter(({ appId }) => app === null || appId === app.id),
  };
}

function limitsOf(deps: ControlDeps, only: App | null): UsageReport['limits'] {
  const ofKey = limitViews(deps, KEY_SCOPE).map((limit) => ({ ...limit, app: null }));
  const apps = only ? [only] : deps.registry.apps;
  const ofApps = apps.flatMap((app) =>
    limitViews(deps, appScope(app.id)).map((limit) => ({ ...limit, app: app.name })),
  );
  return [...ofKey, ...ofApps];
}

function keyAndName(
  deps: ControlDeps,
  by: UsageKey,
  sum: UsageSum,
  apps: ReadonlyMap<number, { readonly id: string; readonly name: string }>,
): { key: string; name: string } {
  if (by === 'app') {
    const app = apps.get(Number(sum.key));
    return { key: app?.id ?? String(sum.key), name: app?.name ?? '(unknown)' };
  }
  if (by === 'day') {
    const day = deps.calendar.format(Number(sum.key) * QUARTER_MS).slice(0, 10);
    return { key: day, name: day };
  }
  const key = String(sum.key);
  return { key, name: key === '' ? '(none)' : key };
}

const NOTHING: UsageSums = {
  requests: 0,
  refused: 0,
  inputTokens: 0,
  cachedInputTokens: 0,
  outputTokens: 0,
  costNanoUsd: 0,
  costUsd: 0,
  estimatedNanoUsd: 0,
  heldNanoUsd: 0,
  unpricedRequests: 0,
};

function toSums({ key: _key, ...sum }: UsageSum): UsageSums {
  return { ...sum, costUsd: nanoToUsd(sum.costNanoUsd) };
}

function add(a: UsageSums, b: UsageSums): UsageSums {
  const costNanoUsd = a.costNanoUsd + b.costNanoUsd;
  return {
    requests: a.requests + b.requests,
    refused: a.refused + b.refused,
    inputTokens: a.inputTokens + b.inputTokens,
    cachedInputTokens: a.cachedInputTokens + b.cachedInputTokens,
    outputTokens: a.outputTokens + b.outputTokens,
    costNanoUsd,
    costUsd: nanoToUsd(costNanoUsd),
    estimatedNanoUsd: a.estimatedNanoUsd + b.estimatedNanoUsd,
    heldNanoUsd: a.heldNanoUsd + b.heldNanoUsd,
    unpricedRequests: a.unpricedRequests + b.unpricedRequests,
  };
}
