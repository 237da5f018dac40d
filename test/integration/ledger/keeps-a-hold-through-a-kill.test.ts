import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import {
  ledgerPaths,
  newApp,
  openJournal,
  readLedger,
  recount,
  rollup,
  temporaryDir,
} from '../../helpers/ledger-files.ts';

const CHILD = fileURLToPath(new URL('./journal-child.ts', import.meta.url));

/** Runs a writer until it has told of `lines` holds, kills it, and returns all that it has told of. */
async function writeAndKill(dir: string, firstSeq: number, lines: number): Promise<number[]> {
  const child = spawn(process.execPath, [CHILD, JSON.stringify({ ...ledgerPaths(dir), firstSeq })], {
    stdio: ['ignore', 'pipe', 'inherit'],
    env: { PATH: process.env['PATH'] ?? '' },
  });
  const told: number[] = [];
  const reader = createInterface({ input: child.stdout });
  reader.on('line', (line) => {
    told.push(Number(line));
    if (told.length === lines) child.kill('SIGKILL');
  });
  await Promise.all([once(child, 'exit'), once(reader, 'close')]);
  return told;
}

test('F01 I2 a hold is on the disk when its callback is called: kill -9 right then loses none', async () => {
  const dir = temporaryDir();
  const first = await openJournal(dir);
  await first.call('createApp', newApp('one'));
  await first.close();

  let nextSeq = 1;
  let open = 0;
  for (const lines of [1, 2, 30, 300]) {
    const told = await writeAndKill(dir, nextSeq, lines);
    expect(told.length).toBeGreaterThanOrEqual(lines);
    const journal = await openJournal(dir);
    const stored = readLedger(dir, (db) =>
      db.prepare('SELECT seq FROM requests WHERE seq >= ? ORDER BY seq').pluck().all(nextSeq),
    ) as number[];
    expect(stored).toEqual(expect.arrayContaining(told));
    // A batch may be durable whose callbacks the kill has forestalled; never more than was in flight.
    expect(stored.length - told.length).toBeLessThanOrEqual(16);
    expect(journal.opened.recovered).toMatchObject({ chargedHolds: stored.length, recounted: false });
    open += stored.length;
    nextSeq = (stored.at(-1) ?? 0) + 1;
    await journal.close();
  }

  readLedger(dir, (db) => {
    expect(db.pragma('quick_check', { simple: true })).toBe('ok');
    expect(rollup(db)).toEqual(recount(db));
    const charged =
      "SELECT count(*) FROM requests WHERE outcome = 'charged-at-bound' AND cost_nano = 1000 + seq";
    expect(db.prepare(charged).pluck().get()).toBe(open);
  });
});
