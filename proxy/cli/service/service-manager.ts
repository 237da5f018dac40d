import { execFile } from 'node:child_process';
import { existsSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { homedir, userInfo } from 'node:os';
import { dirname, isAbsolute, join } from 'node:path';
import { AppError } from '../../contract/errors.ts';
import { AGENT_LABEL, launchdAgent } from './launchd-agent.ts';
import type { ServicePlan } from './service-plan.ts';
import { systemdUnit, UNIT_NAME } from './systemd-unit.ts';
import { TASK_NAME, windowsTask } from './windows-task.ts';

export interface ServiceStatus {
  readonly manager: string;
  /** The file that describes it. */
  readonly path: string;
  readonly installed: boolean;
  readonly running: boolean;
}

/** What starts programs at login: systemd, launchd, or the Task Scheduler. */
export interface ServiceManager {
  readonly name: string;
  /** Writes the description and hands it over; starts it now unless `startNow` is false. */
  install(plan: ServicePlan, startNow: boolean): Promise<void>;
  uninstall(): Promise<void>;
  status(): Promise<ServiceStatus>;
}

/** Runs a program of the system; resolves to its exit code and output. */
export type RunProgram = (program: string, args: readonly string[]) => Promise<ProgramResult>;
export interface ProgramResult {
  readonly code: number;
  readonly output: string;
}

export interface ServiceEnvironment {
  readonly platform: NodeJS.Platform;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly homeDir: string;
  readonly user: string;
  readonly uid: number;
  readonly dataDir: string;
  readonly run: RunProgram;
}

/** @throws AppError `service_unsupported` where there is none that Tollgate knows */
export function serviceManager(environment: ServiceEnvironment): ServiceManager {
  switch (environment.platform) {
    case 'linux':
      return systemd(environment);
    case 'darwin':
      return launchd(environment);
    case 'win32':
      return taskScheduler(environment);
    default:
      throw new AppError('service_unsupported', { platform: environment.platform });
  }
}

function systemd({ env, homeDir, run }: ServiceEnvironment): ServiceManager {
  const name = 'systemd';
  const own = env['XDG_CONFIG_HOME'];
  const configDir = own && isAbsolute(own) ? own : join(homeDir, '.config');
  const path = join(configDir, 'systemd', 'user', UNIT_NAME);
  const systemctl = (...args: string[]): Promise<ProgramResult> => run('systemctl', ['--user', ...args]);
  return {
    name,
    install: (plan, startNow) =>
      withDescription(path, systemdUnit(plan), async () => {
        must(await systemctl('daemon-reload'), 'systemctl --user daemon-reload');
        const enable = startNow ? ['enable', '--now', UNIT_NAME] : ['enable', UNIT_NAME];
        must(await systemctl(...enable), `systemctl --user ${enable.join(' ')}`);
      }),
    async uninstall() {
      must(await systemctl('disable', '--now', UNIT_NAME), `systemctl --user disable --now ${UNIT_NAME}`);
      rmSync(path, { force: true });
      must(await systemctl('daemon-reload'), 'systemctl --user daemon-reload');
    },
    async status() {
      const { code } = await systemctl('is-active', '--quiet', UNIT_NAME);
      return { manager: name, path, installed: existsSync(path), running: code === 0 };
    },
  };
}

function launchd({ homeDir, uid, run }: ServiceEnvironment): ServiceManager {
  const name = 'launchd';
  const path = join(homeDir, 'Library', 'LaunchAgents', `${AGENT_LABEL}.plist`);
  const domain = `gui/${uid}`;
  const service = `${domain}/${AGENT_LABEL}`;
  const isLoaded = async (): Promise<ProgramResult> => run('launchctl', ['print', service]);
  return {
    name,
    async install(plan, startNow) {
      if ((await isLoaded()).code === 0)
        must(await run('launchctl', ['bootout', service]), 'launchctl bootout');
      await withDescription(path, launchdAgent(plan), async () => {
        // An agent is loaded at the next login in any case.
        if (startNow) must(await run('launchctl', ['bootstrap', domain, path]), 'launchctl bootstrap');
      });
    },
    async uninstall() {
      if ((await isLoaded()).code === 0)
        must(await run('launchctl', ['bootout', service]), 'launchctl bootout');
      rmSync(path, { force: true });
    },
    async status() {
      const { code, output } = await isLoaded();
      return {
        manager: name,
        path,
        installed: existsSync(path),
        running: code === 0 && /\bstate = running\b/.test(output),
      };
    },
  };
}

function taskScheduler({ dataDir, user, run }: ServiceEnvironment): ServiceManager {
  const name = 'the Task Scheduler';
  const path = join(dataDir, 'tollgate-task.xml');
  const query = (): Promise<ProgramResult> =>
    run('schtasks', ['/Query', '/TN', TASK_NAME, '/FO', 'CSV', '/NH']);
  return {
    name,
    // The scheduler reads UTF-16 with its mark.
    install: (plan, startNow) =>
      withDescription(path, Buffer.from(`\ufeff${windowsTask(plan, user)}`, 'utf16le'), async () => {
        const create = ['/Create', '/TN', TASK_NAME, '/XML', path, '/F'];
        must(await run('schtasks', create), 'schtasks /Create');
        if (startNow) must(await run('schtasks', ['/Run', '/TN', TASK_NAME]), 'schtasks /Run');
      }),
    async uninstall() {
      if ((await query()).code === 0) {
        await run('schtasks', ['/End', '/TN', TASK_NAME]);
        must(await run('schtasks', ['/Delete', '/TN', TASK_NAME, '/F']), 'schtasks /Delete');
      }
      rmSync(path, { force: true });
    },
    async status() {
      const { code, output } = await query();
      return { manager: name, path, installed: code === 0, running: code === 0 && /Running/.test(output) };
    },
  };
}

/** A description that could not be handed over is taken back, so that nothing is half installed. */
async function withDescription(
  path: string,
  content: string | Buffer,
  handOver: () => Promise<void>,
): Promise<void> {
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, content);
  try {
    await handOver();
  } catch (error) {
    rmSync(path, { force: true });
    throw error;
  }
}

/** @throws AppError `service_failed` */
function must({ code, output }: ProgramResult, what: string): void {
  if (code === 0) return;
  const [problem = ''] = output.trim().split('\n');
  throw new AppError('service_failed', {
    command: what,
    problem: problem.slice(0, 200) || `exit code ${code}`,
  });
}

/** The system that this process runs on. */
export function thisSystem(dataDir: string): ServiceEnvironment {
  const { username } = userInfo();
  const domain = process.env['USERDOMAIN'];
  return {
    platform: process.platform,
    env: process.env,
    homeDir: homedir(),
    user: domain ? `${domain}\\${username}` : username,
    uid: process.getuid?.() ?? 0,
    dataDir,
    run: runProgram,
  };
}

const NOT_FOUND = 127;

/** Whatever it prints and however it ends is a result; only a program that is not there has none. */
const runProgram: RunProgram = (program, args) =>
  new Promise((resolve) => {
    execFile(program, [...args], { timeout: 30_000, windowsHide: true }, (error, stdout, stderr) => {
      const isMissing = error?.code === 'ENOENT';
      const code = error ? (typeof error.code === 'number' ? error.code : isMissing ? NOT_FOUND : 1) : 0;
      resolve({ code, output: isMissing ? `${program} is not installed` : stderr || stdout });
    });
  });
