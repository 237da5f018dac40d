import { appScope, KEY_SCOPE } from '../admission/accountant.ts';
import type { LimitState } from '../admission/scope.ts';
import type { KeptAlert } from '../alerts/alert-desk.ts';
import type { AlertView } from '../contract/alerts.ts';
import type { AppView, LimitView, Spent } from '../contract/apps.ts';
import type { EngineStatus } from '../contract/engine-status.ts';
import type { OpenHoldView } from '../contract/holds.ts';
import type { KeyStatus } from '../contract/keys.ts';
import type { RequestView } from '../contract/requests.ts';
import type { PlacedLimit } from '../contract/usage.ts';
import type { App } from '../ledger/registry.ts';
import type { RequestRow } from '../ledger/request-queries.ts';
import type { ControlDeps } from './control-deps.ts';
import { nowOf } from './instants.ts';

/** What people and scripts are shown, made from what the engine holds. */
export function appView(deps: ControlDeps, app: App): AppView {
  return {
    id: app.id,
    name: app.name,
    mode: app.pausedAtMs === null ? app.mode : 'paused',
    modeWhenResumed: app.mode,
    createdAt: iso(app.createdAtMs),
    pausedAt: isoOrNull(app.pausedAtMs),
    lastSeenAt: isoOrNull(deps.activity.ofApp(app.num)),
    spent: spentOf(deps, appScope(app.id)),
    policy: app.policy,
    limits: limitViews(deps, appScope(app.id)),
    tokens: deps.registry
      .tokensOf(app.num)
      .filter(({ expiresAtMs }) => expiresAtMs === null || expiresAtMs > deps.now()).length,
  };
}

const iso = (atMs: number): string => new Date(atMs).toISOString();
const isoOrNull = (atMs: number | null): string | null => (atMs === null ? null : iso(atMs));

/** What an app, or the whole key, has settled today and this month. */
export function spentOf(deps: ControlDeps, scope: string): Spent {
  nowOf(deps);
  const { accountant } = deps;
  return {
    todayNanoUsd: accountant.settled(scope, 'day', 'usd'),
    monthNanoUsd: accountant.settled(scope, 'month', 'usd'),
    requestsToday: accountant.settled(scope, 'day', 'requests'),
    requestsMonth: accountant.settled(scope, 'month', 'requests'),
  };
}

export function limitViews(deps: ControlDeps, scope: string): LimitView[] {
  nowOf(deps);
  return deps.accountant.states(scope).map((state) => limitView(deps, state));
}

/** Limits with whose they are: of the key, and of an app or of all. */
export function placedLimits(deps: ControlDeps, only: App | null): PlacedLimit[] {
  const ofKey = limitViews(deps, KEY_SCOPE).map((limit) => ({ ...limit, app: null, appId: null }));
  return [...ofKey, ...(only ? [only] : deps.registry.apps).flatMap((app) => appLimits(deps, app))];
}

export function appLimits(deps: ControlDeps, app: App): PlacedLimit[] {
  return limitViews(deps, appScope(app.id)).map((limit) => ({ ...limit, app: app.name, appId: app.id }));
}

function limitView(deps: ControlDeps, state: LimitState): LimitView {
  const { rule, settled, held, free, resetsAtMs } = state;
  return {
    id: rule.id,
    metric: rule.metric,
    amount: rule.amount,
    window: rule.window,
    scope: state.scope === KEY_SCOPE ? 'key' : (state.scope.split(':', 1)[0] ?? ''),
    enforce: rule.enforce,
    settled,
    held,
    free,
    resetsAt: resetsAtMs === null ? null : deps.calendar.format(resetsAtMs),
    raise: raiseView(deps, state),
    ...thresholdView(deps, rule.id),
  };
}

function thresholdView(deps: ControlDeps, id: number): Pick<LimitView, 'thresholds' | 'hasOwnThresholds'> {
  const { registry, alerting } = deps;
  const all = [registry.keyLimits, ...registry.apps.map(({ limits }) => limits)].flat();
  const own = all.find((limit) => limit.id === id)?.thresholds ?? null;
  const thresholds = [...(own ?? alerting.desk.settings.thresholds)].sort((a, b) => a - b);
  return { thresholds, hasOwnThresholds: own !== null };
}

function raiseView(deps: ControlDeps, { rule, amount }: LimitState): LimitView['raise'] {
  const { raise } = rule;
  const isInForce = raise !== undefined && raise !== null && amount > rule.amount;
  return isInForce ? { amount: raise.amount, until: deps.calendar.format(raise.untilMs) } : null;
}

