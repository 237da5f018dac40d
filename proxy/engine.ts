import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import { appScope, KEY_SCOPE } from './admission/accountant.ts';
import { LimitWatch, type WatchedLimit } from './alerts/limit-watch.ts';
import { type Control, composeControl } from './compose-control.ts';
import { type EngineConfig, packageVersion } from './config.ts';
import { AppError } from './contract/errors.ts';
import type { ControlDeps } from './control/control-deps.ts';
import { type Core, openCore } from './core.ts';
import { readEngineFile, writeEngineFile } from './engine-file.ts';
import { createDataPlane } from './gateway/data-plane.ts';
import type { GatewayDeps } from './gateway/gateway-deps.ts';
import { LateWork } from './gateway/late-work.ts';
import { isOurHost, type LocalNames } from './gateway/local-border.ts';
import { linuxPeerCheck, noPeerCheck, type PeerCheck } from './gateway/peer-user.ts';
import { refuseRaw } from './gateway/raw-answer.ts';
import { refuse, sendRefusal } from './gateway/refusal.ts';
import { clearLeftovers, prepareHome } from './home.ts';
import type { KeyStore } from './keys/key-store.ts';
import type { LimitRecord } from './ledger/records.ts';
import type { App } from './ledger/registry.ts';
import { listenLoopback, stopListening } from './listen.ts';
import type { Logger } from './log.ts';
import { unfailing } from './unfailing.ts';

export interface EngineDeps {
  readonly keyStore: KeyStore;
  readonly logger: Logger;
  /** Epoch milliseconds; the system's clock unless a test moves it. */
  readonly now?: () => number;
}

export interface Engine {
  readonly baseUrl: string | null;
  readonly dashboardUrl: string | null;
  readonly startedAt: string;
  readonly version: string;
  /** The control contract, called in this process. */
  readonly control: ControlDeps;
  /** Number of holds that a crash had left open and that were charged at this start. */
  readonly chargedHolds: number;
  /**
   * Stops accepting, lets requests under way finish for up to `drainMs`, cuts the rest, writes what is
   * left and gives the folder back.
   */
  close(): Promise<void>;
}

/**
 * Opens the engine on its data folder; the caller closes it.
 * @throws AppError `engine_running` naming the other one, `port_in_use`, or one of the home or ledger
 */
export async function openEngine(config: EngineConfig, deps: EngineDeps): Promise<Engine> {
  const { home } = config;
  prepareHome(home);
  const core = await openCore(config, {
    keyStore: deps.keyStore,
    logger: deps.logger,
    now: deps.now ?? Date.now,
    monotonic: () => performance.now(),
  });
  if (!core) {
    const other = readEngineFile(home.enginePath);
    const holder = other ? `process ${other.pid}, ${other.baseUrl ?? 'no ports'}` : 'another process';
    throw new AppError('engine_running', { holder });
  }
  const doors: Doors = { baseUrl: null, dashboardUrl: null, servers: [], dataPlane: [], lateWork: null };
  const startedAt = new Date(core.now()).toISOString();
  const version = packageVersion();
  const control = composeControl(core, doors, startedAt, version);
  try {
    clearLeftovers(home);
    if (config.dataPlane) await openDoors(core, control.deps, doors);
    writeEngineFile(home.enginePath, { pid: process.pid, baseUrl: doors.baseUrl, startedAt, version });
  } catch (error) {
    stopListening(doors.servers);
    doors.lateWork?.close();
    control.close();
    await core.close();
    throw error;
  }
  // Read ahead, so that the first request does not wait for a keychain.
  void core.keys.recover();
  deps.logger.info({ version, baseUrl: doors.baseUrl }, 'started');
  return {
    baseUrl: doors.baseUrl,
    dashboardUrl: doors.dashboardUrl,
    startedAt,
    version,
    control: control.deps,
    chargedHolds: core.journal.opened.recovered.chargedHolds,
    close: () => closeEngine(core, control, doors),
  };
}

interface Doors {
  baseUrl: string | null;
  dashboardUrl: string | null;
  servers: Server[];
  /** Those of them that forward. */
  dataPlane: readonly Server[];
  lateWork: LateWork | null;
}

/** Whoever pauses or revokes wants the spending to stop, also where it goes on without a request. */
function cutLateWork({ registry }: Core, lateWork: LateWork): void {
  registry.listen({
    onApp(app) {
      if (app.pausedAtMs !== null) lateWork.cancel(({ appNum }) => appNum === app.num);
    },
    onAppRemoved: (app) => lateWork.cancel(({ appNum }) => appNum === app.num),
    onTokensRevoked: (ids) => lateWork.cancel(({ tokenId }) => tokenId !== null && ids.includes(tokenId)),
    onKeyLimits: () => undefined,
  });
}

