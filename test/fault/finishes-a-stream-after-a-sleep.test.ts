import { setTimeout as sleep } from 'node:timers/promises';
import { expect, onTestFinished, test } from 'vitest';
import { CHAT, openEngineHome, post } from '../helpers/engine-home.ts';
import { openTollgate } from '../helpers/open-tollgate.ts';
import { until } from '../helpers/until.ts';

const EIGHT_HOURS_MS = 8 * 3_600_000;

test('F13 eight hours pass in a stream: it ends, and belongs to the day on which it began', async () => {
  const clock = { nowMs: Date.UTC(2026, 10, 23, 20) };
  const tollgate = await openTollgate({
    now: () => clock.nowMs,
    config: { zone: 'UTC' },
    openai: { tokensPerSecond: 100, outputTokens: { min: 40, max: 40 } },
  });
  onTestFinished(() => tollgate.close());
  const token = await tollgate.createApp('tool', ['usd=1/day']);
  const response = await tollgate.post(token, '/chat/completions', { ...CHAT, stream: true });
  const reader = response.body?.getReader();
  await reader?.read();
  clock.nowMs += EIGHT_HOURS_MS;
  let text = '';
  for (let part = await reader?.read(); part && !part.done; part = await reader?.read()) {
    text += Buffer.from(part.value).toString();
  }
  expect(text).toContain('[DONE]');
  await until(async () => (await tollgate.client.engine.status()).inFlight === 0);
  const { requests } = await tollgate.client.requests.list({});
  expect(requests).toMatchObject([
    { outcome: 'settled', at: '2026-11-23T20:00:00.000Z', costNanoUsd: tollgate.openai.bill.totalNanoUsd() },
  ]);
  expect((await tollgate.client.apps.get({ app: 'tool' })).limits).toMatchObject([
    { settled: 0, held: 0, resetsAt: '2026-11-25T00:00+00:00' },
  ]);
});

test('F13 an engine that is stopped in a stream and goes on later finishes and settles it', async () => {
  const home = await openEngineHome({ openai: { tokensPerSecond: 100, outputTokens: { min: 60, max: 60 } } });
  const served = await home.start();
  const token = await home.createApp('tool', ['usd=1/day']);
  const response = await post(served, token, '/chat/completions', { ...CHAT, stream: true });
  const reader = response.body?.getReader();
  await reader?.read();
  process.kill(served.pid, 'SIGSTOP');
  await sleep(1_200);
  process.kill(served.pid, 'SIGCONT');
  let text = '';
  for (let part = await reader?.read(); part && !part.done; part = await reader?.read()) {
    text += Buffer.from(part.value).toString();
  }
  expect(text).toContain('[DONE]');
  await until(async () => (await home.control((client) => client.engine.status())).inFlight === 0);
  const bill = home.openai.bill.totalNanoUsd();
  expect(await home.requests()).toMatchObject([{ outcome: 'settled', costNanoUsd: bill }]);
  expect((await post(served, token, '/chat/completions', CHAT)).status).toBe(200);
});
