import { readFileSync, writeFileSync } from 'node:fs';
import { expect, onTestFinished, test } from 'vitest';
import { checkLater } from '../../../proxy/ledger/late-check.ts';
import { Reports } from '../../../proxy/ledger/reports.ts';
import {
  endEntry,
  hold,
  holdEntry,
  ledgerPaths,
  NOON_MS,
  newApp,
  openJournal,
  temporaryDir,
} from '../../helpers/ledger-files.ts';
import { until } from '../../helpers/until.ts';

const ALL = { fromMs: 0, toMs: NOON_MS + 86_400_000, appNum: null } as const;

async function openBoth(requests: number) {
  const dir = temporaryDir();
  const journal = await openJournal(dir);
  await journal.call('createApp', newApp('one'));
  const { dbPath } = ledgerPaths(dir);
  await Promise.all(Array.from({ length: requests }, (_, index) => hold(journal, holdEntry(index + 1))));
  for (let seq = 1; seq <= requests; seq += 1) journal.append(endEntry(seq, { model: `model-${seq}` }));
  await journal.flush();
  const reports = new Reports(dbPath);
  onTestFinished(() => reports.close());
  return { dir, dbPath, journal, reports };
}

test('a report sees what was flushed before it', async () => {
  const { journal, reports } = await openBoth(10);
  expect((await reports.query('usage', { ...ALL, by: 'model' })).map(({ requests }) => requests)).toEqual(
    Array(10).fill(1),
  );
  await hold(journal, holdEntry(11));
  const open = await reports.query('usage', { ...ALL, by: 'app' });
  expect(open).toMatchObject([{ key: 1, requests: 10, heldNanoUsd: 1_000 }]);
  expect(await reports.query('request', 11)).toMatchObject({ outcome: 'open', app_name: 'one' });
  expect(await reports.query('request', 12)).toBeNull();
  expect(await reports.query('appNames')).toEqual([{ num: 1, id: 'app_one', name: 'one' }]);
});

test('holds are written while reports are read, and each report is one moment of the ledger', async () => {
  const { journal, reports } = await openBoth(3_000);
  const written: boolean[] = [];
  let reading = true;
  const writer = (async () => {
    for (let seq = 10_000; reading || written.length < 20; seq += 1)
      written.push(await hold(journal, holdEntry(seq)));
  })();
  const answers = await Promise.all(
    Array.from({ length: 30 }, (_, index) =>
      index % 3 === 0 ? reports.query('quickCheck') : reports.query('usage', { ...ALL, by: 'model' }),
    ),
  );
  reading = false;
  await writer;
  expect(written.every((ok) => ok)).toBe(true);
  for (const answer of answers) {
    if (typeof answer === 'string') expect(answer).toBe('ok');
    // The holds under way are lines of their own model.
    else expect(answer.filter(({ requests }) => requests === 1)).toHaveLength(3_000);
  }
});

test('a query that cannot be answered is an error of the ledger, and the next one works', async () => {
  const dir = temporaryDir();
  const reports = new Reports(ledgerPaths(dir).dbPath);
  onTestFinished(() => reports.close());
  const query = () => reports.query('appNames');
  await expect(query()).rejects.toMatchObject({ code: 'ledger_unavailable' });
  await expect(Promise.all([query(), query()])).rejects.toMatchObject({ code: 'ledger_unavailable' });
  const journal = await openJournal(dir);
  await journal.call('createApp', newApp('one'));
  expect(await query()).toHaveLength(1);
});

test('closing answers those who wait, and nothing is read afterwards', async () => {
  const { reports } = await openBoth(2_000);
  const waiting = Promise.allSettled(Array.from({ length: 20 }, () => reports.query('quickCheck')));
  await reports.close();
  for (const result of await waiting) {
    if (result.status === 'rejected') expect(result.reason).toMatchObject({ code: 'ledger_unavailable' });
  }
  await expect(reports.query('appNames')).rejects.toMatchObject({ code: 'shutting_down' });
});

test('F09 a ledger too large to be checked at the start is checked later; damage is told', async () => {
  const { dbPath, journal } = await openBoth(100);
  const problems: string[] = [];
  const tell = (problem: string): void => {
    problems.push(problem);
  };
  await journal.close();
  const cancels = [checkLater(dbPath, tell, 0), checkLater(dbPath, tell, 60_000)];
  await new Promise((resolve) => setTimeout(resolve, 300));
  for (const cancel of cancels) await cancel();
  expect(problems).toEqual([]);

  const bytes = readFileSync(dbPath);
  bytes.fill(0xa5, 4 * 4096, 6 * 4096);
  writeFileSync(dbPath, bytes);
  const cancel = checkLater(dbPath, tell, 0);
  await until(() => problems.length === 1);
  await cancel();
});
