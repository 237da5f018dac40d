import { afterEach, expect, test } from 'vitest';
import { alertsOf, ask, lookedAt, untilAlerts } from '../../helpers/alerts.ts';
import {
  CANARY_KEY,
  openTollgate,
  type Tollgate,
  type TollgateOptions,
} from '../../helpers/open-tollgate.ts';

const NOON_MS = Date.UTC(2026, 10, 23, 12);
const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;

let tollgate: Tollgate;
let nowMs = NOON_MS;
afterEach(() => tollgate.close());

async function open(options: TollgateOptions = {}): Promise<void> {
  nowMs = NOON_MS;
  tollgate = await openTollgate({ now: () => nowMs, ...options, config: { zone: 'UTC', ...options.config } });
}

const chat = async (token: string, more: object = {}): Promise<number> => {
  const answer = await tollgate.post(token, '/chat/completions', {
    model: 'gpt-5.4-mini',
    messages: [{ role: 'user', content: 'Hello' }],
    ...more,
  });
  await answer.arrayBuffer();
  return answer.status;
};

test('an unknown token, once however often it is tried', async () => {
  await open();
  for (let time = 0; time < 5; time += 1) expect(await chat(`tg_${'a'.repeat(43)}`)).toBe(401);
  const alerts = await untilAlerts(tollgate, 1);
  expect(alerts).toMatchObject([{ kind: 'unknown-token', severity: 'warning', app: null }]);
  expect(JSON.stringify(alerts)).not.toContain('aaaa');
});

test('a real key that was sent here, without a character of it', async () => {
  await open();
  const other = 'sk-proj-SomebodyElsesSomebodyElses0123456789';
  for (const key of [CANARY_KEY, other]) expect(await chat(key)).toBe(401);
  const alerts = await untilAlerts(tollgate, 1, 'real-key');
  expect(alerts).toMatchObject([{ kind: 'real-key', severity: 'critical' }]);
  expect(JSON.stringify(alerts)).not.toMatch(/HeldBy|Somebody/);
});

test('a key that OpenAI rejects, and not again for what is refused because of it', async () => {
  await open();
  const token = await tollgate.createApp('notebook', ['usd=5/day']);
  tollgate.openai.setKey('sk-proj-another-one-another-one-another-one');
  await chat(token);
  await chat(token);
  const alerts = await untilAlerts(tollgate, 1, 'key-rejected');
  expect(alerts).toHaveLength(1);
  expect(alerts).toMatchObject([{ severity: 'critical', title: 'OpenAI rejects the key' }]);
});

test('a model without a price: refused under a limit of dollars, unknown without', async () => {
  await open();
  const capped = await tollgate.createApp('capped', ['usd=5/day']);
  const free = await tollgate.createApp('free', ['requests=100/day']);
  await chat(capped, { model: '<b>new</b>-model' });
  await chat(free, { model: 'other-new-model' });
  const alerts = await untilAlerts(tollgate, 1, 'unpriced-model');
  expect(alerts).toEqual(
    expect.arrayContaining([
      expect.objectContaining({
        app: 'capped',
        severity: 'warning',
        title: 'capped uses <b>new</b>-model, which has no price',
      }),
    ]),
  );
});

test('refusals in bulk, by the numbers of the settings', async () => {
  await open();
  await tollgate.client.alerts.change({ thresholds: [], refusals: { count: 6, minutes: 5 } });
  const token = await tollgate.createApp('loop', ['requests=1/day']);
  for (let time = 0; time < 6; time += 1) await ask(tollgate, token);
  await lookedAt();
  expect(await alertsOf(tollgate, 'refusals')).toEqual([]);
  await ask(tollgate, token);
  const [alert] = await untilAlerts(tollgate, 1, 'refusals');
  expect(alert).toMatchObject({
    app: 'loop',
    severity: 'warning',
    title: '6 requests of loop were refused in 5 minutes',
  });
  expect(alert?.detail).toContain('quota_exceeded');
  // Old ones are forgotten, and what was told is quiet for as long.
  nowMs += 6 * MINUTE_MS;
  for (let time = 0; time < 5; time += 1) await ask(tollgate, token);
  await lookedAt();
  const again = await alertsOf(tollgate, 'refusals');
  expect(again).toHaveLength(1);
  expect(again[0]?.count).toBe(6);
});

test('an hour that costs many times the usual one', async () => {
  await open({ openai: { outputTokens: { min: 20, max: 20 } } });
  const { client } = tollgate;
  await client.alerts.change({ thresholds: [], unusual: { factor: 3, minNanoUsd: 1 } });
  const token = await tollgate.createApp('steady', ['usd=100/month']);
  for (let hour = 0; hour < 8; hour += 1) {
    await chat(token, { max_completion_tokens: 20 });
    nowMs += HOUR_MS;
  }
  await lookedAt();
  expect(await alertsOf(tollgate, 'unusual-spend')).toEqual([]);
  for (let time = 0; time < 6; time += 1) await chat(token, { max_completion_tokens: 20 });
  await lookedAt();
  nowMs += 2 * MINUTE_MS;
  await chat(token, { max_completion_tokens: 20 });
  const alerts = await untilAlerts(tollgate, 1, 'unusual-spend');
  expect(alerts).toMatchObject([{ app: 'steady', severity: 'warning' }]);
  expect(alerts[0]?.title).toMatch(/^steady spends [3-9] times the usual$/);
});

test('a limit that will be used up before it resets, and the same in the forecast', async () => {
  await open();
  const token = await tollgate.createApp('runaway', ['requests=100/day']);
  for (let time = 0; time < 30; time += 1) {
    await ask(tollgate, token);
    nowMs += 4 * MINUTE_MS;
  }
  await lookedAt();
  await ask(tollgate, token);
  const [alert] = await untilAlerts(tollgate, 1, 'forecast');
  expect(alert).toMatchObject({ app: 'runaway', severity: 'warning', limit: { amount: 100, window: 'day' } });
  expect(alert?.title).toMatch(/^runaway will use up 100 requests a day about 2026-11-23 /);
  const { forecasts } = await tollgate.client.usage.forecast({ app: 'runaway' });
  const [forecast] = forecasts;
  expect(forecast).toMatchObject({ state: 'reaches', limit: { app: 'runaway', settled: 31 } });
  const reachesMs = Date.parse(forecast?.reachesAt ?? '');
  expect(reachesMs).toBeGreaterThan(nowMs);
  expect(reachesMs).toBeLessThan(Date.UTC(2026, 10, 24));
  // About fifteen an hour, and 69 left: four and a half hours.
  expect((reachesMs - nowMs) / HOUR_MS).toBeGreaterThan(2);
  expect((reachesMs - nowMs) / HOUR_MS).toBeLessThan(8);
});
