import { type ChildProcess, spawn } from 'node:child_process';
import { EventEmitter, once } from 'node:events';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';

const START_MS = 15_000;

export interface PrivateDesktop {
  /** What a program needs to be on this desktop. */
  readonly env: Readonly<Record<string, string>>;
  /** A program on this desktop, ended with the test. */
  run(program: string, args: readonly string[]): ChildProcess;
}

/**
 * A desktop that nobody sees: a bus of its own and an X server without a screen, both ended with the test.
 * The bus starts no service by itself, so that nothing of the machine's answers in the place of ours.
 */
export async function openPrivateDesktop(dir: string): Promise<PrivateDesktop> {
  const config = join(dir, 'bus.conf');
  await mkdir(join(dir, 'run'), { mode: 0o700 });
  await writeFile(
    config,
    `<!DOCTYPE busconfig PUBLIC "-//freedesktop//DTD D-Bus Bus Configuration 1.0//EN"
 "http://www.freedesktop.org/standards/dbus/1.0/busconfig.dtd">
<busconfig><type>session</type><listen>unix:path=${dir}/bus</listen><auth>EXTERNAL</auth>
<policy context="default"><allow send_destination="*" eavesdrop="true"/><allow eavesdrop="true"/><allow own="*"/></policy>
</busconfig>\n`,
  );
  const env: Record<string, string> = {
    PATH: process.env['PATH'] ?? '',
    HOME: dir,
    XDG_RUNTIME_DIR: join(dir, 'run'),
    DBUS_SESSION_BUS_ADDRESS: `unix:path=${dir}/bus`,
  };
  const running: ChildProcess[] = [];
  const start = (program: string, args: readonly string[], stdio: 'pipe' | 'display'): ChildProcess => {
    const child = spawn(program, args, {
      env,
      stdio: stdio === 'pipe' ? ['ignore', 'pipe', 'pipe'] : ['ignore', 'ignore', 'ignore', 'pipe'],
    });
    running.push(child);
    return child;
  };
  onTestFinished(async () => {
    for (const child of running.reverse()) {
      if (child.exitCode !== null || child.signalCode !== null) continue;
      child.kill('SIGKILL');
      await once(child, 'exit');
    }
  });
  const bus = start(
    'dbus-daemon',
    ['--nofork', '--nopidfile', '--print-address=1', `--config-file=${config}`],
    'pipe',
  );
  await firstData(bus.stdout);
  const display = start(
    'Xvfb',
    ['-displayfd', '3', '-nolisten', 'tcp', '-screen', '0', '800x600x24'],
    'display',
  );
  env['DISPLAY'] = `:${(await firstData(display.stdio[3])).trim()}`;
  return { env, run: (program, args) => start(program, args, 'pipe') };
}

async function firstData(stream: unknown): Promise<string> {
  if (!isReadable(stream)) throw new Error('there is nothing to read');
  const [data] = await once(stream, 'data', { signal: AbortSignal.timeout(START_MS) });
  return String(data);
}

function isReadable(stream: unknown): stream is EventEmitter {
  return stream instanceof EventEmitter;
}
