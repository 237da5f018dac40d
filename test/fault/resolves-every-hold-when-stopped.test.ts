import { connect } from 'node:net';
import { expect, test } from 'vitest';
import { CHAT, openEngineHome, post } from '../helpers/engine-home.ts';
import { readLedger, recount, rollup } from '../helpers/ledger-files.ts';
import { openTollgate } from '../helpers/open-tollgate.ts';
import { until } from '../helpers/until.ts';

const STREAMS = 50;

async function isListening(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1');
    socket.once('connect', () => {
      socket.destroy();
      resolve(true);
    });
    socket.once('error', () => resolve(false));
  });
}

test(`F17 SIGTERM with ${STREAMS} streams: those that are near their end finish, the others are cut, exit 0`, async () => {
  const home = await openEngineHome({
    openai: { tokensPerSecond: 100, outputTokens: { min: 2_000, max: 2_000 } },
  });
  const served = await home.start();
  const token = await home.createApp('tool', ['usd=50/day']);
  const port = Number(new URL(served.baseUrl).port);
  const long = Array.from({ length: STREAMS - 10 }, () =>
    post(served, token, '/chat/completions', { ...CHAT, stream: true }),
  );
  const short = Array.from({ length: 10 }, () =>
    post(served, token, '/chat/completions', { ...CHAT, stream: true, max_completion_tokens: 150 }),
  );
  const responses = await Promise.all([...long, ...short]);
  const texts = responses.map((response) => response.text());
  await until(() => home.openai.received.length === STREAMS);

  const exit = served.stop('SIGTERM');
  await until(async () => !(await isListening(port)));
  const ended = await Promise.all(texts);
  expect(await exit).toBe(0);
  expect(served.stderr()).not.toMatch(/error/i);
  for (const text of ended.slice(-10)) expect(text).toContain('[DONE]');
  for (const text of ended.slice(0, -10)) expect(text).toContain('shutting_down');

  await until(() => home.openai.bill.rows.length === STREAMS);
  readLedger(home.dir, (db) => {
    const count = db.prepare('SELECT outcome, count(*) FROM requests GROUP BY 1 ORDER BY 1').raw().all();
    expect(count).toEqual([
      ['estimated', STREAMS - 10],
      ['settled', 10],
    ]);
    expect(rollup(db)).toEqual(recount(db));
    const total = db.prepare('SELECT sum(cost_nano) FROM requests').pluck().get();
    expect(total).toBeGreaterThanOrEqual(home.openai.bill.totalNanoUsd());
  });
  await home.start();
  expect((await home.requests()).filter(({ outcome }) => outcome === 'charged-at-bound')).toEqual([]);
});

test('F17 requests of every kind that are under way at the end leave no hold behind', async () => {
  const tollgate = await openTollgate({
    dataDir: (await openEngineHome()).dir,
    config: { drainMs: 50, queueMs: 10_000 },
    openai: { firstTokenMs: 600, tokensPerSecond: 20, outputTokens: { min: 400, max: 400 } },
  });
  const token = await tollgate.createApp('tool', ['usd=1/day']);
  const tight = await tollgate.createApp('tight', ['requests=1/day']);
  const settled = Promise.allSettled([
    tollgate.post(token, '/chat/completions', CHAT).then((response) => response.text()),
    tollgate.post(token, '/chat/completions', { ...CHAT, stream: true }).then((response) => response.text()),
    tollgate.post(tight, '/chat/completions', { ...CHAT, stream: true }).then((response) => response.text()),
    // Waits for the one before it, which does not end in time.
    tollgate.post(tight, '/chat/completions', CHAT).then((response) => response.text()),
  ]);
  await until(() => tollgate.openai.received.length === 3);
  await until(async () => (await tollgate.client.engine.status()).inFlight === 4);
  await tollgate.close();
  await settled;
  readLedger(tollgate.dataDir, (db) => {
    expect(db.prepare("SELECT count(*) FROM requests WHERE outcome = 'open'").pluck().get()).toBe(0);
    expect(db.prepare("SELECT count(*) FROM requests WHERE outcome <> 'refused'").pluck().get()).toBe(3);
    expect(rollup(db)).toEqual(recount(db));
    const total = db.prepare('SELECT sum(cost_nano) FROM requests').pluck().get();
    expect(total).toBeGreaterThanOrEqual(tollgate.openai.bill.totalNanoUsd());
  });
});
