import { appScope, KEY_SCOPE } from '../admission/accountant.ts';
import type { LimitState } from '../admission/scope.ts';
import type { AppView, LimitView } from '../contract/apps.ts';
import type { OpenHoldView } from '../contract/holds.ts';
import type { KeyStatus } from '../contract/keys.ts';
import type { RequestView } from '../contract/requests.ts';
import type { App } from '../ledger/registry.ts';
import type { RequestRow } from '../ledger/report-queries.ts';
import type { ControlDeps } from './control-deps.ts';

/** What people and scripts are shown, made from what the engine holds. */
export function appView(deps: ControlDeps, app: App): AppView {
  return {
    id: app.id,
    name: app.name,
    mode: app.pausedAtMs === null ? app.mode : 'paused',
    createdAt: new Date(app.createdAtMs).toISOString(),
    policy: app.policy,
    limits: limitViews(deps, appScope(app.id)),
    tokens: deps.registry.tokensOf(app.num).length,
  };
}

export function limitViews(deps: ControlDeps, scope: string): LimitView[] {
  deps.accountant.tick(deps.now());
  return deps.accountant.states(scope).map((state) => limitView(deps, state));
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
  };
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
    state: state.status === 'unloaded' ? 'missing' : state.status,
    kind: known ? state.kind : null,
    fingerprint: known ? state.fingerprint : null,
    problem: error && { code: error.code, message: error.message, hint: error.hint },
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
    outcome: row.outcome as RequestView['outcome'],
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
