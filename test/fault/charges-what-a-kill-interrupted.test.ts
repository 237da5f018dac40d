import { once } from 'node:events';
import { createServer } from 'node:net';
import { expect, test } from 'vitest';
import { CHAT, type EngineHome, openEngineHome, post } from '../helpers/engine-home.ts';
import { readLedger, recount, rollup } from '../helpers/ledger-files.ts';
import { until } from '../helpers/until.ts';

/** The one row that a killed engine has left, after two restarts: a second one must not charge again. */
async function rowAfterRestarts(home: EngineHome) {
  const rows = [];
  for (let restart = 0; restart < 2; restart += 1) {
    const served = await home.start();
    rows.push(await home.requests());
    const { limits } = await home.control((client) => client.apps.get({ app: 'tool' }));
    const { total } = await home.control((client) => client.usage.report({ by: 'app' }));
    expect(limits).toMatchObject([{ settled: total.costNanoUsd, held: 0 }]);
    await served.stop('SIGKILL');
    readLedger(home.dir, (db) => {
      expect(db.pragma('quick_check', { simple: true })).toBe('ok');
      expect(rollup(db)).toEqual(recount(db));
    });
  }
  expect(rows[1]).toEqual(rows[0]);
  const [row, second] = rows[0] ?? [];
  if (!row || second) throw new Error('there is not exactly one row');
  return row;
}

test('F01 killed after the hold and before a byte went upstream: charged at the bound', async () => {
  // Takes connections and never speaks TLS: the request waits for its connection for ever.
  const silent = createServer().listen(0, '127.0.0.1');
  await once(silent, 'listening');
  const { port } = silent.address() as { port: number };
  const connected = once(silent, 'connection');
  const home = await openEngineHome({ upstream: `https://127.0.0.1:${port}/v1` });
  const served = await home.start();
  const token = await home.createApp('tool', ['usd=1/day']);
  const answer = expect(post(served, token, '/chat/completions', CHAT)).rejects.toThrow();
  await connected;
  expect(await home.requests()).toMatchObject([{ outcome: 'open', costNanoUsd: null }]);
  await served.stop('SIGKILL');
  await answer;
  const row = await rowAfterRestarts(home);
  expect(row).toMatchObject({
    outcome: 'charged-at-bound',
    reason: 'interrupted',
    costNanoUsd: row.holdNanoUsd,
  });
  expect(row.costNanoUsd).toBeGreaterThan(0);
  silent.close();
});

test('F02 killed in the middle of a stream: charged at the bound, which is above what was billed', async () => {
  const home = await openEngineHome({
    openai: { tokensPerSecond: 50, outputTokens: { min: 400, max: 400 } },
  });
  const served = await home.start();
  const token = await home.createApp('tool', ['usd=1/day']);
  const response = await post(served, token, '/chat/completions', { ...CHAT, stream: true });
  const reader = response.body?.getReader();
  for (let delta = 0; delta < 5; delta += 1) await reader?.read();
  await served.stop('SIGKILL');
  await expect(reader?.closed).rejects.toThrow();
  await until(() => home.openai.bill.rows.length === 1);
  const row = await rowAfterRestarts(home);
  expect(row).toMatchObject({ outcome: 'charged-at-bound', reason: 'interrupted', streamed: true });
  expect(row.id).toBe(response.headers.get('x-tollgate-request-id'));
  expect(row.costNanoUsd).toBe(row.holdNanoUsd);
  expect(home.openai.bill.totalNanoUsd()).toBeGreaterThan(0);
  expect(row.costNanoUsd).toBeGreaterThanOrEqual(home.openai.bill.totalNanoUsd());
});

test('F03 killed when OpenAI had finished but nothing was settled: charged at the bound', async () => {
  const home = await openEngineHome({ openai: { firstTokenMs: 400 } });
  const served = await home.start();
  const token = await home.createApp('tool', ['usd=1/day']);
  const answer = expect(post(served, token, '/chat/completions', CHAT)).rejects.toThrow();
  await until(() => home.openai.received.length === 1);
  // Stopped, so that the answer arrives and nobody reads it.
  process.kill(served.pid, 'SIGSTOP');
  await until(() => home.openai.bill.rows.length === 1);
  await served.stop('SIGKILL');
  await answer;
  expect(home.openai.bill.rows).toMatchObject([{ status: 'completed' }]);
  const row = await rowAfterRestarts(home);
  expect(row).toMatchObject({ outcome: 'charged-at-bound', costNanoUsd: row.holdNanoUsd });
  expect(row.costNanoUsd).toBeGreaterThanOrEqual(home.openai.bill.totalNanoUsd());
});
