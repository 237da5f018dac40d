import { spawnSync } from 'node:child_process';
import { closeSync, openSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import Database from 'better-sqlite3';
import { expect, test } from 'vitest';
import { requestsAppsPrices } from '../../proxy/ledger/migrations/0001-requests-apps-prices.ts';
import { openLedgerDatabase, SCHEMA_VERSION } from '../../proxy/ledger/open-database.ts';
import { ledgerPaths, temporaryDir } from '../helpers/ledger-files.ts';
import { NO_STRACE } from '../helpers/strace.ts';

const OPENER = fileURLToPath(new URL('./ledger-opener.ts', import.meta.url));
const skipped = NO_STRACE === null ? '' : ` (skipped: ${NO_STRACE})`;

/** Opens the ledger in a process that is killed at its n-th call of that kind; false when it got through. */
function openAndKillAt(dbPath: string, call: string, nth: number): boolean {
  const inject = ['-f', '-qq', '-o', '/dev/null', '-e', `trace=${call}`];
  const kill = ['-e', `inject=${call}:signal=KILL:when=${nth}`];
  const { status, signal } = spawnSync('strace', [...inject, ...kill, process.execPath, OPENER, dbPath], {
    env: { PATH: process.env['PATH'] ?? '', NODE_COMPILE_CACHE: join(dbPath, '..', 'cache') },
    timeout: 20_000,
  });
  if (status === 0) return false;
  expect(signal ?? status).toBe('SIGKILL');
  return true;
}

const schemaOf = (db: Database.Database): unknown =>
  db.prepare('SELECT type, name, sql FROM sqlite_schema ORDER BY type, name').all();

function expectWhole(dbPath: string): void {
  const db = openLedgerDatabase(dbPath);
  expect(db.pragma('quick_check', { simple: true })).toBe('ok');
  expect(db.pragma('user_version', { simple: true })).toBe(SCHEMA_VERSION);
  const fresh = openLedgerDatabase(ledgerPaths(temporaryDir()).dbPath);
  expect(schemaOf(db)).toEqual(schemaOf(fresh));
  fresh.close();
  db.close();
}

/** Kills at the first steps that write, and at some of the later ones; each time opens again. */
function killAtEachStep(
  call: string,
  prepare: (dbPath: string) => void,
  check: (dbPath: string) => void,
): number {
  let kills = 0;
  for (let nth = 1; nth < 200; nth += kills < 3 ? 1 : 6) {
    const { dbPath } = ledgerPaths(temporaryDir());
    prepare(dbPath);
    if (!openAndKillAt(dbPath, call, nth)) break;
    kills += 1;
    check(dbPath);
  }
  return kills;
}

const CALLS = ['pwrite64', 'fsync,fdatasync'] as const;

test.skipIf(NO_STRACE !== null).each(CALLS)(
  `F24 the creation of a ledger that is killed at a %s leaves none or a whole one${skipped}`,
  (call) => {
    expect(killAtEachStep(call, () => undefined, expectWhole)).toBeGreaterThan(1);
  },
  90_000,
);

function createVersion1(dbPath: string): void {
  closeSync(openSync(dbPath, 'wx', 0o600));
  const db = new Database(dbPath);
  db.pragma('journal_mode = WAL');
  db.pragma(`application_id = ${0x746f6c6c}`);
  db.exec(requestsAppsPrices);
  db.pragma('user_version = 1');
  db.exec("INSERT INTO meta VALUES ('ledger_tag', 'abcd')");
  db.close();
}

test.skipIf(NO_STRACE !== null).each(CALLS)(
  `F24 a migration that is killed at a %s leaves the old schema or the new one, and its rows${skipped}`,
  (call) => {
    const kills = killAtEachStep(call, createVersion1, (dbPath) => {
      expectWhole(dbPath);
      const db = new Database(dbPath, { readonly: true });
      expect(db.prepare('SELECT value FROM meta').pluck().all()).toEqual(['abcd']);
      db.close();
    });
    expect(kills).toBeGreaterThan(0);
  },
);
