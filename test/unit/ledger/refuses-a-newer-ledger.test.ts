import { copyFileSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { expect, test } from 'vitest';
import { openLedgerDatabase, SCHEMA_VERSION } from '../../../proxy/ledger/open-database.ts';
import { ledgerPaths, temporaryDir } from '../../helpers/ledger-files.ts';

function filesOf(dir: string): Record<string, string> {
  const names = readdirSync(dir).filter((name) => !name.endsWith('-shm'));
  return Object.fromEntries(names.map((name) => [name, readFileSync(join(dir, name)).toString('base64')]));
}

test('F24 a ledger of a newer Tollgate is refused and not touched, its log included', () => {
  const source = temporaryDir();
  const newer = openLedgerDatabase(ledgerPaths(source).dbPath);
  newer.exec("CREATE TABLE teams (id INTEGER PRIMARY KEY); INSERT INTO meta VALUES ('new', 'thing')");
  newer.pragma(`user_version = ${SCHEMA_VERSION + 1}`);
  const dir = temporaryDir();
  for (const name of readdirSync(source)) copyFileSync(join(source, name), join(dir, name));
  newer.close();

  const before = filesOf(dir);
  expect(Object.keys(before).sort()).toEqual(['ledger.db', 'ledger.db-wal']);
  expect(() => openLedgerDatabase(ledgerPaths(dir).dbPath)).toThrow(
    expect.objectContaining({
      code: 'ledger_newer',
      details: { found: SCHEMA_VERSION + 1, known: SCHEMA_VERSION },
    }),
  );
  expect(filesOf(dir)).toEqual(before);
});

test('F24 neither is one that was closed and uses another journal mode', () => {
  const dir = temporaryDir();
  const { dbPath } = ledgerPaths(dir);
  openLedgerDatabase(dbPath).close();
  const newer = new Database(dbPath);
  newer.pragma('journal_mode = DELETE');
  newer.pragma('user_version = 99');
  newer.close();
  const before = filesOf(dir);
  expect(() => openLedgerDatabase(dbPath)).toThrow(expect.objectContaining({ code: 'ledger_newer' }));
  expect(filesOf(dir)).toEqual(before);
});
