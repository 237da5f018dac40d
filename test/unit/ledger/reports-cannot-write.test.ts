import { expect, test } from 'vitest';
import { openLedgerDatabase, openLedgerForReading } from '../../../proxy/ledger/open-database.ts';
import { openReportQueries } from '../../../proxy/ledger/report-queries.ts';
import { ledgerPaths, temporaryDir } from '../../helpers/ledger-files.ts';

test('the connection of reports reads what was committed and can change nothing', () => {
  const { dbPath } = ledgerPaths(temporaryDir());
  const writer = openLedgerDatabase(dbPath);
  const reader = openLedgerForReading(dbPath);
  writer.exec("INSERT INTO meta VALUES ('a', 'b')");
  expect(reader.prepare('SELECT value FROM meta').pluck().all()).toEqual(['b']);
  expect(() => reader.exec('DELETE FROM meta')).toThrow('readonly');
  reader.pragma('query_only = 0');
  expect(() => reader.exec('DELETE FROM meta')).toThrow('readonly');
  reader.close();
  writer.close();
});

test('an open report does not hold up a commit', () => {
  const { dbPath } = ledgerPaths(temporaryDir());
  const writer = openLedgerDatabase(dbPath);
  writer.exec("INSERT INTO meta VALUES ('a', '1'), ('b', '2')");
  const reader = openLedgerForReading(dbPath);
  const rows = reader.prepare('SELECT key FROM meta ORDER BY key').pluck().iterate();
  expect(rows.next().value).toBe('a');
  writer.pragma('busy_timeout = 0');
  writer.exec("INSERT INTO meta VALUES ('c', '3')");
  expect([...rows]).toEqual(['b']);
  reader.close();
  writer.close();
});

test('a check of the whole file says ok, or what is broken', () => {
  const { dbPath } = ledgerPaths(temporaryDir());
  const db = openLedgerDatabase(dbPath);
  const queries = openReportQueries(db);
  expect(queries.quickCheck()).toBe('ok');
  db.unsafeMode(true);
  db.pragma('writable_schema = 1');
  db.exec("UPDATE sqlite_schema SET rootpage = 9999 WHERE name = 'findings'");
  db.pragma('writable_schema = 0');
  db.close();
  const reopened = openLedgerForReading(dbPath);
  expect(openReportQueries(reopened).quickCheck()).not.toBe('ok');
  reopened.close();
});

test('there is nothing to read where there is no ledger', () => {
  expect(() => openLedgerForReading(ledgerPaths(temporaryDir()).dbPath)).toThrow('unable to open');
});
