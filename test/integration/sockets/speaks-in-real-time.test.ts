import { afterEach, beforeEach, expect, test } from 'vitest';
import { pcmTone } from '../../../proxy/demo/sound.ts';
import { openTollgate, type Tollgate } from '../../helpers/open-tollgate.ts';
import { openTestSocket, type SocketRefused, type TestSocket } from '../../helpers/test-socket.ts';
import { until } from '../../helpers/until.ts';
import { requestsOf, totalOf } from './socket-ledger.ts';

let tollgate: Tollgate;
let token: string;
beforeEach(async () => {
  tollgate = await openTollgate();
  token = await tollgate.createApp('voice', ['usd=20/day']);
});
afterEach(() => tollgate.close());

const SECOND = 48_000;
const REALTIME = '/realtime?model=gpt-realtime-2';
const sound = (seconds: number): Buffer => pcmTone(seconds * SECOND);
const silence = (seconds: number): Buffer => Buffer.alloc(seconds * SECOND);
const append = (...parts: readonly Buffer[]) => ({
  type: 'input_audio_buffer.append',
  audio: Buffer.concat(parts).toString('base64'),
});
const say = (text: string) => ({
  type: 'conversation.item.create',
  item: { type: 'message', role: 'user', content: [{ type: 'input_text', text }] },
});
const input = (settings: object) => ({
  type: 'session.update',
  session: { type: 'realtime', audio: { input: settings } },
});

async function connect(
  path = REALTIME,
  appToken = token,
  headers: Record<string, string> = {},
): Promise<TestSocket> {
  const socket = await openTestSocket(tollgate.baseUrl, path, {
    headers: { authorization: `Bearer ${appToken}`, ...headers },
  });
  await socket.next('session.created');
  return socket;
}

async function expectExact(count: number): Promise<void> {
  const requests = await requestsOf(tollgate, count);
  expect(requests.map(({ outcome }) => outcome)).toEqual(requests.map(() => 'settled'));
  expect(await totalOf(tollgate)).toBe(tollgate.openai.bill.totalNanoUsd());
}

test('each response that is asked for is a request of its own, charged to the nano-dollar', async () => {
  const socket = await connect();
  for (const text of ['Hello.', 'And you?', 'Good.']) {
    socket.send(say(text));
    socket.send({ type: 'response.create', response: { output_modalities: ['text'] } });
    await socket.next('response.done');
  }
  await expectExact(3);
  expect(tollgate.openai.bill.rows).toHaveLength(3);
});

test('turns that OpenAI finds are answered as the client expects, with a hold taken before', async () => {
  const socket = await connect();
  socket.send(append(sound(2), silence(1)));
  await socket.next('response.done');
  socket.send(append(sound(1), silence(1)));
  await socket.next('response.done');
  await expectExact(2);
  const creates = tollgate.openai.receivedFrames.filter(({ text }) => text.includes('"response.create"'));
  expect(creates).toHaveLength(2);
  const types = socket.frames.map(({ type }) => type);
  // Tollgate's own update is not the client's to see.
  expect(types).not.toContain('session.updated');
  expect(types.indexOf('input_audio_buffer.committed')).toBeLessThan(types.indexOf('response.created'));
});

test('a client sees its settings as it has made them', async () => {
  const socket = await connect();
  const detection = { type: 'server_vad', create_response: true, threshold: 0.4 };
  socket.send(input({ turn_detection: detection }));
  const updated = await socket.next('session.updated');
  const { audio } = updated['session'] as { audio: { input: { turn_detection: object } } };
  expect(audio.input.turn_detection).toMatchObject(detection);
  const sent = tollgate.openai.receivedFrames.map(({ text }) => JSON.parse(text));
  for (const { session } of sent) expect(session.audio.input.turn_detection.create_response).toBe(false);
  expect(sent).toHaveLength(2);
});

test.each([
  ['none are found', null],
  ['no answers are wanted', { type: 'server_vad', create_response: false }],
])('where %s, nothing is answered unless asked for', async (_name, turn_detection) => {
  const socket = await connect();
  socket.send(input({ turn_detection }));
  await socket.next('session.updated');
  socket.send(append(sound(1), silence(1)));
  if (turn_detection === null) socket.send({ type: 'input_audio_buffer.commit' });
  await socket.next('input_audio_buffer.committed');
  await new Promise((resolve) => setTimeout(resolve, 150));
  expect(socket.frames.map(({ type }) => type)).not.toContain('response.created');
  socket.send({ type: 'response.create' });
  await socket.next('response.done');
  await expectExact(1);
});

