import { accessSync, closeSync, constants, existsSync, openSync } from 'node:fs';
import Database from 'better-sqlite3';
import { AppError, problemOf } from '../contract/errors.ts';

/** Gives the data folder back. */
export interface FolderLock {
  release(): void;
}

/**
 * Takes the data folder for this process. Node has no `flock`, but an open exclusive transaction of
 * SQLite is an operating-system lock: it works on every platform and is gone the moment the process is,
 * however it ended. The file has no content that matters.
 *
 * @returns null when another process holds it.
 * @throws AppError `home_unwritable`.
 */
export function takeFolderLock(lockPath: string): FolderLock | null {
  try {
    if (!existsSync(lockPath)) closeSync(openSync(lockPath, 'w', 0o600));
    // On a file that it cannot write SQLite would begin a mere read, which locks nobody out.
    accessSync(lockPath, constants.W_OK);
    const db = new Database(lockPath, { timeout: 0 });
    try {
      db.pragma('journal_mode = DELETE');
      db.exec('BEGIN EXCLUSIVE');
    } catch (error) {
      db.close();
      if (error instanceof Database.SqliteError && error.code.startsWith('SQLITE_BUSY')) return null;
      throw error;
    }
    return {
      release() {
        db.close();
      },
    };
  } catch (error) {
    throw new AppError('home_unwritable', { path: lockPath, problem: problemOf(error) }, { cause: error });
  }
}
