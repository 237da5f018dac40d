import {
  accessSync,
  chmodSync,
  closeSync,
  constants,
  existsSync,
  fstatSync,
  lstatSync,
  openSync,
  readSync,
  renameSync,
  rmSync,
  statSync,
} from 'node:fs';
import Database from 'better-sqlite3';
import { AppError, problemOf } from '../contract/errors.ts';
import { requestsAppsPrices } from './migrations/0001-requests-apps-prices.ts';
import { requestsByAddress } from './migrations/0002-requests-by-address.ts';
import { objectsLateWorkRaises } from './migrations/0003-objects-late-work-raises.ts';
import { sumsAlertsLabels } from './migrations/0004-sums-alerts-labels.ts';
import { findLogDamage } from './write-ahead-log.ts';

/** Migrations by the schema version they lead to; a landed one never changes. */
const MIGRATIONS: readonly string[] = [
  requestsAppsPrices,
  requestsByAddress,
  objectsLateWorkRaises,
  sumsAlertsLabels,
];
export const SCHEMA_VERSION = MIGRATIONS.length;

/** "toll" in ASCII: tells our files from any other SQLite database. */
const APPLICATION_ID = 0x746f6c6c;
const SQLITE_MAGIC = Buffer.from('SQLite format 3\0', 'latin1');
/** Above this size `quick_check` would hold up the start (8 ms a megabyte); the engine runs it later. */
export const QUICK_CHECK_MAX_BYTES = 16 * 1024 * 1024;
const BUSY_TIMEOUT_MS = 2_000;

/**
 * Opens the ledger for writing and brings it to the current schema; the caller closes it. A new ledger
 * appears under its name only when it is complete, so a file that is empty or cut is always damage and
 * never taken for "nothing was spent".
 *
 * @throws AppError `ledger_damaged`, `ledger_newer`, `home_unsafe` or `home_unwritable`.
 */
export function openLedgerDatabase(dbPath: string): Database.Database {
  if (!existsSync(dbPath)) createLedger(dbPath);
  refuseUnsafeFile(dbPath);
  const bytes = refuseDamagedFiles(dbPath);
  refuseForeignLedger(dbPath, bytes);
  const db = openForWriting(dbPath);
  try {
    migrate(db, versionOf(db));
  } catch (error) {
    db.close();
    throw asLedgerError(error, dbPath);
  }
  return db;
}

/** Opens the ledger for reports: it can never write. The caller closes it. */
export function openLedgerForReading(dbPath: string): Database.Database {
  const db = new Database(dbPath, { readonly: true, fileMustExist: true, timeout: BUSY_TIMEOUT_MS });
  db.pragma('query_only = 1');
  return db;
}

function createLedger(dbPath: string): void {
  // SQLite would replay the log of the ledger that is gone into the new one.
  if (bytesOf(`${dbPath}-wal`) > 0) {
    throw new AppError('ledger_damaged', { path: dbPath, problem: 'only its write-ahead log is left' });
  }
  const draft = `${dbPath}.new`;
  try {
    for (const leftover of [draft, `${draft}-journal`, `${draft}-wal`, `${draft}-shm`]) {
      rmSync(leftover, { force: true });
    }
    closeSync(openSync(draft, 'wx', 0o600));
    const db = new Database(draft);
    db.pragma('journal_mode = DELETE');
    db.pragma('synchronous = EXTRA');
    db.pragma(`application_id = ${APPLICATION_ID}`);
    migrate(db, 0);
    // Under its final name a journal of this change could be left behind, which readers cannot undo.
    db.pragma('journal_mode = WAL');
    db.close();
    renameSync(draft, dbPath);
  } catch (error) {
    throw new AppError('home_unwritable', { path: dbPath, problem: problemOf(error) }, { cause: error });
  }
}

function refuseUnsafeFile(dbPath: string): void {
  const stat = lstatSync(dbPath);
  if (stat.isSymbolicLink()) throw new AppError('home_unsafe', { problem: `${dbPath} is a symbolic link` });
  if (process.platform === 'win32') return;
  const uid = process.getuid?.();
  if (uid !== undefined && stat.uid !== uid) {
    throw new AppError('home_unsafe', { problem: `${dbPath} belongs to another user` });
  }
  if ((stat.mode & 0o077) !== 0) {
    throw new AppError('home_unsafe', { problem: `${dbPath} can be read by other users` });
  }
}

