import { nanoToUsd } from '../contract/money.ts';
import type { UsageReport, UsageRow, UsageSums } from '../contract/usage.ts';
import type { UsageKey } from '../contract/usage-words.ts';
import type { UsageSum } from '../ledger/usage-queries.ts';
import { requireApp } from './app-commands.ts';
import type { ControlDeps } from './control-deps.ts';
import { nowOf, QUARTER_MS, readSince, readUntil, windowStarts } from './instants.ts';
import { openHoldViews, placedLimits } from './views.ts';

export async function usageReport(
  deps: ControlDeps,
  query: {
    readonly app?: string | undefined;
    readonly since?: string | undefined;
    readonly until?: string | undefined;
    readonly by: UsageKey;
  },
): Promise<UsageReport> {
  const nowMs = nowOf(deps);
  const app = query.app === undefined ? null : requireApp(deps, query.app);
  const fromMs = readSince(deps, query.since, nowMs);
  const toMs = Math.max(fromMs + QUARTER_MS, readUntil(deps, query.until, nowMs));
  await deps.journal.flush();
  const rows = await usageRows(deps, { fromMs, toMs, by: query.by, appNum: app?.num ?? null });
  return {
    from: new Date(fromMs).toISOString(),
    to: new Date(toMs).toISOString(),
    by: query.by,
    rows,
    total: sumOf(rows),
    limits: placedLimits(deps, app),
    holds: openHoldViews(deps).filter(({ appId }) => app === null || appId === app.id),
  };
}

/** The rows of a report, the dearest first, days in their order. */
export async function usageRows(
  deps: ControlDeps,
  query: {
    readonly fromMs: number;
    readonly toMs: number;
    readonly by: UsageKey;
    readonly appNum: number | null;
  },
): Promise<UsageRow[]> {
  const { by } = query;
  const days = by === 'day' ? { days: daysOf(deps, query.fromMs, query.toMs) } : {};
  const sums = await deps.reports.query('usage', { ...query, ...days });
  const names = by === 'app' ? await deps.reports.query('appNames') : [];
  const byNum = new Map(names.map((name) => [name.num, name]));
  const rows = new Map<string, UsageRow>();
  for (const sum of sums) {
    const { key, name } = keyAndName(deps, by, sum, byNum);
    const before = rows.get(key);
    rows.set(key, { key, name, ...(before ? add(before, toSums(sum)) : toSums(sum)) });
  }
  return [...rows.values()].sort((a, b) =>
    by === 'day' ? (a.key < b.key ? -1 : 1) : b.costNanoUsd - a.costNanoUsd || (a.key < b.key ? -1 : 1),
  );
}

export function sumOf(rows: readonly UsageSums[]): UsageSums {
  return rows.reduce<UsageSums>((all, row) => add(all, row), NOTHING);
}

/** Starts of the days of the zone in a range, the first of which may be under way, and its end: in quarters. */
function daysOf(deps: ControlDeps, fromMs: number, toMs: number): number[] {
  const [, ...later] = windowStarts(deps, 'day', fromMs, toMs);
  return [fromMs, ...later, toMs].map((atMs) => Math.ceil(atMs / QUARTER_MS));
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
