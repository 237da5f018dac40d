import {
  chmodSync,
  chownSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { clearLeftovers, type Home, locateHome, prepareHome } from '../../../proxy/home.ts';
import { canBecomeOther, OTHER_UID } from '../../helpers/other-user.ts';

let parent: string;
let dataDir: string;
let home: Home;
const umask = process.umask();

beforeEach(() => {
  parent = mkdtempSync(join(tmpdir(), 'tollgate-test-'));
  dataDir = join(parent, 'home');
  home = locateHome({ TOLLGATE_HOME: dataDir });
});
afterEach(() => {
  process.umask(umask);
  rmSync(parent, { recursive: true, force: true });
});

const modeOf = (path: string): string => (statSync(path).mode & 0o7777).toString(8);
const unsafe = (problem: string) =>
  expect.objectContaining({ code: 'home_unsafe', message: expect.stringContaining(problem) });
const unwritable = expect.objectContaining({ code: 'home_unwritable' });

describe.skipIf(process.platform === 'win32')('on a system with users', () => {
  test.each([0o000, 0o022, 0o077])(
    'A29 with umask %o, folders and later files are for this user only',
    (mask) => {
      process.umask(mask);
      prepareHome(home);
      writeFileSync(home.dbPath, '');
      expect([dataDir, join(dataDir, 'logs'), home.dbPath].map(modeOf)).toEqual(['700', '700', '600']);
      expect(readdirSync(parent)).toEqual(['home']);
    },
  );

  test('A29 missing folders above are made for this user only', () => {
    process.umask(0);
    prepareHome(locateHome({ TOLLGATE_HOME: join(parent, 'a/b') }));
    expect([join(parent, 'a'), join(parent, 'a/b')].map(modeOf)).toEqual(['700', '700']);
  });

  test.each([0o700, 0o701, 0o710, 0o744, 0o750, 0o755])(
    'A29 a folder of mode %o is taken and closed',
    (mode) => {
      mkdirSync(dataDir);
      chmodSync(dataDir, mode);
      prepareHome(home);
      expect(modeOf(dataDir)).toBe('700');
    },
  );

  test.each([0o777, 0o770, 0o707, 0o720, 0o702, 0o1777, 0o2775])(
    'A29 a folder of mode %o is refused, and stays as it was',
    (mode) => {
      mkdirSync(dataDir);
      chmodSync(dataDir, mode);
      expect(() => prepareHome(home)).toThrow(unsafe('home can be written by other users'));
      expect(modeOf(dataDir)).toBe(mode.toString(8));
      expect(readdirSync(dataDir)).toEqual([]);
    },
  );

  test.each(['home', 'home/logs'])('A29 a link at %s is refused, and nothing is made behind it', (name) => {
    const target = join(parent, 'target');
    mkdirSync(target, { mode: 0o700 });
    if (name !== 'home') mkdirSync(dataDir, { mode: 0o700 });
    symlinkSync(target, join(parent, name));
    expect(() => prepareHome(home)).toThrow(unsafe('is a symbolic link'));
    expect(readdirSync(target)).toEqual([]);
    expect(() => prepareHome(locateHome({ TOLLGATE_HOME: `${dataDir}/` }))).toThrow(
      unsafe('is a symbolic link'),
    );
  });

  test('A29 a link to nothing is refused, and its target is not made', () => {
    symlinkSync(join(parent, 'nowhere'), dataDir);
    expect(() => prepareHome(home)).toThrow(unwritable);
    expect(existsSync(join(parent, 'nowhere'))).toBe(false);
  });

  test('A29 a log folder that others may write is refused', () => {
    mkdirSync(join(dataDir, 'logs'), { recursive: true, mode: 0o700 });
    chmodSync(join(dataDir, 'logs'), 0o777);
    expect(() => prepareHome(home)).toThrow(unsafe('logs can be written'));
  });

  test.skipIf(!canBecomeOther())('A29 a folder of another user is refused', () => {
    mkdirSync(dataDir, { mode: 0o700 });
    chownSync(dataDir, OTHER_UID, OTHER_UID);
    expect(() => prepareHome(home)).toThrow(unsafe('belongs to another user'));
  });

  test('A29 the folder of a socket outside is held to the same', () => {
    const sockets = join(parent, 'sockets');
    mkdirSync(sockets, { mode: 0o700 });
    const outside = { ...home, socketPath: join(sockets, 'name.sock') };
    prepareHome(outside);
    chmodSync(sockets, 0o777);
    expect(() => prepareHome(outside)).toThrow(unsafe('sockets can be written'));
    rmSync(sockets, { recursive: true });
    symlinkSync(dataDir, sockets);
    expect(() => prepareHome(outside)).toThrow(unsafe('sockets is a symbolic link'));
  });
});

test('A29 a file in place of the folder is refused and not touched', () => {
  writeFileSync(dataDir, 'mine');
  expect(() => prepareHome(home)).toThrow(unwritable);
  expect(readFileSync(dataDir, 'utf8')).toBe('mine');
});

test('what a killed engine has left is removed, and nothing else', () => {
  prepareHome(home);
  const kept = [home.dbPath, home.lockPath, home.logPath];
  for (const path of [...kept, home.enginePath, home.socketPath]) writeFileSync(path, '');
  clearLeftovers(home);
  expect(readdirSync(dataDir).sort()).toEqual(['engine.lock', 'ledger.db', 'logs']);
  clearLeftovers(home);
});