test('what is written down of the speech is charged as well', async () => {
  const socket = await connect();
  socket.send(input({ transcription: { model: 'gpt-4o-mini-transcribe' } }));
  await socket.next('session.updated');
  for (let turn = 0; turn < 3; turn += 1) {
    socket.send(append(sound(1.5), silence(1)));
    await socket.next('conversation.item.input_audio_transcription.completed');
    await socket.next('response.done');
  }
  socket.ws.close();
  await expectExact(4);
  expect(tollgate.openai.bill.rows).toHaveLength(6);
});

test.each(['whisper-1', 'gpt-4o-transcribe'])('a session that only writes down, with %s', async (model) => {
  const socket = await connect('/realtime?intent=transcription');
  socket.send({
    type: 'session.update',
    session: { type: 'transcription', audio: { input: { transcription: { model, prompt: 'Names.' } } } },
  });
  await socket.next('session.updated');
  // More than one step of a minute.
  for (let turn = 0; turn < 8; turn += 1) {
    socket.send(append(sound(12), silence(1)));
    await socket.next('conversation.item.input_audio_transcription.completed');
  }
  socket.ws.close();
  await until(async () => (await tollgate.client.engine.holds()).holds.length === 0);
  expect(await totalOf(tollgate)).toBe(tollgate.openai.bill.totalNanoUsd());
  expect(tollgate.openai.bill.rows).toHaveLength(8);
});

test('sound that was never written down costs nothing', async () => {
  const socket = await connect();
  socket.send(input({ transcription: { model: 'whisper-1' }, turn_detection: null }));
  await socket.next('session.updated');
  socket.send(append(sound(1)));
  await until(async () => (await tollgate.client.engine.holds()).holds.length === 1);
  socket.ws.close();
  expect(await requestsOf(tollgate, 1)).toMatchObject([{ outcome: 'voided', costNanoUsd: 0 }]);
});

test('a response beside the conversation, and one that is called off', async () => {
  await tollgate.close();
  tollgate = await openTollgate({ openai: { tokensPerSecond: 200, outputTokens: { min: 150, max: 150 } } });
  token = await tollgate.createApp('voice', ['usd=20/day']);
  const socket = await connect();
  socket.send(say('Hello.'));
  socket.send({ type: 'response.create', event_id: 'mine' });
  await socket.next('response.output_audio.delta');
  socket.send({
    type: 'response.create',
    response: { conversation: 'none', output_modalities: ['text'], max_output_tokens: 10 },
  });
  await socket.next('response.done');
  socket.send({ type: 'response.cancel' });
  await socket.next('response.done');
  await expectExact(2);
});

test('what OpenAI does not begin costs nothing, and the client hears of it by its own event id', async () => {
  await tollgate.close();
  tollgate = await openTollgate({ openai: { tokensPerSecond: 200, outputTokens: { min: 30, max: 30 } } });
  token = await tollgate.createApp('voice', ['usd=20/day']);
  const socket = await connect();
  socket.send({ type: 'response.create', event_id: 'first' });
  socket.send({ type: 'response.create', event_id: 'second' });
  socket.send({ type: 'response.create' });
  const refused = [await socket.next('error'), await socket.next('error')];
  expect(refused.map(({ error }) => [error.code, error.event_id])).toEqual([
    ['conversation_already_has_active_response', 'second'],
    ['conversation_already_has_active_response', null],
  ]);
  await socket.next('response.done');
  const requests = await requestsOf(tollgate, 3);
  expect(requests.map(({ outcome }) => outcome).sort()).toEqual(['settled', 'voided', 'voided']);
});

test('a response that does not fit is refused inside the socket', async () => {
  const small = await tollgate.createApp('small', ['usd=0.02/day']);
  const socket = await connect(REALTIME, small);
  socket.send({ type: 'response.create', event_id: 'e1', response: { max_output_tokens: 4_000 } });
  const { error } = await socket.next('error');
  expect(error).toMatchObject({ code: 'insufficient_quota', event_id: 'e1' });
  expect(tollgate.openai.receivedFrames.some(({ text }) => text.includes('response.create'))).toBe(false);
});

