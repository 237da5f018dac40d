import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readFileSync } from 'node:fs';
import { until } from './until.ts';

/** Why strace cannot be used here, or null when it can. */
export const NO_STRACE: string | null = reasonAgainstStrace();

function reasonAgainstStrace(): string | null {
  if (process.platform !== 'linux') return 'strace is there on Linux only';
  const target = spawn(process.execPath, ['-e', 'setTimeout(() => {}, 20_000)'], { stdio: 'ignore' });
  try {
    const probe = spawnSync('timeout', ['0.3', 'strace', '-f', '-p', String(target.pid)], {
      encoding: 'utf8',
    });
    if (/attached/.test(probe.stderr)) return null;
    return `strace cannot attach to a process (${(probe.error?.message ?? probe.stderr).split('\n', 1)[0]})`;
  } finally {
    target.kill('SIGKILL');
  }
}

export interface Strace {
  /** What it has written so far. */
  log(): string;
  /** Lets the process go on by itself. */
  detach(): Promise<void>;
}

/** Attaches strace to a running process and all its threads; detach it at the end. */
export async function attachStrace(pid: number, args: readonly string[], logPath: string): Promise<Strace> {
  const strace: ChildProcess = spawn('strace', ['-f', '-p', String(pid), '-o', logPath, ...args], {
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  let said = '';
  strace.stderr?.on('data', (chunk: Buffer) => {
    said += chunk.toString();
  });
  const exited = once(strace, 'exit');
  await until(() => said.includes('attached'));
  return {
    log: () => (existsSync(logPath) ? readFileSync(logPath, 'latin1') : ''),
    async detach() {
      strace.kill('SIGINT');
      await exited;
    },
  };
}
