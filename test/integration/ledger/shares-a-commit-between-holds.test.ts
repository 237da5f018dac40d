import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import {
  endEntry,
  hold,
  holdEntry,
  ledgerPaths,
  newApp,
  openJournal,
  temporaryDir,
} from '../../helpers/ledger-files.ts';

/** Commits in the write-ahead log: frames that carry the size of the database. */
function commitsIn(dir: string): number {
  const log = readFileSync(`${ledgerPaths(dir).dbPath}-wal`);
  const frameBytes = 24 + log.readUInt32BE(8);
  let commits = 0;
  for (let at = 32; at + frameBytes <= log.length; at += frameBytes)
    commits += log.readUInt32BE(at + 4) > 0 ? 1 : 0;
  return commits;
}

async function openWithApp() {
  const dir = temporaryDir();
  const journal = await openJournal(dir);
  await journal.call('createApp', newApp('one'));
  return { dir, journal, commits: () => commitsIn(dir) };
}

test('holds that arrive in one turn share one commit', async () => {
  const { journal, commits } = await openWithApp();
  const before = commits();
  const written = await Promise.all(
    Array.from({ length: 500 }, (_, index) => hold(journal, holdEntry(index + 1))),
  );
  expect(written).toEqual(Array(500).fill(true));
  expect(commits() - before).toBe(1);
});

test('holds that arrive while a commit is under way share the next one, with what ended meanwhile', async () => {
  const { journal, commits } = await openWithApp();
  const before = commits();
  const order: number[] = [];
  const later: Promise<boolean>[] = [];
  const first = hold(journal, holdEntry(1));
  await new Promise((resolve) => setImmediate(resolve));
  for (let seq = 2; seq <= 200; seq += 1) {
    later.push(
      new Promise((resolve) =>
        journal.hold(holdEntry(seq), (ok) => {
          order.push(seq);
          resolve(ok);
        }),
      ),
    );
  }
  expect(await first).toBe(true);
  journal.append(endEntry(1));
  expect(await Promise.all(later)).toEqual(Array(199).fill(true));
  expect(order).toEqual(Array.from({ length: 199 }, (_, index) => index + 2));
  await journal.flush();
  expect(commits() - before).toBeLessThanOrEqual(3);
});

test('a lone hold does not wait for company', async () => {
  const { journal, commits } = await openWithApp();
  const before = commits();
  for (let seq = 1; seq <= 20; seq += 1) expect(await hold(journal, holdEntry(seq))).toBe(true);
  expect(commits() - before).toBe(20);
});

test('a call sees everything that was appended before it', async () => {
  const { journal } = await openWithApp();
  const starts = { minute: 0, hour: 0, day: 0, week: 0, month: 0, total: 0 };
  for (let seq = 1; seq <= 50; seq += 1) {
    void hold(journal, holdEntry(seq)).then(() => journal.append(endEntry(seq, { costNanoUsd: 10 })));
  }
  await journal.flush();
  const sums = await journal.call('sums', starts);
  expect(sums.total.get(1)).toMatchObject({ nanoUsd: 500, requests: 50 });
});

test('a call is answered although requests never stop coming', async () => {
  const { journal } = await openWithApp();
  let seq = 0;
  let stopped = false;
  const keepGoing = (): void => {
    if (stopped) return;
    seq += 1;
    journal.hold(holdEntry(seq), keepGoing);
  };
  for (let parallel = 0; parallel < 4; parallel += 1) keepGoing();
  for (let call = 0; call < 5; call += 1) await journal.call('setMeta', { key: 'call', value: String(call) });
  expect((await journal.call('load')).meta['call']).toBe('4');
  const during = seq;
  await hold(journal, holdEntry(1_000_000));
  expect(seq).toBeGreaterThan(during);
  stopped = true;
});
