import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';

export const LAUNCHER = fileURLToPath(new URL('../../proxy/bin/tollgate.mjs', import.meta.url));

export interface CommandResult {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly stdout: string;
  readonly stderr: string;
}

export interface CommandOptions {
  readonly home: string;
  readonly env?: Readonly<Record<string, string>>;
  readonly input?: string;
  readonly cwd?: string;
  /** Whether `serve` opens the dashboard; not unless told. */
  readonly dashboard?: boolean;
}

/** The whole environment of a command under test: nothing of this process leaks into it but PATH. */
export function commandEnv({ home, env }: CommandOptions): Record<string, string> {
  return { PATH: process.env['PATH'] ?? '', HOME: home, TOLLGATE_HOME: home, NO_COLOR: '1', ...env };
}

/** Runs `tollgate ARGS…` to its end. */
export async function runTollgate(args: readonly string[], options: CommandOptions): Promise<CommandResult> {
  const child = spawn(process.execPath, [LAUNCHER, ...args], {
    env: commandEnv(options),
    cwd: options.cwd,
    stdio: 'pipe',
  });
  let stdout = '';
  let stderr = '';
  child.stdout.on('data', (chunk: Buffer) => {
    stdout += chunk.toString();
  });
  child.stderr.on('data', (chunk: Buffer) => {
    stderr += chunk.toString();
  });
  child.stdin.on('error', () => child.stdin.destroy());
  child.stdin.end(options.input ?? '');
  const [code, signal] = (await once(child, 'close')) as [number | null, NodeJS.Signals | null];
  return { code, signal, stdout, stderr };
}

export interface Served {
  readonly child: ChildProcess;
  readonly baseUrl: string;
  readonly dashboardUrl: string | null;
  readonly pid: number;
  readonly version: string;
  /** What it wrote to stderr so far. */
  stderr(): string;
  /** Ends it and resolves to its exit code, or to the signal that ended it. */
  stop(signal?: NodeJS.Signals): Promise<number | NodeJS.Signals | null>;
}

/** Starts `tollgate serve --json ARGS…` on a free port and waits for its line. */
export async function serveTollgate(args: readonly string[], options: CommandOptions): Promise<Served> {
  const all = ['serve', '--json', '--port=0', ...(options.dashboard ? [] : ['--no-dashboard']), ...args];
  const child = spawn(process.execPath, [LAUNCHER, ...all], {
    env: commandEnv(options),
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let stderr = '';
  child.stderr.on('data', (chunk: Buffer) => {
    stderr += chunk.toString();
  });
  const exited = once(child, 'exit');
  const lines = createInterface({ input: child.stdout });
  const first = await Promise.race([once(lines, 'line'), exited.then(() => null)]);
  if (first === null) throw new Error(`serve ended before it was ready: ${stderr}`);
  const ready = JSON.parse(String(first[0])) as Pick<Served, 'baseUrl' | 'dashboardUrl' | 'pid' | 'version'>;
  return {
    child,
    ...ready,
    stderr: () => stderr,
    async stop(signal = 'SIGTERM') {
      if (child.exitCode === null && child.signalCode === null) child.kill(signal);
      await exited;
      return child.exitCode ?? child.signalCode;
    },
  };
}
