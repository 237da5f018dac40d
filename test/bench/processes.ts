import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';

/** A process of the benchmark and the JSON line it printed when it was ready. */
export interface BenchProcess<Ready> {
  readonly child: ChildProcess;
  readonly ready: Ready;
  /** From the start of the process to its line, in milliseconds. */
  readonly readyMs: number;
  stop(): Promise<void>;
}

/** Starts `node FILE ARGS…` and waits for its first line. */
export async function startProcess<Ready>(
  args: readonly string[],
  env: Readonly<Record<string, string | undefined>> = process.env,
): Promise<BenchProcess<Ready>> {
  const started = performance.now();
  const child = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'inherit'], env });
  if (!child.stdout) throw new Error('the process has no output');
  child.stdout.setEncoding('utf8');
  let text = '';
  while (!text.includes('\n')) {
    const [chunk] = (await Promise.race([
      once(child.stdout, 'data'),
      once(child, 'exit').then(() => {
        throw new Error(`${args.join(' ')} ended before it was ready`);
      }),
    ])) as [string];
    text += chunk;
  }
  const readyMs = performance.now() - started;
  return {
    child,
    ready: JSON.parse(text) as Ready,
    readyMs,
    async stop() {
      if (child.exitCode !== null || child.signalCode !== null) return;
      child.kill('SIGTERM');
      await once(child, 'exit');
    },
  };
}

/** Resident memory of a process in megabytes (10^6 bytes), as Linux counts it. */
export function residentMb(pid: number): number {
  const kib = /VmRSS:\s+(\d+) kB/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1];
  return (Number(kib) * 1024) / 1e6;
}

/** Processor time that a process has used so far, in milliseconds, as Linux counts it: in steps of ten. */
export function processorMs(pid: number): number {
  const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  return (Number(fields[11]) + Number(fields[12])) * 10;
}

/** Resolves when a process has nothing to do for two seconds. */
export async function untilQuiet(pid: number, timeoutMs = 300_000): Promise<void> {
  const deadline = performance.now() + timeoutMs;
  for (let before = processorMs(pid); performance.now() < deadline; ) {
    await new Promise((resolve) => setTimeout(resolve, 2_000));
    const now = processorMs(pid);
    if (now - before <= 40) return;
    before = now;
  }
  throw new Error(`process ${pid} does not come to rest`);
}
