import { copyFileSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { expect, test } from 'vitest';
import { findLogDamage } from '../../../proxy/ledger/write-ahead-log.ts';
import { temporaryDir } from '../../helpers/ledger-files.ts';

const HEADER = 32;
const FRAME = 24 + 4096;

function openDatabase(path: string): Database.Database {
  const db = new Database(path);
  db.pragma('journal_mode = WAL');
  db.exec('CREATE TABLE IF NOT EXISTS rows (id INTEGER PRIMARY KEY, text TEXT)');
  return db;
}

function insert(db: Database.Database, count: number, bytes = 1_500): void {
  const statement = db.prepare('INSERT INTO rows (text) VALUES (?)');
  for (let row = 0; row < count; row += 1) statement.run('x'.repeat(bytes));
}

/** The log of many small transactions, and a way to have another one judged. */
function manyCommits(): { log: Buffer; judge: (log: Buffer) => string | null } {
  const dir = temporaryDir();
  const db = openDatabase(join(dir, 'a.db'));
  insert(db, 40);
  const log = readFileSync(join(dir, 'a.db-wal'));
  db.close();
  const path = join(dir, 'judged');
  return {
    log,
    judge(changed) {
      writeFileSync(path, changed);
      return findLogDamage(path);
    },
  };
}

function withGarbage(log: Buffer, from: number, to: number): Buffer {
  const changed = Buffer.from(log);
  for (let at = from; at < to; at += 1) changed[at] = (at * 31 + 7) & 0xff;
  return changed;
}

test('F09 a whole log, an empty one and one that is only a header have no damage', () => {
  const { log, judge } = manyCommits();
  expect(log.length).toBeGreaterThan(40 * FRAME);
  expect([log, Buffer.alloc(0), log.subarray(0, HEADER), Buffer.alloc(HEADER)].map(judge)).toEqual(
    Array(4).fill(null),
  );
});

test('F05 a log that a power cut has torn anywhere is not damaged: SQLite rolls the last commit back', () => {
  const { log, judge } = manyCommits();
  for (let cut = HEADER + 1; cut < log.length; cut += 997) {
    expect(judge(log.subarray(0, cut))).toBeNull();
    expect(judge(Buffer.concat([log.subarray(0, cut), Buffer.alloc(log.length - cut)]))).toBeNull();
  }
});

test.each([
  ['the magic', 0, 4],
  ['the version', 4, 8],
  ['the page size', 8, 12],
  ['the salts', 16, 24],
  ['the checksum of the header', 24, 32],
])('F09 garbage in %s is damage', (_what, from, to) => {
  const { log, judge } = manyCommits();
  expect(judge(withGarbage(log, from, to))).toBe('the write-ahead log is not readable');
});

test('F09 garbage anywhere before the last two commits is damage', () => {
  const { log, judge } = manyCommits();
  const lastTwo = log.length - 6 * FRAME;
  for (let from = HEADER; from < lastTwo; from += 1_231) {
    expect(judge(withGarbage(log, from, Math.min(from + 64, lastTwo)))).toBe('the write-ahead log has a gap');
  }
});

test('F09 a log whose every frame was overwritten is damage', () => {
  const { log, judge } = manyCommits();
  expect(judge(withGarbage(log, HEADER, log.length))).toBe('the write-ahead log has a gap');
});

test('frames of an older generation behind the live ones are not damage', () => {
  const dir = temporaryDir();
  const path = join(dir, 'a.db');
  const db = openDatabase(path);
  for (let generation = 0; generation < 3; generation += 1) {
    insert(db, 20);
    db.pragma('wal_checkpoint(RESTART)');
  }
  insert(db, 2);
  expect(readFileSync(`${path}-wal`).length).toBeGreaterThan(20 * FRAME);
  expect(findLogDamage(`${path}-wal`)).toBeNull();
  db.close();
});

test('what a commit that failed has left behind the live frames is not damage', () => {
  const dir = temporaryDir();
  const [first, second] = [join(dir, 'a.db'), join(dir, 'b.db')];
  const db = openDatabase(first);
  insert(db, 3);
  copyFileSync(first, second);
  copyFileSync(`${first}-wal`, `${second}-wal`);
  db.transaction(() => insert(db, 30))();
  const failed = readFileSync(`${first}-wal`);
  const retried = openDatabase(second);
  insert(retried, 1, 10);
  const live = readFileSync(`${second}-wal`);
  expect(failed.length).toBeGreaterThan(live.length);
  writeFileSync(join(dir, 'both'), Buffer.concat([live, failed.subarray(live.length)]));
  expect(findLogDamage(join(dir, 'both'))).toBeNull();
  db.close();
  retried.close();
});
