import type Database from 'better-sqlite3';
import { onTestFinished } from 'vitest';
import type { JournalEntry } from '../../../proxy/ledger/entries.ts';
import { openLedgerDatabase } from '../../../proxy/ledger/open-database.ts';
import { openRecords } from '../../../proxy/ledger/records.ts';
import { openRequestRows } from '../../../proxy/ledger/request-rows.ts';
import { LEVELS } from '../../../proxy/ledger/rollup-levels.ts';
import { endEntry, holdEntry, ledgerPaths, newApp, temporaryDir } from '../../helpers/ledger-files.ts';

export interface TestLedger {
  readonly db: Database.Database;
  /** In one transaction, as the journal's thread writes a batch. */
  write(...entries: readonly JournalEntry[]): void;
  /** Forgets all requests, for the next run of a property. */
  clear(): void;
}

/** A ledger with the apps `one`, `two` and `three`, which have the numbers 1, 2 and 3. */
export function openTestLedger(): TestLedger {
  const db = openLedgerDatabase(ledgerPaths(temporaryDir()).dbPath);
  onTestFinished(() => {
    db.close();
  });
  const records = openRecords(db);
  for (const name of ['one', 'two', 'three']) records.createApp(newApp(name));
  const rows = openRequestRows(db);
  // What these tests look at is not whether it would survive a power cut.
  db.pragma('synchronous = OFF');
  return {
    db,
    write: (...entries) => db.transaction(() => rows.writeAll(entries))(),
    clear: () =>
      db.exec(
        ['requests', 'meta', ...LEVELS.map(({ table }) => table)]
          .map((table) => `DELETE FROM ${table};`)
          .join(''),
      ),
  };
}

/** Requests from `from` to `to` that were held and settled. */
export function settled(from: number, to: number, more: Parameters<typeof endEntry>[1] = {}): JournalEntry[] {
  const entries: JournalEntry[] = [];
  for (let seq = from; seq <= to; seq += 1) {
    const { atMs = holdEntry(seq).atMs, appNum = 1, user = null, model = 'gpt-5.4-mini' } = more;
    entries.push(holdEntry(seq, { atMs, appNum, user, model }), endEntry(seq, { atMs, ...more }));
  }
  return entries;
}
