import { afterEach, expect, test } from 'vitest';
import { ask } from '../../helpers/alerts.ts';
import { temporaryDir } from '../../helpers/ledger-files.ts';
import { openTollgate, type Tollgate } from '../../helpers/open-tollgate.ts';
import { until } from '../../helpers/until.ts';

const NOON_MS = Date.UTC(2026, 10, 23, 12);
const HOUR_MS = 3_600_000;

let tollgate: Tollgate;
/** Added to the clock, which goes on. */
let offsetMs = 0;
let startMs = performance.now();
afterEach(() => tollgate.close());

async function open(dataDir?: string): Promise<void> {
  offsetMs = 0;
  startMs = performance.now();
  tollgate = await openTollgate({
    now: () => NOON_MS + offsetMs + Math.floor(performance.now() - startMs),
    config: { zone: 'UTC' },
    openai: { tokensPerSecond: 20 },
    ...(dataDir === undefined ? {} : { dataDir }),
  });
}

test('every app is refused and every stream cut, and who was paused before stays so', async () => {
  await open();
  const { client } = tollgate;
  const tokens = [
    await tollgate.createApp('one', ['usd=5/day']),
    await tollgate.createApp('two', ['usd=5/day']),
  ];
  await client.apps.pause({ app: 'two' });
  const stream = await tollgate.post(tokens[0] ?? '', '/chat/completions', {
    model: 'gpt-5.4-mini',
    stream: true,
    max_completion_tokens: 400,
    messages: [{ role: 'user', content: 'Count' }],
  });
  const reader = stream.body?.getReader();
  await reader?.read();
  const status = await client.engine.pauseAll({});
  expect(status.paused).toEqual({ since: expect.stringContaining('2026-11-23T12:00'), until: null });
  const rest = async (): Promise<void> => {
    for (;;) if ((await reader?.read())?.done !== false) return;
  };
  await rest().catch(() => undefined);
  await until(async () => (await client.engine.status()).inFlight === 0);
  for (const token of tokens) expect(await ask(tollgate, token)).toBeGreaterThanOrEqual(400);
  const { requests } = await client.requests.list({ app: 'one' });
  expect(requests.at(-1)).toMatchObject({ outcome: 'estimated', streamed: true });
  expect(requests[0]).toMatchObject({ outcome: 'refused' });
  expect((await client.engine.resumeAll()).paused).toBeNull();
  expect(await ask(tollgate, tokens[0] ?? '')).toBe(200);
  expect(await ask(tollgate, tokens[1] ?? '')).toBeGreaterThanOrEqual(400);
});

test('until a time it ends by itself', async () => {
  await open();
  const { client } = tollgate;
  const token = await tollgate.createApp('one', ['usd=5/day']);
  const until2 = new Date(NOON_MS + Math.floor(performance.now() - startMs) + 1_200).toISOString();
  const { paused } = await client.engine.pauseAll({ until: until2 });
  expect(paused?.until).not.toBeNull();
  expect(await ask(tollgate, token)).toBeGreaterThanOrEqual(400);
  await until(async () => (await client.engine.status()).paused === null);
  expect(await ask(tollgate, token)).toBe(200);
});

test('it outlives the engine, unless its time has passed meanwhile', async () => {
  const dir = temporaryDir();
  await open(dir);
  const token = await tollgate.createApp('one', ['usd=5/day']);
  await tollgate.client.engine.pauseAll({ until: '1h' });
  await tollgate.close();
  await open(dir);
  expect((await tollgate.client.engine.status()).paused).not.toBeNull();
  expect(await ask(tollgate, token)).toBeGreaterThanOrEqual(400);
  await tollgate.close();
  startMs = performance.now();
  tollgate = await openTollgate({ now: () => NOON_MS + 2 * HOUR_MS, config: { zone: 'UTC' }, dataDir: dir });
  expect((await tollgate.client.engine.status()).paused).toBeNull();
  expect(await ask(tollgate, token)).toBe(200);
});

test.each(['yesterday', '2020-01-01', '-1h', '999w', ''])('%j is no time to pause until', async (text) => {
  await open();
  await expect(tollgate.client.engine.pauseAll({ until: text })).rejects.toMatchObject({
    code: 'input_invalid',
  });
  expect((await tollgate.client.engine.status()).paused).toBeNull();
});
