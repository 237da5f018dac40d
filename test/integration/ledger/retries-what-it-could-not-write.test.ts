import Database from 'better-sqlite3';
import { expect, test } from 'vitest';
import {
  endEntry,
  hold,
  holdEntry,
  ledgerPaths,
  newApp,
  openJournal,
  readLedger,
  recount,
  refusalEntry,
  rollup,
  temporaryDir,
} from '../../helpers/ledger-files.ts';
import { until } from '../../helpers/until.ts';

test('F10 I7 while the ledger cannot be written holds are refused, ends are kept and written later', async () => {
  const dir = temporaryDir();
  const health: [boolean, string | null | undefined][] = [];
  const journal = await openJournal(dir, {
    onHealth: (healthy, failure) => health.push([healthy, failure?.sqliteCode]),
  });
  await journal.call('createApp', newApp('one'));
  expect(await hold(journal, holdEntry(1))).toBe(true);

  const blocker = new Database(ledgerPaths(dir).dbPath);
  blocker.exec('BEGIN IMMEDIATE');
  const startMs = performance.now();
  const refused = hold(journal, holdEntry(2));
  journal.append(endEntry(1));
  expect(await refused).toBe(false);
  expect(performance.now() - startMs).toBeLessThan(15_000);
  expect(journal.healthy).toBe(false);

  for (let seq = 10; seq < 12_010; seq += 1) journal.append(refusalEntry(seq));
  const failed = expect(journal.call('setMeta', { key: 'a', value: 'b' })).rejects;
  await failed.toMatchObject({ code: 'ledger_unavailable' });
  expect(readLedger(dir, (db) => db.prepare('SELECT seq, outcome FROM requests').raw().all())).toEqual([
    [1, 'open'],
  ]);

  blocker.exec('ROLLBACK');
  blocker.close();
  await until(() => journal.healthy, 10_000);
  expect(health).toEqual([
    [false, 'SQLITE_BUSY'],
    [true, undefined],
  ]);
  readLedger(dir, (db) => {
    const count = db.prepare('SELECT outcome, count(*) FROM requests GROUP BY 1 ORDER BY 1').raw().all();
    // The refusals that waited are bounded; the request that was billed is there.
    expect(count).toEqual([
      ['refused', expect.any(Number)],
      ['settled', 1],
    ]);
    expect((count as [string, number][])[0]?.[1]).toBeLessThanOrEqual(10_000);
    expect(rollup(db)).toEqual(recount(db));
  });
  expect(await hold(journal, holdEntry(20_000))).toBe(true);
});
