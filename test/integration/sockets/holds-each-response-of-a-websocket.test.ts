import { afterEach, beforeEach, expect, test } from 'vitest';
import { openTollgate, type Tollgate } from '../../helpers/open-tollgate.ts';
import { openTestSocket, type SocketRefused, type TestSocket } from '../../helpers/test-socket.ts';
import { until } from '../../helpers/until.ts';
import { requestsOf, totalOf } from './socket-ledger.ts';

let tollgate: Tollgate;
beforeEach(async () => {
  tollgate = await openTollgate();
});
afterEach(() => tollgate.close());

const CREATE = { type: 'response.create', model: 'gpt-5.4-mini', input: 'Say something.' };

function connect(token: string): Promise<TestSocket> {
  return openTestSocket(tollgate.baseUrl, '/responses', { headers: { authorization: `Bearer ${token}` } });
}

/** Instead of the tollgate of the test, one whose OpenAI takes its time. */
async function reopen(tokensPerSecond: number, tokens: number): Promise<void> {
  await tollgate.close();
  tollgate = await openTollgate({
    openai: { tokensPerSecond, outputTokens: { min: tokens, max: tokens } },
  });
}

test('a response that does not fit is refused inside the socket, the next one that fits is answered', async () => {
  const token = await tollgate.createApp('bot', ['usd=0.05/day']);
  const socket = await connect(token);
  socket.send({ ...CREATE, max_output_tokens: 100_000 });
  const refused = await socket.next('error');
  expect(refused).toMatchObject({ status: 429, error: { code: 'insufficient_quota' } });
  expect(tollgate.openai.receivedFrames).toEqual([]);
  socket.send(CREATE);
  await socket.next('response.completed');
  expect(await requestsOf(tollgate, 2)).toMatchObject([
    { outcome: 'refused', reason: 'quota_exceeded', status: 429 },
    { outcome: 'settled' },
  ]);
});

test('near the cap the length of the answer is put into the frame', async () => {
  const token = await tollgate.createApp('bot', ['usd=0.01/day']);
  const socket = await connect(token);
  socket.send({ ...CREATE, stream_id: 'a' });
  await socket.next('response.completed');
  const [sent] = tollgate.openai.receivedFrames;
  const frame = JSON.parse(sent?.text ?? '{}');
  expect(frame).toMatchObject({ ...CREATE, stream_id: 'a' });
  expect(frame.max_output_tokens).toBeGreaterThanOrEqual(256);
  expect(frame.max_output_tokens).toBeLessThan(2_000);
});

test('twenty streams on a small budget: what fits is answered, and the cap holds', async () => {
  const token = await tollgate.createApp('bot', ['usd=0.003/day']);
  const socket = await connect(token);
  for (let at = 0; at < 20; at += 1) {
    socket.send({ ...CREATE, input: `${at}`, max_output_tokens: 300, stream_id: `s${at}` });
  }
  await until(
    () => socket.frames.filter(({ type }) => type === 'response.completed' || type === 'error').length === 20,
    10_000,
  );
  const requests = await requestsOf(tollgate, 20);
  expect(requests.some(({ outcome }) => outcome === 'refused')).toBe(true);
  expect(requests.some(({ outcome }) => outcome === 'settled')).toBe(true);
  expect(await totalOf(tollgate)).toBe(tollgate.openai.bill.totalNanoUsd());
  expect(tollgate.openai.bill.totalNanoUsd()).toBeLessThanOrEqual(3_000_000);
});

test.each([
  ['paused', (name: string) => tollgate.client.apps.pause({ app: name }), 'app_paused'],
  ['removed', (name: string) => tollgate.client.apps.remove({ app: name }), 'invalid_api_key'],
  ['given another token', (name: string) => tollgate.client.apps.rotate({ app: name }), 'invalid_api_key'],
])('A30 when its app is %s, the socket is told so and closed, and OpenAI stops', async (_name, act, code) => {
  await reopen(50, 2_000);
  const token = await tollgate.createApp('bot', ['usd=5/day']);
  const socket = await connect(token);
  socket.send({ ...CREATE, model: 'gpt-4o' });
  await socket.next('response.output_text.delta');
  await act('bot');
  expect((await socket.next('error')).error).toMatchObject({ code });
  expect(await socket.closed()).toBe(1008);
  await until(() => tollgate.openai.bill.rows.length === 1);
  const billed = tollgate.openai.bill.totalNanoUsd();
  await until(async () => (await totalOf(tollgate)) >= billed);
  expect(tollgate.openai.bill.rows[0]).toMatchObject({ status: 'aborted' });
  expect((await tollgate.client.engine.holds()).holds).toEqual([]);
});

