import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { chmod, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { until } from '../../helpers/until.ts';

const START = fileURLToPath(new URL('../../../scripts/start.mjs', import.meta.url));
const AS_USER = fileURLToPath(new URL('./start-as-user.mjs', import.meta.url));
const ROOT = fileURLToPath(new URL('../../../', import.meta.url));

let dir: string;
beforeEach(async () => {
  dir = await mkdtemp(join(tmpdir(), 'tollgate-start-'));
  await mkdir(join(dir, 'bin'));
  await mkdir(join(dir, 'home'), { mode: 0o700 });
  const settings = { engine: { port: 0, dashboardPort: 0 } };
  await writeFile(join(dir, 'home/settings.json'), JSON.stringify(settings));
});
afterEach(() => rm(dir, { recursive: true, force: true }));

/** A program that notes with what it was called. */
async function program(path: string, ...lines: readonly string[]): Promise<void> {
  await mkdir(dirname(path), { recursive: true });
  await writeFile(path, ['#!/bin/sh', `echo "$@" > ${path}.called`, ...lines, ''].join('\n'));
  await chmod(path, 0o755);
}

interface Started {
  readonly stderr: () => string;
  readonly stdout: () => string;
  readonly ended: Promise<number | null>;
  stop(): void;
}

/** `npm start ARGS…` */
function start(args: readonly string[], env: Readonly<Record<string, string>>): Started {
  const child = spawn(process.execPath, [START, 'desktop', ...args], {
    env: {
      PATH: `${join(dir, 'bin')}:${process.env['PATH'] ?? ''}`,
      HOME: dir,
      TOLLGATE_HOME: join(dir, 'home'),
      TOLLGATE_KEY_STORE: 'env',
      OPENAI_API_KEY: 'sk-proj-notARealKeyNotARealKeyNotARealKey12345678',
      TOLLGATE_UPSTREAM: 'http://127.0.0.1:9/v1',
      ...env,
    },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let stdout = '';
  let stderr = '';
  child.stdout.on('data', (chunk: Buffer) => {
    stdout += chunk.toString();
  });
  child.stderr.on('data', (chunk: Buffer) => {
    stderr += chunk.toString();
  });
  const ended = once(child, 'close').then(([code]: (number | null)[]) => code ?? null);
  return { stdout: () => stdout, stderr: () => stderr, ended, stop: () => child.kill('SIGTERM') };
}

describe.skipIf(process.platform !== 'linux')('npm start', () => {
  test('without a display: says so, runs the proxy, opens no browser, and ends with its code', async () => {
    await program(join(dir, 'bin/xdg-open'));
    const started = start([], {});
    await until(() => /Dashboard {2}http/.test(started.stdout()), 60_000);
    expect(started.stderr()).toContain('No desktop app: this session has no display.');
    expect(started.stdout()).toMatch(/Base URL {3}http:\/\/127\.0\.0\.1:\d+\/v1/);
    started.stop();
    expect(await started.ended).toBe(0);
    await expect(readFile(join(dir, 'bin/xdg-open.called'))).rejects.toThrow('ENOENT');
  }, 180_000);

  test('with a display and without a program to show it: says why, and opens the browser', async () => {
    await program(join(dir, 'bin/xdg-open'));
    const started = start([], { DISPLAY: ':99', ELECTRON_SKIP_BINARY_DOWNLOAD: '1' });
    await until(() => /Dashboard {2}http/.test(started.stdout()), 60_000);
    // Root has a reason of its own.
    expect(started.stderr()).toMatch(
      /No desktop app: (Electron's program is not here|Chromium does not run as root)/,
    );
    const link = async (): Promise<string> =>
      readFile(join(dir, 'bin/xdg-open.called'), 'utf8').catch(() => '');
    await until(async () => (await link()) !== '', 10_000);
    expect(started.stdout()).toContain((await link()).trim());
    started.stop();
    expect(await started.ended).toBe(0);
  }, 180_000);

  test('options of `serve` run `serve`; a wrong one ends with 2', async () => {
    const started = start(['--no-such-option'], { DISPLAY: ':99' });
    expect(await started.ended).toBe(2);
    expect(started.stderr()).toContain('--no-such-option is an option of the command line');
  }, 180_000);

  test.skipIf(process.getuid?.() !== 0)(
    'root with a display is told about the sandbox',
    async () => {
      const started = start(['tollgate://alerts'], { DISPLAY: ':99' });
      await until(() => started.stderr().includes('as root within its sandbox'), 30_000);
      started.stop();
      await started.ended;
    },
    180_000,
  );

  test('the program that is there gets the app, a link, and has the say on the exit code', async () => {
    await program(join(dir, 'dist/electron'), 'exit 7');
    const { status, stderr } = spawnSync(process.execPath, [AS_USER, 'tollgate://alerts'], {
      env: { PATH: process.env['PATH'] ?? '', ELECTRON_OVERRIDE_DIST_PATH: join(dir, 'dist') },
      encoding: 'utf8',
    });
    expect(stderr).toBe('');
    expect(status).toBe(7);
    const called = await readFile(join(dir, 'dist/electron.called'), 'utf8');
    expect(called).toBe(`${ROOT} tollgate://alerts\n`);
  }, 180_000);
});
