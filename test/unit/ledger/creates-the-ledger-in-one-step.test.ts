import { existsSync, readdirSync, statSync, writeFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { openLedgerDatabase } from '../../../proxy/ledger/open-database.ts';
import { ledgerPaths, temporaryDir } from '../../helpers/ledger-files.ts';

test('a new ledger is complete, private and the only file it leaves', () => {
  const dir = temporaryDir();
  const { dbPath } = ledgerPaths(dir);
  const db = openLedgerDatabase(dbPath);
  db.exec("INSERT INTO meta VALUES ('a', 'b')");
  for (const path of [dbPath, `${dbPath}-wal`, `${dbPath}-shm`]) {
    expect(statSync(path).mode & 0o777).toBe(0o600);
  }
  db.close();
  expect(readdirSync(dir)).toEqual(['ledger.db']);
});

test('I2 every commit is synced: WAL with synchronous FULL, and full syncs on macOS', () => {
  const db = openLedgerDatabase(ledgerPaths(temporaryDir()).dbPath);
  const pragma = (name: string): unknown => db.pragma(name, { simple: true });
  expect(pragma('journal_mode')).toBe('wal');
  expect(pragma('synchronous')).toBe(2);
  expect([pragma('fullfsync'), pragma('checkpoint_fullfsync')]).toEqual([1, 1]);
  expect(pragma('foreign_keys')).toBe(1);
  db.close();
});

test('F24 what a creation that was killed has left is not taken for a ledger', () => {
  const dir = temporaryDir();
  const { dbPath } = ledgerPaths(dir);
  for (const suffix of ['', '-journal', '-wal', '-shm'])
    writeFileSync(`${dbPath}.new${suffix}`, 'half a file');
  const db = openLedgerDatabase(dbPath);
  expect(db.prepare('SELECT count(*) FROM requests').pluck().get()).toBe(0);
  db.close();
  expect(existsSync(`${dbPath}.new`)).toBe(false);
  expect(readdirSync(dir)).toEqual(['ledger.db']);
});

test('a folder that cannot hold it is named', () => {
  const { dbPath } = ledgerPaths('/dev/null');
  expect(() => openLedgerDatabase(dbPath)).toThrow(
    expect.objectContaining({ code: 'home_unwritable', message: expect.stringContaining(dbPath) }),
  );
});