async function openDoors(core: Core, control: ControlDeps, doors: Doors): Promise<void> {
  const { config, logger } = core;
  const { dataPlane, dashboardPort, home } = config;
  if (!dataPlane) return;
  const names: { port: number; extraHosts: readonly string[] } = {
    port: dataPlane.port,
    extraHosts: config.extraHosts.map((host) => host.toLowerCase()),
  };
  const onError = (error: unknown): void => logger.error({ err: error }, 'control');
  const deps = gatewayDeps(core, names);
  doors.lateWork = deps.lateWork;
  cutLateWork(core, deps.lateWork);
  deps.lateWork.restore(core.lateHolds);
  const data = await listenLoopback(() => createDataPlane(deps, config.clientTimeouts), {
    ...dataPlane,
    flag: '--port',
  });
  doors.servers.push(...data.servers);
  doors.dataPlane = data.servers;
  names.port = data.port;
  doors.baseUrl = `http://${urlHost(dataPlane.host)}:${data.port}/v1`;
  const { openControlSocket } = await import('./control/control-socket.ts');
  doors.servers.push(await openControlSocket(control, home.socketPath));
  if (dashboardPort === null) return;
  const { createDashboardServer } = await import('./control/dashboard-server.ts');
  const dashboardNames = { port: dashboardPort, extraHosts: [] };
  const peers = peerCheck(core);
  const dashboard = await listenLoopback(
    () =>
      createDashboardServer({
        control,
        pageDir: config.dashboardDir ?? null,
        isOurHost: (host) => isOurHost(host, dashboardNames),
        isOwnUser: (socket) => peers.isOwnUser(socket),
        onError,
      }),
    { host: '127.0.0.1', port: dashboardPort, flag: '--dashboard-port' },
  );
  doors.servers.push(...dashboard.servers);
  dashboardNames.port = dashboard.port;
  doors.dashboardUrl = `http://127.0.0.1:${dashboard.port}/`;
}

function urlHost(host: string): string {
  // Whoever listens everywhere is reached from this machine as before.
  if (host === '0.0.0.0' || host === '::') return '127.0.0.1';
  return host.includes(':') ? `[${host}]` : host;
}

function gatewayDeps(core: Core, names: LocalNames): GatewayDeps {
  const { logger } = core;
  const lateWork = new LateWork(() => deps, core.config.latePolling);
  const deps: GatewayDeps = {
    ...core,
    lateWork,
    names,
    peers: peerCheck(core),
    events: { onRequest: unfailing((seq) => core.feed.onRequest(seq)) },
    today: todayOf(core.now),
    onFinding: unfailing((finding) => core.findings.report(finding)),
    onSettled: unfailing(settledWatch(core)),
    onError: unfailing((error, requestId) => logger.error({ err: error, requestId }, 'request failed')),
    onLateProblem: unfailing((objectId, problem) =>
      logger.warn({ objectId, problem }, 'OpenAI could not be asked how far late work is'),
    ),
  };
  return deps;
}

/** Looks at limits only where there is one that warns: most apps have none. */
function settledWatch({ accountant, registry, findings }: Core): (app: App) => void {
  const watch = new LimitWatch((finding) => findings.report(finding));
  const warns = (limits: readonly LimitRecord[]): boolean => limits.some(({ enforce }) => enforce === 'warn');
  const watched = (scope: string): WatchedLimit[] =>
    accountant.states(scope).map(({ rule, settled, resetsAtMs }) => ({ ...rule, settled, resetsAtMs }));
  return (app) => {
    // A request may end after its app was removed.
    if (warns(app.limits) && accountant.hasScope(appScope(app.id)))
      watch.check(app.num, watched(appScope(app.id)));
    if (warns(registry.keyLimits)) watch.check(null, watched(KEY_SCOPE));
  };
}

/** The date changes once a day; asking the clock for it at each request is wasted. */
function todayOf(now: () => number): () => string {
  const dayMs = 86_400_000;
  let day = -1;
  let text = '';
  return () => {
    const current = Math.floor(now() / dayMs);
    if (current !== day) {
      day = current;
      text = new Date(current * dayMs).toISOString().slice(0, 10);
    }
    return text;
  };
}

function peerCheck(core: Core): PeerCheck {
  const uid = process.getuid?.();
  if (!core.config.checkPeers || process.platform !== 'linux' || uid === undefined) return noPeerCheck;
  return linuxPeerCheck(uid);
}

async function closeEngine(core: Core, control: Control, doors: Doors): Promise<void> {
  const { live, logger, config } = core;
  stopListening(doors.servers);
  refuseFromNowOn(core, doors.dataPlane);
  live.finish();
  if (!(await live.drained(config.drainMs))) {
    live.cut(() => true, refuse('shutting_down'));
    // What is not a stream goes on upstream whatever we do; a last moment for answers that are near.
    await live.drained(1_000);
  }
  doors.lateWork?.close();
  control.close();
  for (const server of doors.servers) server.closeAllConnections();
  // While the folder is still ours: afterwards these files may be another engine's.
  clearLeftovers(config.home);
  await core.close();
  logger.info('stopped');
}

/** A connection that was kept alive could go on sending requests for as long as others are drained. */
function refuseFromNowOn({ ids }: Core, servers: readonly Server[]): void {
  const answer = (request: IncomingMessage, response: ServerResponse): void => {
    // One whose body is still to come is closed in any case.
    const close = request.complete ? ['connection', 'close'] : [];
    sendRefusal(response, refuse('shutting_down'), ids.format(ids.next()), close);
  };
  for (const server of servers) {
    for (const event of ['request', 'checkContinue']) server.removeAllListeners(event).on(event, answer);
    server.removeAllListeners('upgrade').on('upgrade', (_request, socket) => {
      refuseRaw(socket, refuse('shutting_down'), { ids }, ids.next());
    });
  }
}

/** Calls the control contract without a door, for whoever holds the engine in its own process. */
export async function createLocalClient(control: ControlDeps) {
  const [{ createRouterClient }, { createControlRouter }] = await Promise.all([
    import('@orpc/server'),
    import('./control/control-router.ts'),
  ]);
  const ended = new AbortController();
  return {
    client: createRouterClient(createControlRouter(control), {
      context: { signal: ended.signal, door: 'local', sessionId: null },
    }),
    end: () => ended.abort(),
  };
}