test('an open hold of a socket is shown', async () => {
  await reopen(50, 2_000);
  const token = await tollgate.createApp('bot', ['usd=5/day']);
  const socket = await connect(token);
  socket.send({ ...CREATE, model: 'gpt-4o' });
  await socket.next('response.output_text.delta');
  expect((await tollgate.client.engine.holds()).holds).toMatchObject([
    { app: 'bot', endpoint: '/v1/responses', model: 'gpt-4o', state: 'answering' },
  ]);
  socket.ws.close();
  await until(async () => (await tollgate.client.engine.holds()).holds.length === 0);
});

test('an app that drains has its answer read to the end', async () => {
  await reopen(2_000, 200);
  const token = await tollgate.createApp('bot', ['usd=5/day'], { onAbort: 'drain' });
  const socket = await connect(token);
  socket.send({ ...CREATE, model: 'gpt-4o' });
  await socket.next('response.output_text.delta');
  socket.ws.close();
  expect(await requestsOf(tollgate, 1)).toMatchObject([{ outcome: 'settled' }]);
  expect(await totalOf(tollgate)).toBe(tollgate.openai.bill.totalNanoUsd());
  expect(tollgate.openai.bill.rows).toMatchObject([{ status: 'completed' }]);
});

test('F23 with another key a socket ends when its answer has ended', async () => {
  await reopen(2_000, 200);
  const token = await tollgate.createApp('bot', ['usd=5/day']);
  const socket = await connect(token);
  socket.send({ ...CREATE, model: 'gpt-4o' });
  await socket.next('response.output_text.delta');
  const key = 'sk-proj-AnotherKeyOfTheSameAccount00000000';
  tollgate.openai.setKey(key);
  await tollgate.client.keys.set({ key, verify: true });
  await socket.next('response.completed');
  expect(await socket.closed()).toBe(1001);
  expect(await requestsOf(tollgate, 1)).toMatchObject([{ outcome: 'settled' }]);
  const again = await connect(token);
  again.send(CREATE);
  await again.next('response.completed');
});

test('an idle socket does not hold up the end of the engine', async () => {
  const token = await tollgate.createApp('bot');
  const socket = await connect(token);
  const before = performance.now();
  await tollgate.engine.close();
  expect(performance.now() - before).toBeLessThan(1_500);
  expect(await socket.closed()).toBe(1001);
});

test('an app has no more sockets than it may have requests', async () => {
  const token = await tollgate.createApp('bot', [], { concurrency: 2 });
  const [first] = [await connect(token), await connect(token)];
  const refused = await connect(token).catch((error: SocketRefused) => error);
  expect(refused).toMatchObject({ status: 429 });
  first?.ws.close();
  await until(async () =>
    connect(token).then(
      () => true,
      () => false,
    ),
  );
});

test('requests a minute count the responses on a socket', async () => {
  const token = await tollgate.createApp('bot', [], { rpm: 2 });
  const socket = await connect(token);
  for (let at = 0; at < 3; at += 1) socket.send({ ...CREATE, stream_id: `s${at}` });
  expect((await socket.next('error')).error).toMatchObject({ code: 'rate_limit_exceeded' });
  await socket.next('response.completed');
  await socket.next('response.completed');
});

test('an app that observes is told of nothing, and what it would have been refused is noted', async () => {
  await tollgate.client.apps.create({
    name: 'watched',
    mode: 'observe',
    limits: [{ metric: 'usd', amount: 1_000, window: 'day', enforce: 'hard' }],
  });
  const { token } = await tollgate.client.apps.rotate({ app: 'watched' });
  const socket = await connect(token);
  socket.send(CREATE);
  await socket.next('response.completed');
  expect(await requestsOf(tollgate, 1)).toMatchObject([
    { outcome: 'settled', reason: 'would_refuse:usd/day' },
  ]);
});