test('however a conversation goes on, a small budget is not passed', async () => {
  const small = await tollgate.createApp('small', ['usd=0.25/day']);
  const socket = await connect(REALTIME, small);
  for (let turn = 0; turn < 30; turn += 1) {
    socket.send(append(sound(3), silence(1)));
    const seen = socket.frames.length;
    await until(() =>
      socket.frames.slice(seen).some(({ type }) => type === 'response.done' || type === 'error'),
    );
    if (socket.frames.at(-1)?.type === 'error') break;
  }
  expect(socket.frames.at(-1)?.error).toMatchObject({ code: 'insufficient_quota' });
  expect(tollgate.openai.bill.rows.length).toBeGreaterThan(2);
  expect(tollgate.openai.bill.totalNanoUsd()).toBeLessThanOrEqual(250_000_000);
  expect(await totalOf(tollgate)).toBe(tollgate.openai.bill.totalNanoUsd());
});

test.each([
  ['a tool of a server', { session: { type: 'realtime', tools: [{ type: 'mcp', server_label: 'x' }] } }],
  ['a stored prompt', { session: { type: 'realtime', prompt: { id: 'pmpt_1' } } }],
  [
    'answers to silence',
    {
      session: {
        type: 'realtime',
        audio: { input: { turn_detection: { type: 'server_vad', idle_timeout_ms: 5_000 } } },
      },
    },
  ],
  ['the shape of the beta', { session: { type: 'realtime', turn_detection: { type: 'server_vad' } } }],
])('what could spend unseen is refused: %s', async (_name, update) => {
  const socket = await connect();
  const before = tollgate.openai.receivedFrames.length;
  socket.send({ type: 'session.update', event_id: 'u1', ...update });
  expect((await socket.next('error')).error).toMatchObject({ code: 'invalid_body', event_id: 'u1' });
  expect(tollgate.openai.receivedFrames.slice(before).some(({ text }) => text.includes('u1'))).toBe(false);
});

test('an event that Tollgate does not know is refused', async () => {
  const socket = await connect();
  socket.send({ type: 'conversation.item.clone' });
  expect((await socket.next('error')).error).toMatchObject({ code: 'invalid_body' });
});

test('a browser sends its token as a subprotocol, and is answered with the one OpenAI chose', async () => {
  const socket = await openTestSocket(tollgate.baseUrl, REALTIME, {
    protocols: ['realtime', `openai-insecure-api-key.${token}`, 'openai-organization.org-mine'],
  });
  expect(socket.ws.protocol).toBe('realtime');
  const [upgrade] = tollgate.openai.received;
  const headers = JSON.stringify(upgrade?.rawHeaders);
  expect(headers).not.toContain(token);
  expect(headers).not.toContain('org-mine');
  socket.send({ type: 'response.create' });
  await socket.next('response.done');
  await expectExact(1);
});

test.each([
  ['a call that goes on elsewhere', '/realtime?call_id=rtc_1', 403],
  ['the beta', '/realtime?model=gpt-realtime-2', 403, { 'openai-beta': 'realtime=v1' }],
  ['translations', '/realtime/translations?model=gpt-realtime-translate', 403],
] as [string, string, number, Record<string, string>?][])(
  '%s cannot be joined',
  async (_name, path, status, headers) => {
    const refused = await connect(path, token, headers).catch((error: SocketRefused) => error);
    expect(refused).toMatchObject({ status });
  },
);

test('a socket that is left in the middle is charged no less than OpenAI bills', async () => {
  await tollgate.close();
  tollgate = await openTollgate({ openai: { tokensPerSecond: 100, outputTokens: { min: 300, max: 300 } } });
  token = await tollgate.createApp('voice', ['usd=20/day']);
  const socket = await connect();
  socket.send({ type: 'response.create' });
  await socket.next('response.output_audio.delta');
  socket.ws.terminate();
  const [request] = await requestsOf(tollgate, 1);
  expect(request).toMatchObject({ outcome: 'estimated', reason: 'client_gone' });
  await until(() => tollgate.openai.bill.rows.length === 1);
  expect(request?.costNanoUsd).toBeGreaterThanOrEqual(tollgate.openai.bill.totalNanoUsd());
});
