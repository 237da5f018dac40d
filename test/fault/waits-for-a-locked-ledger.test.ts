import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createRequire } from 'node:module';
import { expect, onTestFinished, test } from 'vitest';
import { CHAT } from '../helpers/engine-home.ts';
import { ledgerPaths } from '../helpers/ledger-files.ts';
import { openTollgate } from '../helpers/open-tollgate.ts';
import { until } from '../helpers/until.ts';

const HOLDER = `
  const Database = require(process.argv[1]);
  const db = new Database(process.argv[2]);
  db.exec('BEGIN IMMEDIATE');
  process.stdout.write('held');
  process.stdin.once('data', () => { db.exec('ROLLBACK'); db.close(); process.exit(0); });
`;

/** Another process that holds the ledger's write lock until told to let go. */
async function holdWriteLock(dir: string): Promise<() => Promise<void>> {
  const library = createRequire(import.meta.url).resolve('better-sqlite3');
  const holder = spawn(process.execPath, ['-e', HOLDER, library, ledgerPaths(dir).dbPath], {
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  onTestFinished(() => {
    holder.kill('SIGKILL');
  });
  await once(holder.stdout, 'data');
  return async () => {
    const exited = once(holder, 'exit');
    holder.stdin.write('go');
    await exited;
  };
}

test('F10 a short lock of another process is waited for, a long one refuses spend in bounded time', async () => {
  const tollgate = await openTollgate();
  onTestFinished(() => tollgate.close());
  const token = await tollgate.createApp('tool', ['usd=1/day']);
  const send = () => tollgate.post(token, '/chat/completions', CHAT);

  const letGoSoon = await holdWriteLock(tollgate.dataDir);
  const waiting = send();
  await letGoSoon();
  expect((await waiting).status).toBe(200);

  const letGo = await holdWriteLock(tollgate.dataDir);
  const startMs = performance.now();
  const answers = await Promise.all([send(), send(), send()]);
  // Those that arrive together fail together: the wait is that of one commit, or two.
  expect(performance.now() - startMs).toBeLessThan(10_000);
  for (const answer of answers) {
    expect([answer.status, answer.headers.get('x-tollgate-error')]).toEqual([503, 'ledger_unavailable']);
  }
  expect(tollgate.openai.received).toHaveLength(1);
  const { ledgerHealthy } = await tollgate.client.engine.status();
  expect(ledgerHealthy).toBe(false);
  expect((await tollgate.client.apps.list()).apps).toMatchObject([{ limits: [{ held: 0 }] }]);

  await letGo();
  await until(async () => (await tollgate.client.engine.status()).ledgerHealthy);
  expect((await send()).status).toBe(200);
  const { total } = await tollgate.client.usage.report({ by: 'app' });
  expect(total).toMatchObject({ requests: 2, refused: 3, costNanoUsd: tollgate.openai.bill.totalNanoUsd() });
});
