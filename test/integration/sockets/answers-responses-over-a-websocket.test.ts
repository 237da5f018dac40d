import { ResponsesWS } from 'openai/resources/responses/ws';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { openTollgate, type Tollgate } from '../../helpers/open-tollgate.ts';
import { openTestSocket, type TestSocket } from '../../helpers/test-socket.ts';
import { until } from '../../helpers/until.ts';
import { requestsOf, totalOf } from './socket-ledger.ts';

let tollgate: Tollgate;
beforeEach(async () => {
  tollgate = await openTollgate();
});
afterEach(() => tollgate.close());

const CREATE = { type: 'response.create', model: 'gpt-5.4-mini', input: 'Say something.' };

function connect(token: string, headers: Record<string, string> = {}): Promise<TestSocket> {
  return openTestSocket(tollgate.baseUrl, '/responses', {
    headers: { authorization: `Bearer ${token}`, ...headers },
  });
}

test('each response on the socket is a request of its own, charged to the nano-dollar', async () => {
  const token = await tollgate.createApp('bot', ['usd=5/day']);
  const socket = await connect(token);
  socket.send(CREATE);
  const first = await socket.next('response.completed');
  socket.send({ ...CREATE, input: 'More.', previous_response_id: first.response.id });
  await socket.next('response.completed');
  const requests = await requestsOf(tollgate, 2);
  expect(requests).toMatchObject([
    { endpoint: '/v1/responses', outcome: 'settled', status: 200, app: 'bot' },
    { endpoint: '/v1/responses', outcome: 'settled', status: 200, app: 'bot' },
  ]);
  expect(await totalOf(tollgate)).toBe(tollgate.openai.bill.totalNanoUsd());
  expect(tollgate.openai.bill.rows).toHaveLength(2);
});

test('the official SDK speaks it', async () => {
  const token = await tollgate.createApp('bot', ['usd=5/day']);
  const ws = new ResponsesWS(tollgate.sdk(token));
  const done = new Promise<string>((resolve, reject) => {
    ws.on('response.completed', (event) => resolve(event.response.output_text));
    ws.on('error', reject);
  });
  ws.send({ type: 'response.create', model: 'gpt-5.4-mini', input: 'Say something.' });
  await done;
  ws.close();
  await until(async () => (await totalOf(tollgate)) === tollgate.openai.bill.totalNanoUsd());
});

test('what OpenAI receives has the key and nothing of the app', async () => {
  const token = await tollgate.createApp('bot');
  const socket = await openTestSocket(tollgate.baseUrl, '/responses?x=1', {
    headers: {
      authorization: `Bearer ${token}`,
      cookie: 'a=b',
      'openai-organization': 'org-mine',
      'openai-beta': 'responses_websockets=2026-02-06',
      'x-tollgate-user': 'ann',
    },
  });
  socket.send(CREATE);
  await socket.next('response.completed');
  const [upgrade] = tollgate.openai.received;
  const text = JSON.stringify(upgrade?.rawHeaders).toLowerCase();
  expect(upgrade?.path).toBe('/v1/responses?x=1');
  expect(text).toContain('responses_websockets=2026-02-06');
  expect(text).not.toContain(token);
  for (const absent of ['cookie', 'org-mine', 'x-tollgate', 'permessage-deflate']) {
    expect([absent, text.includes(absent)]).toEqual([absent, false]);
  }
  expect(await requestsOf(tollgate, 1)).toMatchObject([{ user: 'ann' }]);
});

test('streams of one socket are answered at the same time, each with its own hold', async () => {
  const token = await tollgate.createApp('bot', ['usd=5/day']);
  const socket = await connect(token);
  for (const stream of ['a', 'b', 'c']) socket.send({ ...CREATE, stream_id: stream });
  for (let count = 0; count < 3; count += 1) await socket.next('response.completed');
  const ended = socket.frames.filter(({ type }) => type === 'response.completed');
  expect(ended.map((frame) => frame.stream_id).sort()).toEqual(['a', 'b', 'c']);
  await requestsOf(tollgate, 3);
  expect(await totalOf(tollgate)).toBe(tollgate.openai.bill.totalNanoUsd());
});

test('a socket that is closed in the middle is charged no less than OpenAI bills', async () => {
  await tollgate.close();
  tollgate = await openTollgate({ openai: { tokensPerSecond: 100, outputTokens: { min: 300, max: 300 } } });
  const token = await tollgate.createApp('bot', ['usd=5/day']);
  const socket = await connect(token);
  socket.send(CREATE);
  await socket.next('response.output_text.delta');
  socket.ws.close();
  const [request] = await requestsOf(tollgate, 1);
  expect(request).toMatchObject({ outcome: 'estimated', reason: 'client_gone' });
  const billed = tollgate.openai.bill.totalNanoUsd();
  expect(billed).toBeGreaterThan(0);
  expect(request?.costNanoUsd).toBeGreaterThanOrEqual(billed);
  expect((await tollgate.client.engine.holds()).holds).toEqual([]);
});

test('an error before anything was answered costs nothing', async () => {
  const token = await tollgate.createApp('bot', ['usd=5/day']);
  const socket = await connect(token);
  socket.send({ ...CREATE, model: 'gpt-5.4-mini', input: 7 });
  expect((await socket.next('error'))['status']).toBe(400);
  expect(await requestsOf(tollgate, 1)).toMatchObject([{ outcome: 'voided', costNanoUsd: 0 }]);
  socket.send(CREATE);
  await socket.next('response.completed');
  await requestsOf(tollgate, 2);
  expect(await totalOf(tollgate)).toBe(tollgate.openai.bill.totalNanoUsd());
});

test.each([
  ['no JSON', 'hello', 'invalid_json'],
  ['a key twice', '{"type":"response.create","model":"a","model":"b","input":"x"}', 'invalid_json'],
  ['an unknown event', { type: 'response.steer', input: 'x' }, 'invalid_body'],
  ['a background response', { ...CREATE, background: true }, 'invalid_body'],
  ['a stream without a name', { ...CREATE, stream_id: 7 }, 'invalid_body'],
])('A36 %s is refused inside the socket, which stays open', async (_name, frame, code) => {
  const token = await tollgate.createApp('bot', ['usd=5/day']);
  const socket = await connect(token);
  socket.send(frame);
  expect((await socket.next('error')).error).toMatchObject({ code });
  expect(tollgate.openai.receivedFrames).toEqual([]);
  socket.send(CREATE);
  await socket.next('response.completed');
});

test('a binary frame ends the socket', async () => {
  const token = await tollgate.createApp('bot');
  const socket = await connect(token);
  socket.ws.send(Buffer.from(JSON.stringify(CREATE)), { binary: true });
  expect((await socket.next('error')).error).toMatchObject({ code: 'binary_frame' });
  expect(await socket.closed()).toBe(1003);
  expect(tollgate.openai.receivedFrames).toEqual([]);
});

test('filling the cache costs its input', async () => {
  const token = await tollgate.createApp('bot', ['usd=5/day']);
  const socket = await connect(token);
  socket.send({ ...CREATE, generate: false });
  await socket.next('response.completed');
  expect(await requestsOf(tollgate, 1)).toMatchObject([{ outcome: 'settled', outputTokens: 0 }]);
  expect(await totalOf(tollgate)).toBe(tollgate.openai.bill.totalNanoUsd());
});
