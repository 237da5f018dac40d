import {
  closeSync,
  copyFileSync,
  openSync,
  readdirSync,
  readFileSync,
  rmSync,
  truncateSync,
  writeFileSync,
  writeSync,
} from 'node:fs';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { expect, test } from 'vitest';
import { openLedgerDatabase } from '../../../proxy/ledger/open-database.ts';
import { ledgerPaths, temporaryDir } from '../../helpers/ledger-files.ts';

/** A ledger whose newest rows are only in its log, as after a crash. */
function crashedLedger(): { dir: string; dbPath: string } {
  const source = temporaryDir();
  const db = openLedgerDatabase(ledgerPaths(source).dbPath);
  for (let key = 0; key < 200; key += 1) {
    db.prepare('INSERT INTO meta VALUES (?, ?)').run(`key${key}`, 'x'.repeat(200));
    if (key === 99) db.pragma('wal_checkpoint(TRUNCATE)');
  }
  const dir = temporaryDir();
  for (const name of readdirSync(source)) {
    copyFileSync(join(source, name), join(dir, name));
  }
  db.close();
  return { dir, dbPath: ledgerPaths(dir).dbPath };
}

function overwrite(path: string, at: number, bytes: Buffer): void {
  const fd = openSync(path, 'r+');
  writeSync(fd, bytes, 0, bytes.length, at);
  closeSync(fd);
}

const GARBAGE = Buffer.alloc(4096, 0xa5);

function garbagePages(dbPath: string): void {
  for (const page of [2, 3, 5, 8]) overwrite(dbPath, page * 4096, GARBAGE);
}

function replaceBySqlite(dbPath: string, sql: string): void {
  for (const suffix of ['', '-wal', '-shm']) rmSync(`${dbPath}${suffix}`, { force: true });
  closeSync(openSync(dbPath, 'wx', 0o600));
  const db = new Database(dbPath);
  db.exec(sql);
  db.close();
}

const DAMAGES: readonly (readonly [string, (dbPath: string) => void, RegExp])[] = [
  ['a file of zero length', (dbPath) => truncateSync(dbPath, 0), /the file is empty/],
  [
    'a header of garbage',
    (dbPath) => overwrite(dbPath, 0, GARBAGE.subarray(0, 100)),
    /not an SQLite database/,
  ],
  ['a file that is no database', (dbPath) => writeFileSync(dbPath, '{"spent": 0}'), /not an SQLite database/],
  ['a file of zeros', (dbPath) => writeFileSync(dbPath, Buffer.alloc(8192)), /not an SQLite database/],
  ['a file cut in the middle', (dbPath) => truncateSync(dbPath, 20_000), /malformed|damaged/],
  ['pages of garbage', garbagePages, /./],
  [
    'a log of garbage',
    (dbPath) => writeFileSync(`${dbPath}-wal`, Buffer.alloc(50_000, 0x5a)),
    /log is not readable/,
  ],
  ['a log with garbage in it', (dbPath) => overwrite(`${dbPath}-wal`, 9_000, GARBAGE), /log has a gap/],
  ['a log without its ledger', (dbPath) => rmSync(dbPath), /only its write-ahead log is left/],
  [
    'a database of another program',
    (dbPath) => replaceBySqlite(dbPath, 'CREATE TABLE spent (usd)'),
    /not written by/,
  ],
  [
    'a ledger without its schema',
    (dbPath) => replaceBySqlite(dbPath, `PRAGMA application_id = ${0x746f6c6c}; CREATE TABLE a (b)`),
    /has no schema/,
  ],
];

function filesOf(dir: string): Record<string, string> {
  const names = readdirSync(dir).filter((name) => !name.endsWith('-shm') && !name.endsWith('.lock'));
  return Object.fromEntries(names.map((name) => [name, readFileSync(join(dir, name)).toString('base64')]));
}

test.each(DAMAGES)('F09 %s is refused by name and not touched', (_what, damage, problem) => {
  const { dir, dbPath } = crashedLedger();
  damage(dbPath);
  const before = filesOf(dir);
  for (let attempt = 0; attempt < 2; attempt += 1) {
    expect(() => openLedgerDatabase(dbPath)).toThrow(
      expect.objectContaining({ code: 'ledger_damaged', message: expect.stringMatching(problem) }),
    );
    expect(filesOf(dir)).toEqual(before);
  }
});

test.each([
  ['a shared-memory file that is gone', (dbPath: string) => rmSync(`${dbPath}-shm`)],
  ['a shared-memory file of garbage', (dbPath: string) => writeFileSync(`${dbPath}-shm`, GARBAGE)],
  ['an empty shared-memory file', (dbPath: string) => writeFileSync(`${dbPath}-shm`, '')],
])('F09 %s loses nothing: it is rebuilt from the log', (_what, damage) => {
  const { dbPath } = crashedLedger();
  damage(dbPath);
  const db = openLedgerDatabase(dbPath);
  expect(db.prepare('SELECT count(*) FROM meta').pluck().get()).toBe(200);
  db.close();
});
