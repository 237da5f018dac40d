import {
  chmodSync,
  chownSync,
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest';
import { openTollgate } from '../helpers/open-tollgate.ts';
import { canBecomeOther, OTHER_UID } from '../helpers/other-user.ts';
import { runTollgate } from '../helpers/tollgate-command.ts';

let template: string;
let parent: string;
let dataDir: string;
let dbPath: string;

beforeAll(async () => {
  template = mkdtempSync(join(tmpdir(), 'tollgate-test-'));
  const tollgate = await openTollgate({ dataDir: template });
  await tollgate.createApp('before', ['usd=1/day']);
  await tollgate.close();
});
afterAll(() => rmSync(template, { recursive: true, force: true }));

beforeEach(() => {
  parent = mkdtempSync(join(tmpdir(), 'tollgate-test-'));
  dataDir = join(parent, 'home');
  dbPath = join(dataDir, 'ledger.db');
  cpSync(template, dataDir, { recursive: true });
  for (const dir of [dataDir, join(dataDir, 'logs')]) chmodSync(dir, 0o700);
  chmodSync(dbPath, 0o600);
});
afterEach(() => rmSync(parent, { recursive: true, force: true }));

const opening = () => openTollgate({ dataDir }).then((tollgate) => tollgate.close());
const unsafe = (problem: RegExp) => ({
  code: 'home_unsafe',
  message: expect.stringMatching(problem),
  hint: expect.stringContaining('chmod 700'),
});

test.each(['777', '770', '707', '722', '1777'])('A29 a data folder of mode %s is refused', async (mode) => {
  chmodSync(dataDir, Number.parseInt(mode, 8));
  await expect(opening()).rejects.toMatchObject(unsafe(/can be written by other users/));
});

test('A29 a data folder that others may list is closed to them', async () => {
  chmodSync(dataDir, 0o755);
  await opening();
  expect(statSync(dataDir).mode & 0o777).toBe(0o700);
});

test('A29 a data folder that is a link is refused', async () => {
  renameSync(dataDir, join(parent, 'elsewhere'));
  symlinkSync(join(parent, 'elsewhere'), dataDir);
  await expect(opening()).rejects.toMatchObject(unsafe(/is a symbolic link/));
});

test('A29 a data folder that is a file is refused', async () => {
  rmSync(dataDir, { recursive: true });
  writeFileSync(dataDir, 'mine');
  await expect(opening()).rejects.toMatchObject({ code: 'home_unwritable' });
  expect(readFileSync(dataDir, 'utf8')).toBe('mine');
});

test.skipIf(!canBecomeOther())('A29 a data folder of another user is refused', async () => {
  chownSync(dataDir, OTHER_UID, OTHER_UID);
  await expect(opening()).rejects.toMatchObject(unsafe(/belongs to another user/));
});

test.each(['644', '640', '666', '604', '602'])('A29 a ledger of mode %s is refused', async (mode) => {
  chmodSync(dbPath, Number.parseInt(mode, 8));
  await expect(opening()).rejects.toMatchObject(unsafe(/ledger\.db can be read by other users/));
});

test('A29 a ledger that links to another file is refused, and that file is not touched', async () => {
  const victim = join(parent, 'victim.db');
  renameSync(dbPath, victim);
  chmodSync(victim, 0o600);
  symlinkSync(victim, dbPath);
  const before = readFileSync(victim);
  await expect(opening()).rejects.toMatchObject(unsafe(/ledger\.db is a symbolic link/));
  expect(readFileSync(victim).equals(before)).toBe(true);
});

test('A29 through a ledger that links to nothing, nothing is made there', async () => {
  rmSync(dbPath);
  symlinkSync(join(parent, 'nowhere.db'), dbPath);
  await opening().catch((error: unknown) => expect(error).toMatchObject(unsafe(/is a symbolic link/)));
  expect(readdirSync(parent)).toEqual(['home']);
});

test.skipIf(!canBecomeOther())('A29 a ledger of another user is refused', async () => {
  chownSync(dbPath, OTHER_UID, OTHER_UID);
  await expect(opening()).rejects.toMatchObject(unsafe(/ledger\.db belongs to another user/));
});

test('A29 a log folder that others may write is refused', async () => {
  chmodSync(join(dataDir, 'logs'), 0o777);
  await expect(opening()).rejects.toMatchObject(unsafe(/logs can be written by other users/));
});

test('A29 the folder of a socket whose path would be too long is checked as well', async () => {
  dataDir = join(parent, 'long'.repeat(25));
  const sockets = join(tmpdir(), `tollgate-${process.getuid?.() ?? 0}`);
  const existed = existsSync(sockets);
  mkdirSync(sockets, { recursive: true });
  try {
    chmodSync(sockets, 0o777);
    await expect(opening()).rejects.toMatchObject(unsafe(/can be written by other users/));
  } finally {
    chmodSync(sockets, 0o700);
    if (!existed) rmSync(sockets, { recursive: true });
  }
});

test('A29 everything an engine keeps is for its user only', async () => {
  const tollgate = await openTollgate({ dataDir });
  try {
    const modes = (names: readonly string[]) =>
      names.map((name) => [name, statSync(join(dataDir, name)).mode & 0o777]);
    const files = [
      'ledger.db',
      'ledger.db-wal',
      'ledger.db-shm',
      'engine.lock',
      'engine.json',
      'control.sock',
    ];
    expect(modes([...files, 'logs/engine.log'])).toEqual(
      [...files, 'logs/engine.log'].map((name) => [name, 0o600]),
    );
    expect(modes(['.', 'logs'])).toEqual([
      ['.', 0o700],
      ['logs', 0o700],
    ]);
  } finally {
    await tollgate.close();
  }
});

test('A29 `serve` and every other command say so and exit', async () => {
  chmodSync(dataDir, 0o777);
  for (const args of [['serve', '--port=0', '--no-dashboard'], ['app', 'list'], ['usage']]) {
    const env = {
      OPENAI_API_KEY: 'sk-proj-AnyAnyAnyAnyAnyAnyAnyAnyAnyAnyAny0123456789',
      TOLLGATE_HOME: dataDir,
    };
    const options = { home: dataDir, env };
    const { code, stdout, stderr } = await runTollgate([...args, '--key-store=env'], options);
    expect([code, stdout]).toEqual([1, '']);
    expect(stderr).toMatch(/^tollgate: error: The data folder is not private: .+\nhint: /);
  }
});
