import { expect, test } from 'vitest';
import type { JournalEntry } from '../../../proxy/ledger/entries.ts';
import {
  endEntry,
  hold,
  holdEntry,
  newApp,
  openJournal,
  readLedger,
  recount,
  refusalEntry,
  rollup,
  temporaryDir,
} from '../../helpers/ledger-files.ts';

async function openWithApp() {
  const dir = temporaryDir();
  const dropped: [JournalEntry['kind'], string][] = [];
  const errors: unknown[] = [];
  const journal = await openJournal(dir, {
    onDropped: (entry, message) => dropped.push([entry.kind, message]),
    onError: (error) => errors.push(error),
  });
  await journal.call('createApp', newApp('one'));
  return { dir, journal, dropped, errors };
}

test('an entry that breaks a rule is left out and reported; the rest of its batch is kept', async () => {
  const { dir, journal, dropped } = await openWithApp();
  const written = await Promise.all([1, 2, 2, 3].map((seq) => hold(journal, holdEntry(seq))));
  journal.append(endEntry(1, { costNanoUsd: 1.5 }));
  journal.append(endEntry(2));
  journal.append(refusalEntry(9, { appNum: 77 }));
  journal.append(endEntry(3));
  await journal.flush();
  // Neither of two requests with one number may go out.
  expect(written).toEqual([true, false, false, true]);
  expect(dropped.map(([kind]) => kind)).toEqual(['hold', 'end', 'refusal']);
  readLedger(dir, (db) => {
    const rows = db.prepare('SELECT seq, outcome FROM requests ORDER BY seq').raw().all();
    expect(rows).toEqual([
      [1, 'open'],
      [2, 'settled'],
      [3, 'settled'],
    ]);
    expect(rollup(db)).toEqual(recount(db));
  });
  expect(journal.healthy).toBe(true);
});

test('F19 what a callback throws stops neither the others of its batch nor the journal', async () => {
  const { journal, errors } = await openWithApp();
  const failure = new Error('a bug in one request');
  const answered: number[] = [];
  await new Promise<void>((resolve) => {
    for (let seq = 1; seq <= 10; seq += 1) {
      journal.hold(holdEntry(seq), () => {
        if (seq % 3 === 0) throw failure;
        answered.push(seq);
        if (seq === 10) resolve();
      });
    }
  });
  expect(answered).toEqual([1, 2, 4, 5, 7, 8, 10]);
  expect(errors).toEqual([failure, failure, failure]);
  expect(await hold(journal, holdEntry(11))).toBe(true);
});

test('F06 a listener that throws (a log on the same full disk) keeps nobody waiting', async () => {
  const dir = temporaryDir();
  const fail = (): never => {
    throw new Error('the log cannot be written');
  };
  const journal = await openJournal(dir, { onDropped: fail, onError: fail, onHealth: fail });
  await journal.call('createApp', newApp('one'));
  const written = await Promise.all([1, 1, 2].map((seq) => hold(journal, holdEntry(seq))));
  expect(written).toEqual([false, false, true]);
  journal.hold(holdEntry(3), fail);
  expect(await hold(journal, holdEntry(4))).toBe(true);
});

test('after it is closed nothing is written, and everyone is told', async () => {
  const { dir, journal } = await openWithApp();
  journal.append(refusalEntry(1));
  await journal.close();
  expect(journal.healthy).toBe(false);
  expect(await hold(journal, holdEntry(2))).toBe(false);
  await expect(journal.call('load')).rejects.toMatchObject({ code: 'ledger_unavailable' });
  await journal.flush();
  expect(readLedger(dir, (db) => db.prepare('SELECT seq FROM requests').pluck().all())).toEqual([1]);
  const next = await openJournal(dir);
  expect(next.opened).toMatchObject({
    recovered: { chargedHolds: 0, recounted: false, lastSeq: 1, seenMs: refusalEntry(1).atMs },
    isChecked: true,
    lostLog: false,
  });
});
