import { hash } from 'node:crypto';
import { accessSync, chmodSync, constants, lstatSync, mkdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import envPaths from 'env-paths';
import { AppError, problemOf } from './contract/errors.ts';

/** Where everything of one engine lives. All of it is private to the user. */
export interface Home {
  readonly dataDir: string;
  readonly dbPath: string;
  readonly lockPath: string;
  /** Who has the folder: process id, ports, start. Nothing secret. */
  readonly enginePath: string;
  readonly logPath: string;
  /** Unix socket, or a named pipe on Windows. */
  readonly socketPath: string;
}

/** Linux allows 107 bytes for the path of a socket, macOS 103. */
const MAX_SOCKET_PATH = 100;

/** `TOLLGATE_HOME` holds everything; without it the platform's own folders do. Touches nothing. */
export function locateHome(env: Readonly<Record<string, string | undefined>>): Home {
  const own = env['TOLLGATE_HOME'];
  const platform = envPaths('tollgate', { suffix: '' });
  const dataDir = own ? resolve(own) : platform.data;
  const logDir = own ? join(dataDir, 'logs') : platform.log;
  return {
    dataDir,
    dbPath: join(dataDir, 'ledger.db'),
    lockPath: join(dataDir, 'engine.lock'),
    enginePath: join(dataDir, 'engine.json'),
    logPath: join(logDir, 'engine.log'),
    socketPath: socketPathFor(dataDir),
  };
}

function socketPathFor(dataDir: string): string {
  const name = hash('sha256', dataDir, 'hex').slice(0, 16);
  if (process.platform === 'win32') return `\\\\.\\pipe\\tollgate-${name}`;
  const inside = join(dataDir, 'control.sock');
  if (Buffer.byteLength(inside) <= MAX_SOCKET_PATH) return inside;
  return join(tmpdir(), `tollgate-${process.getuid?.() ?? 0}`, `${name}.sock`);
}

/**
 * Creates the folders, for this user only, and refuses what others could read or have planted.
 * @throws AppError `home_unwritable` or `home_unsafe`
 */
export function prepareHome(home: Home): void {
  if (process.platform !== 'win32') process.umask(0o077);
  for (const dir of [home.dataDir, join(home.logPath, '..')]) makePrivateDir(dir);
  if (process.platform !== 'win32' && !home.socketPath.startsWith(home.dataDir)) {
    makePrivateDir(join(home.socketPath, '..'));
  }
}

function makePrivateDir(dir: string): void {
  try {
    mkdirSync(dir, { recursive: true, mode: 0o700 });
    accessSync(dir, constants.W_OK | constants.X_OK);
  } catch (error) {
    throw new AppError('home_unwritable', { path: dir, problem: problemOf(error) }, { cause: error });
  }
  if (process.platform === 'win32') return;
  const stat = lstatSync(dir);
  if (stat.isSymbolicLink()) throw new AppError('home_unsafe', { problem: `${dir} is a symbolic link` });
  if (!stat.isDirectory())
    throw new AppError('home_unwritable', { path: dir, problem: 'it is not a folder' });
  const uid = process.getuid?.();
  if (uid !== undefined && stat.uid !== uid) {
    throw new AppError('home_unsafe', { problem: `${dir} belongs to another user` });
  }
  if ((stat.mode & 0o022) !== 0) {
    throw new AppError('home_unsafe', { problem: `${dir} can be written by other users` });
  }
  // A folder the user made with the usual umask can be listed by others; that is easily put right.
  if ((stat.mode & 0o077) !== 0) chmodSync(dir, 0o700);
}

/** Removes what an engine that was killed has left; only for the holder of the folder's lock. */
export function clearLeftovers(home: Home): void {
  rmSync(home.enginePath, { force: true });
  if (process.platform !== 'win32') rmSync(home.socketPath, { force: true });
}
