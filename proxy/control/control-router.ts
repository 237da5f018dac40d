import { implement, ORPCError } from '@orpc/server';
import { KEY_SCOPE } from '../admission/accountant.ts';
import { controlContract } from '../contract/control-contract.ts';
import { AppError } from '../contract/errors.ts';
import type { KeyStatus } from '../contract/keys.ts';
import type { LimitSpec } from '../contract/limits.ts';
import { cleanKey } from '../keys/clean-key.ts';
import type { App } from '../ledger/registry.ts';
import {
  changeApp,
  createApp,
  requireApp,
  requireLimit,
  rotateTokens,
  setPaused,
  startRun,
} from './app-commands.ts';
import type { ControlDeps } from './control-deps.ts';
import { raiseAppLimit, raiseKeyLimit } from './limit-raises.ts';
import { listPrices, setPrice, unsetPrice } from './price-commands.ts';
import { usageReport } from './usage-report.ts';
import { appView, keyStatus, limitViews, openHoldViews, requestView } from './views.ts';

/** Who is asking; ends when the connection does. */
export interface ControlContext {
  readonly signal: AbortSignal;
}

/** The one implementation of the control contract, behind every door. */
export function createControlRouter(deps: ControlDeps) {
  const os = implement(controlContract)
    .$context<ControlContext>()
    .use(async ({ next }) => {
      try {
        return await next();
      } catch (error) {
        throw toContractError(deps, error);
      }
    });

  const readKey = async (): Promise<KeyStatus> => {
    await deps.keys.recover();
    return keyStatus(deps);
  };

  return os.router({
    engine: {
      status: os.engine.status.handler(async () => ({
        ...deps.facts,
        ...deps.addresses(),
        ...deps.traffic(),
        ledgerHealthy: deps.journal.healthy,
        key: await readKey(),
      })),
      coverage: os.engine.coverage.handler(() => ({ routes: [...deps.coverage()] })),
      holds: os.engine.holds.handler(() => ({ holds: openHoldViews(deps) })),
    },
    keys: {
      status: os.keys.status.handler(readKey),
      set: os.keys.set.handler(async ({ input }) => {
        requireWritableStore(deps);
        const key = cleanKey(input.key);
        try {
          if (input.verify) await requireAccepted(deps, key);
          await deps.keys.replace(key);
        } finally {
          key.fill(0);
        }
        return keyStatus(deps);
      }),
      test: os.keys.test.handler(async () => {
        const authorization = await deps.keys.recover();
        const status = keyStatus(deps);
        if (status.problem) return { ok: false, models: null, message: status.problem.message };
        if (status.state === 'missing') throw new AppError('key_missing');
        if (!authorization.ok && status.state === 'rejected') deps.keys.retryRejected();
        const usable = deps.keys.authorization();
        if (!usable.ok) throw new AppError(usable.code, { problem: usable.problem });
        const key = Buffer.from(usable.value.slice('Bearer '.length), 'latin1');
        const verdict = await deps.checkKey(key);
        key.fill(0);
        if (verdict.kind === 'accepted') {
          return { ok: true, models: verdict.models, message: 'OpenAI accepts the key.' };
        }
        if (verdict.kind === 'refused' && verdict.status === 401) deps.keys.reportRejected(usable.generation);
        const refused = verdict.kind === 'refused';
        return {
          ok: false,
          models: null,
          message: refused
            ? `OpenAI refused the key (${verdict.problem}).`
            : `OpenAI could not be reached (${verdict.problem}).`,
        };
      }),
      remove: os.keys.remove.handler(async () => {
        requireWritableStore(deps);
        return { removed: await deps.keys.remove() };
      }),
    },
    apps: {
      list: os.apps.list.handler(() => ({ apps: deps.registry.apps.map((app) => appView(deps, app)) })),
      get: os.apps.get.handler(({ input }) => appView(deps, requireApp(deps, input.app))),
      create: os.apps.create.handler(async ({ input }) => {
        const { app, token } = await createApp(deps, input);
        return { app: appView(deps, app), token };
      }),
      change: os.apps.change.handler(async ({ input }) =>
        appView(deps, await changeApp(deps, requireApp(deps, input.app), input)),
      ),
      raise: os.apps.raise.handler(async ({ input }) =>
        appView(deps, await raiseAppLimit(deps, requireApp(deps, input.app), input)),
      ),
      pause: os.apps.pause.handler(async ({ input }) =>
        appView(deps, await setPaused(deps, requireApp(deps, input.app), true)),
      ),
      resume: os.apps.resume.handler(async ({ input }) =>
        appView(deps, await setPaused(deps, requireApp(deps, input.app), false)),
      ),
      rotate: os.apps.rotate.handler(async ({ input }) => {
        const app = requireApp(deps, input.app);
        const token = await rotateTokens(deps, app);
        return { app: appView(deps, app), token };
      }),
      remove: os.apps.remove.handler(async ({ input }) => {
        const app = requireApp(deps, input.app);
        await deps.registry.removeApp(app, deps.now());
        return { id: app.id, name: app.name };
      }),
    },
    limits: {
      list: os.limits.list.handler(() => ({ limits: limitViews(deps, KEY_SCOPE) })),
      set: os.limits.set.handler(async ({ input }) => {
        await deps.registry.changeKeyLimits({ set: input.limits, remove: [], atMs: deps.now() });
        return { limits: limitViews(deps, KEY_SCOPE) };
      }),
      remove: os.limits.remove.handler(async ({ input }) => {
        requireLimit(deps.registry.keyLimits, input);
        await deps.registry.changeKeyLimits({ set: [], remove: [input], atMs: deps.now() });
        return { limits: limitViews(deps, KEY_SCOPE) };
      }),
      raise: os.limits.raise.handler(async ({ input }) => {
        await raiseKeyLimit(deps, input);
        return { limits: limitViews(deps, KEY_SCOPE) };
      }),
    },
    runs: {
      start: os.runs.start.handler(({ input, context, signal }) => {
        const app = requireApp(deps, input.app);
        return leaseToken(deps, app, input.limits, anySignal(context.signal, signal));
      }),
    },
    usage: {
      report: os.usage.report.handler(({ input }) => usageReport(deps, input)),
    },
    requests: {
      list: os.requests.list.handler(async ({ input }) => {
        const appNum = input.app === undefined ? null : requireApp(deps, input.app).num;
        const beforeSeq = input.before === undefined ? null : deps.ids.parse(input.before);
        if (input.before !== undefined && beforeSeq === null) {
          throw new AppError('input_invalid', { problem: '`before` is not a request id of this ledger' });
        }
        await deps.journal.flush();
        const rows = await deps.reports.query('requests', {
          appNum,
          outcome: input.outcome ?? null,
          model: input.model ?? null,
          beforeSeq,
          limit: input.limit,
        });
        return { requests: rows.map((row) => requestView(deps, row)) };
      }),
      follow: os.requests.follow.handler(({ input, context, signal }) => {
        const app = input.app === undefined ? null : requireApp(deps, input.app);
        return followRequests(deps, app, anySignal(context.signal, signal));
      }),
    },
    prices: {
      list: os.prices.list.handler(({ input }) => listPrices(deps, input.model)),
      set: os.prices.set.handler(({ input }) => setPrice(deps, input)),
      unset: os.prices.unset.handler(({ input }) => unsetPrice(deps, input.model)),
    },
  });
}