/** SQLite opens lazily and takes an empty file for a new database; look before it does. */
function refuseDamagedFiles(dbPath: string): number {
  const { head, bytes } = readHead(dbPath, SQLITE_MAGIC.length);
  if (!head.equals(SQLITE_MAGIC)) {
    const problem = bytes === 0 ? 'the file is empty' : 'it is not an SQLite database';
    throw new AppError('ledger_damaged', { path: dbPath, problem });
  }
  const problem = logDamage(`${dbPath}-wal`);
  if (problem !== null) throw new AppError('ledger_damaged', { path: dbPath, problem });
  return bytes;
}

function logDamage(walPath: string): string | null {
  if (!existsSync(walPath)) return null;
  try {
    return findLogDamage(walPath);
  } catch (error) {
    throw new AppError('home_unwritable', { path: walPath, problem: problemOf(error) }, { cause: error });
  }
}

function bytesOf(path: string): number {
  return statSync(path, { throwIfNoEntry: false })?.size ?? 0;
}

function readHead(path: string, length: number): { head: Buffer; bytes: number } {
  let fd: number | undefined;
  try {
    fd = openSync(path, 'r');
    const head = Buffer.alloc(length);
    const read = readSync(fd, head, 0, length, 0);
    return { head: head.subarray(0, read), bytes: fstatSync(fd).size };
  } catch (error) {
    throw new AppError('home_unwritable', { path, problem: problemOf(error) }, { cause: error });
  } finally {
    if (fd !== undefined) closeSync(fd);
  }
}

function openForWriting(dbPath: string): Database.Database {
  try {
    // SQLite would open it for reading, and only the first request would find out.
    accessSync(dbPath, constants.W_OK);
    const db = new Database(dbPath, { fileMustExist: true, timeout: BUSY_TIMEOUT_MS });
    try {
      db.pragma('journal_mode = WAL');
      db.pragma('synchronous = FULL');
      // On macOS a plain fsync leaves data in the drive's cache; elsewhere these change nothing.
      db.pragma('fullfsync = 1');
      db.pragma('checkpoint_fullfsync = 1');
      db.pragma('wal_autocheckpoint = 2000');
      db.pragma('foreign_keys = 1');
      for (const path of [`${dbPath}-wal`, `${dbPath}-shm`]) if (existsSync(path)) chmodSync(path, 0o600);
      return db;
    } catch (error) {
      db.close();
      throw error;
    }
  } catch (error) {
    throw asLedgerError(error, dbPath);
  }
}

/** Looks through a connection that cannot write: what is refused is not touched, its log included. */
function refuseForeignLedger(dbPath: string, bytes: number): void {
  const damaged = (problem: string): AppError => new AppError('ledger_damaged', { path: dbPath, problem });
  try {
    const db = openLedgerForReading(dbPath);
    try {
      if (db.pragma('application_id', { simple: true }) !== APPLICATION_ID) {
        throw damaged('it was not written by Tollgate');
      }
      const found = versionOf(db);
      if (found > SCHEMA_VERSION) throw new AppError('ledger_newer', { found, known: SCHEMA_VERSION });
      if (found < 1) throw damaged('it has no schema');
      if (bytes > QUICK_CHECK_MAX_BYTES) return;
      const result = db.pragma('quick_check(1)', { simple: true });
      if (result !== 'ok') throw damaged(String(result).slice(0, 120));
    } finally {
      db.close();
    }
  } catch (error) {
    throw asLedgerError(error, dbPath);
  }
}

function versionOf(db: Database.Database): number {
  return Number(db.pragma('user_version', { simple: true }));
}

/** Each migration and its version number commit together, so a kill leaves the old schema or the new. */
function migrate(db: Database.Database, from: number): void {
  MIGRATIONS.slice(from).forEach((sql, index) => {
    db.transaction(() => {
      db.exec(sql);
      db.pragma(`user_version = ${from + index + 1}`);
    })();
  });
}

/** Tells a file that is broken from one that cannot be reached just now, by SQLite's result codes. */
export function asLedgerError(error: unknown, dbPath: string): AppError {
  if (error instanceof AppError) return error;
  if (error instanceof Database.SqliteError && /^SQLITE_(CORRUPT|NOTADB|ERROR)/.test(error.code)) {
    return new AppError('ledger_damaged', { path: dbPath, problem: problemOf(error) }, { cause: error });
  }
  return new AppError('home_unwritable', { path: dbPath, problem: problemOf(error) }, { cause: error });
}
