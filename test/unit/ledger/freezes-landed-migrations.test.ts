import { hash } from 'node:crypto';
import { closeSync, openSync, readdirSync } from 'node:fs';
import Database from 'better-sqlite3';
import { expect, test } from 'vitest';
import { requestsAppsPrices } from '../../../proxy/ledger/migrations/0001-requests-apps-prices.ts';
import { requestsByAddress } from '../../../proxy/ledger/migrations/0002-requests-by-address.ts';
import { objectsLateWorkRaises } from '../../../proxy/ledger/migrations/0003-objects-late-work-raises.ts';
import { sumsAlertsLabels } from '../../../proxy/ledger/migrations/0004-sums-alerts-labels.ts';
import { openLedgerDatabase, SCHEMA_VERSION } from '../../../proxy/ledger/open-database.ts';
import { ledgerPaths, temporaryDir } from '../../helpers/ledger-files.ts';

/** By the schema version it leads to. A change of a landed one would part ledgers of the same version. */
const LANDED: Readonly<Record<string, { readonly sql: string; readonly sha256: string }>> = {
  '0001-requests-apps-prices.ts': {
    sql: requestsAppsPrices,
    sha256: '78d9346a5b09b8e63e22d841907ff478d4c6cf47bbed95ae040b5f2e0844b705',
  },
  '0002-requests-by-address.ts': {
    sql: requestsByAddress,
    sha256: '1129645a96801b2d4f4a0a68196cc4660f309afc4d50effb811861f56afb9eb4',
  },
  '0003-objects-late-work-raises.ts': {
    sql: objectsLateWorkRaises,
    sha256: '79993747f99bb4807e60e02be00b7f9e68ed7374fd5c794bdc9b218c4a7e8fbe',
  },
  '0004-sums-alerts-labels.ts': {
    sql: sumsAlertsLabels,
    sha256: '06866cb8953b57d1013943999a968d834deffe00320996d50bee1017ad59c7e0',
  },
};

test('F24 a landed migration never changes', () => {
  const now = Object.entries(LANDED).map(([file, { sql }]) => [file, hash('sha256', sql)]);
  expect(now).toEqual(Object.entries(LANDED).map(([file, { sha256 }]) => [file, sha256]));
});

test('every migration file has landed here, and the schema has their number', () => {
  const files = readdirSync(new URL('../../../proxy/ledger/migrations/', import.meta.url)).sort();
  expect(files).toEqual(Object.keys(LANDED));
  expect(SCHEMA_VERSION).toBe(files.length);
});

const schemaOf = (db: Database.Database): unknown =>
  db.prepare('SELECT type, name, sql FROM sqlite_schema ORDER BY type, name').all();

test('F24 a new ledger has the schema that all migrations lead to', () => {
  const { dbPath } = ledgerPaths(temporaryDir());
  const db = openLedgerDatabase(dbPath);
  const expected = new Database(':memory:');
  for (const { sql } of Object.values(LANDED)) expected.exec(sql);
  expect(schemaOf(db)).toEqual(schemaOf(expected));
  expect(db.pragma('user_version', { simple: true })).toBe(SCHEMA_VERSION);
  db.close();
});

test.each(Object.keys(LANDED).map((_, index) => index + 1))(
  'F24 a ledger of schema version %i opens with its rows and the newest schema',
  (version) => {
    const { dbPath } = ledgerPaths(temporaryDir());
    closeSync(openSync(dbPath, 'wx', 0o600));
    const old = new Database(dbPath);
    old.pragma(`application_id = ${0x746f6c6c}`);
    for (const { sql } of Object.values(LANDED).slice(0, version)) old.exec(sql);
    old.pragma(`user_version = ${version}`);
    old.exec("INSERT INTO meta VALUES ('ledger_tag', 'abcd')");
    old.close();
    const db = openLedgerDatabase(dbPath);
    expect(db.pragma('user_version', { simple: true })).toBe(SCHEMA_VERSION);
    expect(db.prepare('SELECT value FROM meta').pluck().all()).toEqual(['abcd']);
    db.close();
  },
);
