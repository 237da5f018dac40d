/**
 * The thread that owns the ledger's only writing connection, and with it the data folder. It runs one
 * message at a time: a batch of entries is one transaction with one `fsync`, which is what makes holds
 * durable at a few thousand a second without ever stopping the streams on the engine's thread.
 */
import { existsSync, statSync } from 'node:fs';
import { flushCompileCache } from 'node:module';
import { parentPort, workerData } from 'node:worker_threads';
import Database from 'better-sqlite3';
import { AppError, problemOf } from '../contract/errors.ts';
import { openAlertRows } from './alert-rows.ts';
import { sumSinceWindows } from './counters.ts';
import type { JournalEntry } from './entries.ts';
import { unpackEntries } from './entry-codec.ts';
import { type FolderLock, takeFolderLock } from './folder-lock.ts';
import { sumHours } from './hour-sums.ts';
import type {
  FromJournal,
  JournalCalls,
  JournalFailure,
  JournalOptions,
  ToJournal,
} from './journal-protocol.ts';
import { findObjects, openLateWork } from './object-rows.ts';
import { asLedgerError, openLedgerDatabase, QUICK_CHECK_MAX_BYTES } from './open-database.ts';
import { sumOfParty } from './party-counters.ts';
import { openRecords } from './records.ts';
import { type Recovered, recover } from './recovery.ts';
import { openRequestRows } from './request-rows.ts';

const port = parentPort;
if (!port) throw new Error('the journal runs as a worker thread');
const { dbPath, lockPath, runningPath } = workerData as JournalOptions;
const send = (message: FromJournal): void => port.postMessage(message);

type Dropped = { readonly entry: JournalEntry; readonly message: string };

let lock: FolderLock | null = null;
try {
  lock = takeFolderLock(lockPath);
  if (lock) {
    const lostLog = hasLostLog();
    serve(openLedgerDatabase(dbPath), lock, lostLog);
  } else stop({ kind: 'locked' });
} catch (error) {
  lock?.release();
  stop({ kind: 'failed', failure: toFailure(error) });
}

function stop(message: FromJournal): void {
  send(message);
  port?.close();
}

/** SQLite removes the log only when it was closed properly, and then so was the engine. */
function hasLostLog(): boolean {
  return existsSync(runningPath) && existsSync(dbPath) && !existsSync(`${dbPath}-wal`);
}

function recoverLedger(db: Database.Database): Recovered {
  try {
    return recover(db);
  } catch (error) {
    db.close();
    throw asLedgerError(error, dbPath);
  }
}

function serve(db: Database.Database, heldLock: FolderLock, lostLog: boolean): void {
  const recovered = recoverLedger(db);
  const rows = openRequestRows(db);
  const calls: JournalCalls = {
    ...openRecords(db),
    ...openAlertRows(db),
    sums: (startMs) => sumSinceWindows(db, startMs),
    partySums: (query) => sumOfParty(db, query),
    objects: (ids) => findObjects(db, ids),
    lateWork: () => openLateWork(db),
    hourSums: (fromHour) => sumHours(db, fromHour),
  };
  const writeAll = db.transaction(rows.writeAll);
  const runCall = db.transaction((name: keyof JournalCalls, argument: unknown) =>
    (calls[name] as (argument: unknown) => unknown)(argument),
  );

  /**
   * A full disk fails the whole batch, and the engine tries again. An entry that breaks a constraint is a
   * bug and would fail for ever: keep all the others.
   */
  const writeBatch = (entries: readonly JournalEntry[]): Dropped[] => {
    try {
      writeAll.immediate(entries);
      return [];
    } catch (error) {
      if (isStorageFailure(error)) throw error;
    }
    const dropped: Dropped[] = [];
    for (const entry of entries) {
      try {
        writeAll.immediate([entry]);
      } catch (error) {
        if (isStorageFailure(error)) throw error;
        dropped.push({ entry, message: problemOf(error) });
      }
    }
    return dropped;
  };

  port?.on('message', (message: ToJournal) => {
    try {
      switch (message.kind) {
        case 'batch':
          send({
            kind: 'done',
            result: null,
            failure: null,
            dropped: writeBatch(unpackEntries(message.entries)),
          });
          break;
        case 'call': {
          const result = runCall.immediate(message.name, message.argument);
          send({ kind: 'done', result, failure: null, dropped: [] });
          break;
        }
        case 'close':
          db.close();
          heldLock.release();
          send({ kind: 'done', result: null, failure: null, dropped: [] });
          port?.close();
          break;
      }
    } catch (error) {
      send({ kind: 'done', result: null, failure: toFailure(error), dropped: [] });
    }
  });
  const isChecked = statSync(dbPath).size <= QUICK_CHECK_MAX_BYTES;
  send({ kind: 'opened', recovered, isChecked, lostLog });
  flushCompileCache();
}

function isStorageFailure(error: unknown): boolean {
  return (
    error instanceof Database.SqliteError &&
    /^SQLITE_(FULL|IOERR|READONLY|BUSY|LOCKED|CANTOPEN|CORRUPT|NOTADB|NOMEM|PROTOCOL)/.test(error.code)
  );
}

function toFailure(error: unknown): JournalFailure {
  return {
    message: problemOf(error),
    sqliteCode: error instanceof Database.SqliteError ? error.code : null,
    code: error instanceof AppError ? error.code : null,
    details: error instanceof AppError ? error.details : {},
  };
}
