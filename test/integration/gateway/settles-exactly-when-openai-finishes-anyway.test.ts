import { setTimeout as delay } from 'node:timers/promises';
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { lastBill, onlyRowOf, untilIdle } from '../../helpers/ledger.ts';
import { openTollgate, type Tollgate } from '../../helpers/open-tollgate.ts';
import { until } from '../../helpers/until.ts';
import { openUpstreamServer } from '../../helpers/upstream-server.ts';

let tollgate: Tollgate;
beforeAll(async () => {
  tollgate = await openTollgate({ openai: { tokensPerSecond: 400, firstTokenMs: 500 } });
});
afterAll(() => tollgate.close());
afterEach(() => tollgate.openai.faults.clear());

const body = { model: 'gpt-5.4-mini', messages: [{ role: 'user', content: 'Write 100 tokens' }] };

/** Sends a request and leaves as soon as OpenAI has it. */
async function leaveAtOnce(token: string, path: string, json: object): Promise<void> {
  const { received } = tollgate.openai;
  const before = received.length;
  const leave = new AbortController();
  const answer = tollgate
    .post(token, path, json, { signal: leave.signal })
    .catch((error: Error) => error.name);
  await until(() => received.length > before);
  leave.abort();
  expect(await answer).toBe('AbortError');
}

test('A42 a whole answer nobody waits for any more costs exactly what it costs', async () => {
  const token = await tollgate.createApp('whole', ['usd=1/day']);
  await leaveAtOnce(token, '/chat/completions', body);
  await untilIdle(tollgate);
  expect(lastBill(tollgate).status).toBe('completed');
  expect(await onlyRowOf(tollgate, 'whole')).toMatchObject({
    outcome: 'settled',
    costNanoUsd: lastBill(tollgate).costNanoUsd,
  });
});

test('A42 it keeps its place and its hold until then', async () => {
  const token = await tollgate.createApp('place', ['usd=1/day'], { concurrency: 1 });
  await leaveAtOnce(token, '/chat/completions', body);
  expect((await tollgate.post(token, '/chat/completions', body)).status).toBe(429);
  const { limits } = await tollgate.client.apps.get({ app: 'place' });
  expect(limits[0]?.held).toBeGreaterThan(0);
  await untilIdle(tollgate);
  expect((await tollgate.post(token, '/chat/completions', body)).status).toBe(200);
});

test('A42 a large answer whose client leaves in the middle is read to its end', async () => {
  const token = await tollgate.createApp('large', ['usd=1/day']);
  const leave = new AbortController();
  // About 20 MB, more than is held back for the header with the cost.
  const input = Array.from({ length: 330 }, (_, index) => `text ${index}`);
  const large = { model: 'text-embedding-3-large', input };
  const answer = await tollgate.post(token, '/embeddings', large, { signal: leave.signal });
  const reader = answer.body?.getReader();
  await reader?.read();
  leave.abort();
  await untilIdle(tollgate);
  expect(await onlyRowOf(tollgate, 'large')).toMatchObject({
    outcome: 'settled',
    costNanoUsd: lastBill(tollgate).costNanoUsd,
  });
});

test.for([
  ['/chat/completions', body],
  ['/responses', { model: 'gpt-5.4-mini', input: 'Write 100 tokens' }],
] as const)(
  'A42 an app that drains what it abandons settles a stream of %s exactly',
  async ([path, json]) => {
    const name = `drain-${path.replaceAll('/', '-')}`;
    const token = await tollgate.createApp(name, ['usd=1/day'], { onAbort: 'drain' });
    await leaveAtOnce(token, path, { ...json, stream: true });
    await untilIdle(tollgate);
    expect(lastBill(tollgate).status).toBe('completed');
    expect(await onlyRowOf(tollgate, name)).toMatchObject({
      outcome: 'settled',
      reason: null,
      costNanoUsd: lastBill(tollgate).costNanoUsd,
    });
  },
);

test('A42 speech that nobody hears any more costs what its characters cost', async () => {
  const token = await tollgate.createApp('speech', ['usd=1/day']);
  await leaveAtOnce(token, '/audio/speech', { model: 'tts-1', voice: 'alloy', input: 'Halt!' });
  await untilIdle(tollgate);
  expect(await onlyRowOf(tollgate, 'speech')).toMatchObject({
    outcome: 'settled',
    costNanoUsd: lastBill(tollgate).costNanoUsd,
  });
});

test('A42 a refusal of OpenAI that nobody waits for to end costs nothing', async () => {
  let refused = 0;
  const upstream = await openUpstreamServer((_req, res) => {
    res.writeHead(429, { 'content-type': 'application/json' }).write('{"error":', () => {
      refused += 1;
    });
  });
  const other = await openTollgate({ config: { upstream: upstream.baseUrl } });
  const token = await other.createApp('refused', ['usd=1/day']);
  const leave = new AbortController();
  const answer = other
    .post(token, '/chat/completions', { ...body, stream: true }, { signal: leave.signal })
    .catch((error: Error) => error.name);
  await until(() => refused === 1);
  // Until the proxy has read it, too.
  await delay(50);
  leave.abort();
  expect(await answer).toBe('AbortError');
  await untilIdle(other);
  expect(await onlyRowOf(other, 'refused')).toMatchObject({ costNanoUsd: 0, outcome: 'voided' });
  await other.close();
  await upstream.close();
});
