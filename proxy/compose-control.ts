import { homedir } from 'node:os';
import { DEFAULT_DASHBOARD_PORT, DEFAULT_PORT } from './contract/defaults.ts';
import type { DoctorCheck } from './contract/engine-status.ts';
import type { ControlDeps, OpenHold } from './control/control-deps.ts';
import { DashboardSessions } from './control/dashboard-sessions.ts';
import type { Core } from './core.ts';
import { checkKey } from './gateway/check-key.ts';
import { coverageTable } from './gateway/coverage.ts';
import type { LateWork } from './gateway/late-work.ts';
import { describeHold } from './gateway/open-holds.ts';
import { PauseClock } from './pause-clock.ts';
import { readSettings, writeSettings } from './settings-file.ts';
import { systemZoneName } from './zone-name.ts';

/** Where an engine is reached while it runs. */
export interface Addresses {
  readonly baseUrl: string | null;
  readonly dashboardUrl: string | null;
  readonly lateWork: LateWork | null;
}

export interface Control {
  readonly deps: ControlDeps;
  close(): void;
}

/** What the control plane needs of an engine; `doors` fills as they open. */
export function composeControl(core: Core, doors: Addresses, startedAt: string, version: string): Control {
  const { config, logger, registry, signals } = core;
  const { home } = config;
  const onError = (error: unknown): void => logger.error({ err: error }, 'control call failed');
  const pause = new PauseClock(registry, core.now, () => signals.send({ kind: 'engine' }), onError);
  const sessions = new DashboardSessions(core.now, () =>
    signals.send({ kind: 'changed', what: 'sessions', appId: null }),
  );
  const meta = new Map(Object.entries(core.meta));
  const started = readSettings(home.dataDir).engine;
  let zone: string | null = null;
  const deps: ControlDeps = {
    ...core,
    facts: {
      version,
      pid: process.pid,
      startedAt,
      upstream: core.upstream.baseUrl,
      simulated: config.simulated ?? false,
      dataDir: home.dataDir,
      logPath: config.logLevel === 'silent' ? null : home.logPath,
    },
    memory: {
      get: (name) => meta.get(name),
      async set(name, value) {
        await core.journal.call('setMeta', { key: name, value });
        meta.set(name, value);
      },
    },
    sessions,
    pause,
    settings: {
      read: () => readSettings(home.dataDir),
      write: (patch) => writeSettings(home.dataDir, patch),
      restartNeeded: () => JSON.stringify(readSettings(home.dataDir).engine) !== JSON.stringify(started),
    },
    tools: { home: config.userHome ?? homedir(), env: process.env },
    addresses: () => ({ baseUrl: doors.baseUrl, dashboardUrl: doors.dashboardUrl }),
    zone() {
      zone ??= config.zone ?? systemZoneName();
      return zone;
    },
    openHolds: () => [...core.live.openHolds, ...lateHolds(core, doors.lateWork)],
    coverage: coverageTable,
    traffic: () => ({ inFlight: core.live.busy, waiting: core.queue.waiting }),
    checkKey: (key) => checkKey(core.upstream, key),
    doctor: () => doctorChecks(core, doors),
    exposure: () => ({
      host: config.dataPlane?.host ?? null,
      checksPeers: config.checkPeers && process.platform === 'linux',
      extraHosts: config.extraHosts,
    }),
    onError,
  };
  return {
    deps,
    close() {
      pause.close();
      sessions.close();
    },
  };
}

async function doctorChecks({ config, upstream, now }: Core, doors: Addresses): Promise<DoctorCheck[]> {
  const checks = await import('./checks/machine-checks.ts');
  const listening: DoctorCheck = {
    id: 'ports',
    title: 'Ports',
    state: doors.baseUrl === null ? 'skipped' : 'ok',
    detail:
      doors.baseUrl === null
        ? `No engine runs; it would take ${DEFAULT_PORT} and ${DEFAULT_DASHBOARD_PORT}.`
        : `${doors.baseUrl}${doors.dashboardUrl === null ? '' : ` and ${doors.dashboardUrl}`}`,
    hint: null,
  };
  return [
    checks.checkNode(process.version),
    checks.checkHome(config.home),
    checks.checkDisk(config.home.dataDir),
    checks.checkEnvironment(process.env),
    listening,
    ...(await checks.checkUpstream(upstream.baseUrl, now)),
  ];
}

/** Of late work that goes on, or that waits for an engine with doors. */
function lateHolds(core: Core, lateWork: LateWork | null): readonly OpenHold[] {
  if (lateWork) return lateWork.openHolds;
  return core.lateHolds.map(({ record, hold, app }) =>
    describeHold(hold, {
      seq: record.seq,
      app,
      endpoint: record.route,
      model: record.model,
      state: record.kind === 'batch' ? 'batch' : 'background',
      objectId: record.objectId,
    }),
  );
}