/*
 * Streams run after their handler has returned, so nothing but themselves can translate what they throw.
 */

async function* leaseToken(deps: ControlDeps, app: App, limits: readonly LimitSpec[], signal: AbortSignal) {
  try {
    const { baseUrl } = deps.addresses();
    if (baseUrl === null) throw new AppError('engine_not_running');
    const run = await startRun(deps, app, limits);
    try {
      yield { token: run.token, baseUrl, appId: app.id };
      await whenAborted(signal);
    } finally {
      await run.end();
    }
  } catch (error) {
    throw toContractError(deps, error);
  }
}

async function* followRequests(deps: ControlDeps, app: App | null, signal: AbortSignal) {
  try {
    for await (const seqs of deps.feed.follow(signal)) {
      await deps.journal.flush();
      for (const seq of seqs) {
        const row = await deps.reports.query('request', seq);
        if (row && (app === null || row.app_num === app.num)) yield requestView(deps, row);
      }
    }
  } catch (error) {
    throw toContractError(deps, error);
  }
}

export type ControlRouter = ReturnType<typeof createControlRouter>;

function requireWritableStore(deps: ControlDeps): void {
  const { canWrite, kind } = deps.keyStore;
  if (!canWrite) throw new AppError('key_store_read_only', { store: kind });
}

async function requireAccepted(deps: ControlDeps, key: Buffer): Promise<void> {
  const verdict = await deps.checkKey(key);
  if (verdict.kind === 'refused') throw new AppError('key_refused_upstream', { problem: verdict.problem });
  if (verdict.kind === 'unreachable') throw new AppError('key_check_failed', { problem: verdict.problem });
}

/** Ours cross as they are; anything else is logged here and crosses without its text. */
function toContractError(deps: ControlDeps, error: unknown): unknown {
  if (error instanceof ORPCError) return error;
  if (!(error instanceof AppError)) deps.onError(error);
  const known = error instanceof AppError ? error : new AppError('internal_error');
  return new ORPCError(known.code, {
    status: known.status,
    message: known.message,
    data: { hint: known.hint, details: known.details },
  });
}

function anySignal(a: AbortSignal, b: AbortSignal | undefined): AbortSignal {
  return b ? AbortSignal.any([a, b]) : a;
}

function whenAborted(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) resolve();
    else signal.addEventListener('abort', () => resolve(), { once: true });
  });
}
