import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import {
  chmodSync,
  chownSync,
  cpSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmdirSync,
  rmSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { openEngineHome } from '../helpers/engine-home.ts';
import { ledgerPaths, temporaryDir } from '../helpers/ledger-files.ts';
import { commandEnv, LAUNCHER, runTollgate } from '../helpers/tollgate-command.ts';

const SERVE = ['serve', '--json', '--port=0', '--no-dashboard', '--key-store=env'];
const ENV = {
  OPENAI_API_KEY: 'sk-proj-0123456789abcdefghij',
  XDG_CACHE_HOME: join(tmpdir(), 'tollgate-test-cache'),
};
const isRoot = process.getuid?.() === 0;
const asRoot = isRoot ? '' : ' (skipped: needs root on Linux to mount, or to run as somebody else)';

/** A folder with a ledger that has an app. */
async function usedHome(): Promise<string> {
  const dir = temporaryDir();
  const home = await openEngineHome({ dir });
  const served = await home.start();
  await home.createApp('tool', ['usd=1/day']);
  await served.stop();
  return dir;
}

test.skipIf(!isRoot)(`F07 a read-only file system: refused by name, nothing changed${asRoot}`, async () => {
  const source = await usedHome();
  const dir = mkdtempSync(join(tmpdir(), 'tollgate-disk-'));
  onTestFinished(() => {
    spawnSync('umount', ['-l', dir]);
    rmdirSync(dir);
  });
  expect(spawnSync('mount', ['-t', 'tmpfs', '-o', 'size=2m,mode=700', 'tmpfs', dir]).status).toBe(0);
  cpSync(source, dir, { recursive: true });
  expect(spawnSync('mount', ['-o', 'remount,ro', dir]).status).toBe(0);
  const before = readFileSync(ledgerPaths(dir).dbPath);
  const { code, stdout, stderr } = await runTollgate(SERVE, { home: dir, env: ENV });
  expect([code, stdout]).toEqual([1, '']);
  expect(JSON.parse(stderr)).toMatchObject({ error: { code: 'home_unwritable', hint: expect.any(String) } });
  expect(readFileSync(ledgerPaths(dir).dbPath)).toEqual(before);
});

/** Runs serve as an ordinary user, for whom modes count; resolves to what it has written to stderr. */
async function serveAs(uid: number, dir: string): Promise<{ code: number | null; stderr: string }> {
  chownSync(dir, uid, uid);
  for (const name of readdirSync(dir, { recursive: true })) chownSync(join(dir, String(name)), uid, uid);
  const env = { ...commandEnv({ home: dir, env: ENV }), XDG_CACHE_HOME: join(dir, 'cache') };
  const child = spawn(process.execPath, [LAUNCHER, ...SERVE], { uid, gid: uid, env, stdio: 'pipe' });
  onTestFinished(() => {
    child.kill('SIGKILL');
  });
  let stderr = '';
  child.stderr.on('data', (chunk: Buffer) => {
    stderr += chunk.toString();
  });
  const [code] = (await once(child, 'close')) as [number | null];
  return { code, stderr };
}

const PROTECTED: readonly (readonly [string, (dir: string) => void])[] = [
  ['a ledger', (dir) => chmodSync(ledgerPaths(dir).dbPath, 0o400)],
  ['a lock', (dir) => chmodSync(ledgerPaths(dir).lockPath, 0o400)],
  ['a folder', (dir) => chmodSync(dir, 0o500)],
];

test.skipIf(!isRoot).each(PROTECTED)(
  `F07 %s that may not be written: refused by name${asRoot}`,
  async (_what, protect) => {
    const dir = await usedHome();
    protect(dir);
    const { code, stderr } = await serveAs(1234, dir);
    expect(code).toBe(1);
    expect(JSON.parse(stderr)).toMatchObject({
      error: { code: 'home_unwritable', message: expect.stringContaining(dir), hint: expect.any(String) },
    });
    chmodSync(dir, 0o700);
  },
);

test('F07 a file where the folder should be: refused by name', async () => {
  const dir = temporaryDir();
  const { code, stderr } = await runTollgate(SERVE, {
    home: join(dir, 'file', 'home'),
    env: { ...ENV, TOLLGATE_HOME: '/dev/null/home' },
  });
  expect(code).toBe(1);
  expect(JSON.parse(stderr)).toMatchObject({ error: { code: 'home_unwritable' } });
  rmSync(dir, { recursive: true, force: true });
});