/** Everything that holds budget at this moment, the oldest first. */
export function openHoldViews(deps: ControlDeps): OpenHoldView[] {
  const nowMs = deps.accountant.tick(deps.now());
  return deps
    .openHolds()
    .map((hold) => ({
      id: deps.ids.format(hold.seq),
      appId: hold.app.id,
      app: hold.app.name,
      endpoint: hold.endpoint,
      model: hold.model,
      since: new Date(hold.atMs).toISOString(),
      ageMs: Math.max(0, nowMs - hold.atMs),
      holdNanoUsd: hold.nanoUsd,
      holdInputTokens: hold.inputTokens,
      holdOutputTokens: hold.outputTokens,
      state: hold.state,
      objectId: hold.objectId,
    }))
    .sort((a, b) => (a.since < b.since ? -1 : 1));
}

export function keyStatus(deps: ControlDeps): KeyStatus {
  const { state } = deps.keys;
  const { kind: store, backend } = deps.keyStore;
  const known = state.status === 'ready' || state.status === 'rejected';
  const error = state.status === 'unavailable' ? state.error : null;
  return {
    store,
    backend,
    canWrite: deps.keyStore.canWrite,
    state: state.status === 'unloaded' ? 'missing' : state.status,
    kind: known ? state.kind : null,
    fingerprint: known ? state.fingerprint : null,
    storedAt: known ? storedAt(deps, state.fingerprint) : null,
    retiring: deps.keys.retiring.map(({ fingerprint, kind, leases }) => ({
      fingerprint,
      kind,
      requests: leases,
    })),
    problem: error && { code: error.code, message: error.message, hint: error.hint },
  };
}

/** When this very key was stored by Tollgate; null for one that came in another way. */
function storedAt(deps: ControlDeps, fingerprint: string): string | null {
  const stored = deps.memory.get('key_stored');
  if (!stored) return null;
  const { fingerprint: known, atMs } = JSON.parse(stored) as { fingerprint: string; atMs: number };
  return known === fingerprint ? iso(atMs) : null;
}

/** Waits for the key store where it was not asked yet. */
export async function engineStatus(deps: ControlDeps): Promise<EngineStatus> {
  await deps.keys.recover();
  const { pausedAll } = deps.registry;
  return {
    ...deps.facts,
    ...deps.addresses(),
    ...deps.traffic(),
    now: deps.calendar.format(nowOf(deps)),
    zone: deps.zone(),
    ledgerHealthy: deps.journal.healthy,
    key: keyStatus(deps),
    paused: pausedAll && {
      since: deps.calendar.format(pausedAll.sinceMs),
      until: pausedAll.untilMs === null ? null : deps.calendar.format(pausedAll.untilMs),
    },
    openAlerts: deps.alerting.desk.open,
  };
}

export function alertView(alert: KeptAlert): AlertView {
  return {
    id: alert.id,
    kind: alert.kind,
    severity: alert.severity,
    at: iso(alert.atMs),
    appId: alert.appId,
    app: alert.appName,
    title: alert.title,
    detail: alert.detail,
    limit: alert.limit,
    threshold: alert.threshold,
    windowEndsAt: isoOrNull(alert.windowEndsAtMs),
    count: alert.count,
    lastAt: iso(alert.lastAtMs),
    acknowledgedAt: isoOrNull(alert.acknowledgedAtMs),
    snoozedUntil: isoOrNull(alert.snoozedUntilMs),
    delivered: alert.delivered,
  };
}

export function requestView(deps: ControlDeps, row: RequestRow): RequestView {
  return {
    id: deps.ids.format(row.seq),
    at: new Date(row.at).toISOString(),
    appId: row.app_id,
    app: row.app_name,
    endpoint: row.route,
    model: row.model,
    status: row.status,
    outcome: row.outcome,
    inputTokens: row.input,
    cachedInputTokens: row.cached_input,
    outputTokens: row.output,
    reasoningTokens: row.reasoning,
    costNanoUsd: row.cost_nano,
    holdNanoUsd: row.hold_nano,
    reason: row.reason,
    streamed: row.streamed === 1,
    user: row.user,
    servedModel: row.served_model,
    serviceTier: row.service_tier,
    durationMs: row.duration_ms,
    firstByteMs: row.first_byte_ms,
    upstreamId: row.upstream_id,
    overageNanoUsd: row.overage_nano,
    count: row.count,
  };
}
