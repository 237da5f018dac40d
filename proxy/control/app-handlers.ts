import { KEY_SCOPE } from '../admission/accountant.ts';
import { AppError } from '../contract/errors.ts';
import type { LimitSpec } from '../contract/limits.ts';
import type { App } from '../ledger/registry.ts';
import {
  changeApp,
  createApp,
  issueToken,
  requireApp,
  requireLimit,
  revokeToken,
  rotateTokens,
  setPaused,
  startRun,
  tokenViews,
} from './app-commands.ts';
import { anySignal, type ContractServer, translated } from './contract-server.ts';
import type { ControlDeps } from './control-deps.ts';
import { readAhead } from './instants.ts';
import { backtestLimits } from './limit-backtest.ts';
import { raiseAppLimit, raiseKeyLimit } from './limit-raises.ts';
import { appView, limitViews } from './views.ts';

/** Tokens last for years at most. */
const MAX_TOKEN_MS = 10 * 366 * 86_400_000;

export function appHandlers(os: ContractServer, deps: ControlDeps) {
  const shown = (app: App) => {
    deps.signals.send({ kind: 'changed', what: 'apps', appId: app.id });
    return appView(deps, app);
  };
  return {
    list: os.apps.list.handler(() => ({ apps: deps.registry.apps.map((app) => appView(deps, app)) })),
    get: os.apps.get.handler(({ input }) => appView(deps, requireApp(deps, input.app))),
    create: os.apps.create.handler(async ({ input }) => {
      const { app, token } = await createApp(deps, input);
      return { app: shown(app), token };
    }),
    change: os.apps.change.handler(async ({ input }) =>
      shown(await changeApp(deps, requireApp(deps, input.app), input)),
    ),
    raise: os.apps.raise.handler(async ({ input }) =>
      shown(await raiseAppLimit(deps, requireApp(deps, input.app), input)),
    ),
    pause: os.apps.pause.handler(async ({ input }) =>
      shown(await setPaused(deps, requireApp(deps, input.app), true)),
    ),
    resume: os.apps.resume.handler(async ({ input }) =>
      shown(await setPaused(deps, requireApp(deps, input.app), false)),
    ),
    rotate: os.apps.rotate.handler(async ({ input }) => {
      const app = requireApp(deps, input.app);
      const token = await rotateTokens(deps, app, input.oldTokensEnd);
      return { app: shown(app), token };
    }),
    remove: os.apps.remove.handler(async ({ input }) => {
      const app = requireApp(deps, input.app);
      await deps.registry.removeApp(app, deps.now());
      deps.signals.send({ kind: 'changed', what: 'apps', appId: app.id });
      return { id: app.id, name: app.name };
    }),
  };
}

export function tokenHandlers(os: ContractServer, deps: ControlDeps) {
  const changed = (app: App): void => deps.signals.send({ kind: 'changed', what: 'tokens', appId: app.id });
  return {
    list: os.tokens.list.handler(({ input }) => ({ tokens: tokenViews(deps, requireApp(deps, input.app)) })),
    issue: os.tokens.issue.handler(async ({ input }) => {
      const app = requireApp(deps, input.app);
      const expiresAtMs = input.expires === null ? null : readAhead(deps, input.expires, MAX_TOKEN_MS);
      const { id, token } = await issueToken(deps, app, input.label, expiresAtMs);
      changed(app);
      return { app: appView(deps, app), token, id };
    }),
    revoke: os.tokens.revoke.handler(async ({ input }) => {
      const app = requireApp(deps, input.app);
      await revokeToken(deps, app, input.id);
      changed(app);
      return { tokens: tokenViews(deps, app) };
    }),
  };
}

export function limitHandlers(os: ContractServer, deps: ControlDeps) {
  const shown = () => {
    deps.signals.send({ kind: 'changed', what: 'limits', appId: null });
    return { limits: limitViews(deps, KEY_SCOPE) };
  };
  return {
    list: os.limits.list.handler(() => ({ limits: limitViews(deps, KEY_SCOPE) })),
    set: os.limits.set.handler(async ({ input }) => {
      await deps.registry.changeKeyLimits({ set: input.limits, remove: [], atMs: deps.now() });
      return shown();
    }),
    remove: os.limits.remove.handler(async ({ input }) => {
      requireLimit(deps.registry.keyLimits, input);
      await deps.registry.changeKeyLimits({ set: [], remove: [input], atMs: deps.now() });
      return shown();
    }),
    raise: os.limits.raise.handler(async ({ input }) => {
      await raiseKeyLimit(deps, input);
      return shown();
    }),
    setThresholds: os.limits.setThresholds.handler(async ({ input }) => {
      const app = input.app === null ? null : requireApp(deps, input.app);
      requireLimit(app?.limits ?? deps.registry.keyLimits, input.limit);
      const percents = input.percents && [...new Set(input.percents)].sort((a, b) => a - b);
      await deps.registry.setThresholds(app, { limit: input.limit, percents });
      deps.signals.send({ kind: 'changed', what: 'limits', appId: app?.id ?? null });
      return { limits: app ? appView(deps, app).limits : limitViews(deps, KEY_SCOPE) };
    }),
    backtest: os.limits.backtest.handler(({ input }) => backtestLimits(deps, input)),
  };
}

export function runHandlers(os: ContractServer, deps: ControlDeps) {
  return {
    start: os.runs.start.handler(({ input, context, signal }) => {
      const app = requireApp(deps, input.app);
      return translated(deps, leaseToken(deps, app, input.limits, anySignal(context.signal, signal)));
    }),
  };
}

async function* leaseToken(deps: ControlDeps, app: App, limits: readonly LimitSpec[], signal: AbortSignal) {
  const { baseUrl } = deps.addresses();
  if (baseUrl === null) throw new AppError('engine_not_running');
  const run = await startRun(deps, app, limits);
  try {
    yield { token: run.token, baseUrl, appId: app.id };
    await whenAborted(signal);
  } finally {
    await run.end();
  }
}

function whenAborted(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) resolve();
    else signal.addEventListener('abort', () => resolve(), { once: true });
  });
}
