import { expect, it } from 'vitest';
import { createAudioBuffer } from '../../../proxy/demo/realtime-audio-buffer.ts';
import { pcmTone } from '../../../proxy/demo/sound.ts';
import { until } from '../../helpers/until.ts';
import { REALTIME } from './realtime-fixture.ts';
import { openSimulation } from './simulation-fixture.ts';
import { type Frame, openSocket, type TestSocket } from './socket-fixture.ts';

const SECOND = 48_000;
const sound = (seconds: number): Buffer => pcmTone(seconds * SECOND);
const silence = (seconds: number): Buffer => Buffer.alloc(seconds * SECOND);
const append = (...parts: readonly Buffer[]) => ({
  type: 'input_audio_buffer.append',
  audio: Buffer.concat(parts).toString('base64'),
});
const configure = (input: object, type = 'realtime') => ({
  type: 'session.update',
  session: { type, audio: { input } },
});

async function open(baseUrl: string, input?: object): Promise<TestSocket> {
  const socket = await openSocket(baseUrl, REALTIME);
  if (input) {
    socket.send(configure(input));
    await socket.next('session.updated');
  }
  return socket;
}

it('answers by itself when a turn has ended', async () => {
  const { baseUrl, bill } = await openSimulation();
  const socket = await open(baseUrl);
  socket.send(append(sound(2), silence(1)));
  const { response } = await socket.next('response.done');
  expect(response.usage.input_token_details.audio_tokens).toBe(30);
  expect(socket.frames.map((each) => each.type).slice(1, 7)).toEqual([
    'input_audio_buffer.speech_started',
    'input_audio_buffer.speech_stopped',
    'input_audio_buffer.committed',
    'conversation.item.added',
    'conversation.item.done',
    'response.created',
  ]);
  const stopped = await socket.next('input_audio_buffer.speech_stopped');
  expect(stopped['audio_end_ms']).toBe(3000);
  expect((await socket.next('input_audio_buffer.committed'))['item_id']).toBe(stopped['item_id']);
  expect(bill.rows).toHaveLength(1);
});

it.each([
  ['server_vad', { type: 'server_vad', create_response: false }],
  ['semantic_vad', { type: 'semantic_vad', create_response: false }],
])('only commits where no answer is wanted: %s', async (_name, turn_detection) => {
  const { baseUrl, bill } = await openSimulation();
  const socket = await open(baseUrl, { turn_detection });
  socket.send(append(sound(1), silence(1)));
  await socket.next('conversation.item.done');
  socket.send({ type: 'conversation.item.retrieve', item_id: 'item_0' });
  await socket.next('error');
  expect(socket.frames.some((each) => each.type === 'response.created')).toBe(false);
  expect(bill.rows).toEqual([]);
});

it('leaves turns to the client where none are detected', async () => {
  const { baseUrl, bill } = await openSimulation();
  const socket = await open(baseUrl, { turn_detection: null });
  socket.send(append(sound(1), silence(2)));
  socket.send({ type: 'input_audio_buffer.clear' });
  await socket.next('input_audio_buffer.cleared');
  expect(socket.frames.map((each) => each.type)).toEqual([
    'session.created',
    'session.updated',
    'input_audio_buffer.cleared',
  ]);
  expect(bill.rows).toEqual([]);
});

it('finds turns across pieces, and several in one', () => {
  const buffer = createAudioBuffer();
  const heard = (piece: Buffer) => buffer.append(piece, SECOND, true).map((each) => each.kind);
  expect(heard(silence(3))).toEqual([]);
  expect(heard(Buffer.alloc(SECOND, 1))).toEqual(['started']);
  expect(heard(silence(0.5))).toEqual([]);
  expect(buffer.append(silence(0.5), SECOND, true)).toEqual([
    { kind: 'ended', atBytes: 5 * SECOND, bytes: 5 * SECOND },
  ]);
  expect(buffer.bytes).toBe(0);
  const turn = Buffer.concat([Buffer.alloc(SECOND, 1), silence(1)]);
  expect(heard(Buffer.concat([turn, turn, Buffer.alloc(100, 1)]))).toEqual([
    'started',
    'ended',
    'started',
    'ended',
    'started',
  ]);
  expect(buffer.bytes).toBe(100);
});

it('stops speaking when it is interrupted', async () => {
  const { baseUrl, bill } = await openSimulation({ tokensPerSecond: 300 });
  const socket = await open(baseUrl);
  socket.send({
    type: 'conversation.item.create',
    item: { type: 'message', role: 'user', content: [{ type: 'input_text', text: 'Write 300 tokens.' }] },
  });
  socket.send({ type: 'response.create' });
  await socket.next('response.output_audio.delta');
  socket.send(append(sound(0.2)));
  const { response } = await socket.next('response.done');
  expect(response).toMatchObject({ status: 'cancelled', status_details: { reason: 'turn_detected' } });
  expect(bill.rows).toMatchObject([{ status: 'aborted', usage: response.usage }]);
  socket.send(append(silence(1)));
  await socket.next('response.created');
});

const USAGES: readonly (readonly [model: string, usage: object, cost: number])[] = [
  [
    'gpt-4o-transcribe',
    {
      type: 'tokens',
      input_tokens: 31,
      input_token_details: { text_tokens: 1, audio_tokens: 30 },
      output_tokens: 8,
      total_tokens: 39,
    },
    2500 + 30 * 6000 + 8 * 10_000,
  ],
  ['whisper-1', { type: 'duration', seconds: 3 }, (3 * 6_000_000) / 60],
  ['gpt-live-1', { type: 'duration', seconds: 3 }, (3 * 50_000_000) / 60],
];

it.each(USAGES)('writes down what is said by %s, in a row of its own', async (model, usage, cost) => {
  const { baseUrl, bill } = await openSimulation();
  const socket = await open(baseUrl, { turn_detection: null, transcription: { model, prompt: 'Hello' } });
  socket.send(append(sound(3)));
  socket.send({ type: 'input_audio_buffer.commit' });
  const done = await socket.next('conversation.item.input_audio_transcription.completed');
  const { item } = await socket.next('conversation.item.done');
  expect(done).toMatchObject({ item_id: item.id, content_index: 0, usage });
  expect(done['transcript']).not.toBe('');
  expect(bill.rows).toMatchObject([
    { path: '/v1/realtime', model, status: 'completed', responseId: item.id, usage, costNanoUsd: cost },
  ]);
});

it('bills an answer and what it answers apart', async () => {
  const { baseUrl, bill } = await openSimulation();
  const socket = await open(baseUrl, { transcription: { model: 'whisper-1' } });
  socket.send(append(sound(2), silence(1)));
  await until(() => bill.rows.length === 2);
  expect(bill.rows.map((each) => each.model)).toEqual(['whisper-1', 'gpt-realtime-2']);
});

it('transcribes alone where that is its intent', async () => {
  const { baseUrl, bill } = await openSimulation();
  const socket = await openSocket(baseUrl, '/realtime?intent=transcription');
  expect((await socket.next('session.created'))['session']).toMatchObject({
    type: 'transcription',
    object: 'realtime.transcription_session',
  });
  socket.send(configure({ transcription: { model: 'whisper-1' } }, 'transcription'));
  await socket.next('session.updated');
  socket.send(append(sound(2), silence(1)));
  await socket.next('conversation.item.input_audio_transcription.completed');
  socket.send({ type: 'response.create' });
  expect((await socket.next('error')).error.code).toBe('unsupported_event');
  expect(bill.rows).toMatchObject([{ model: 'whisper-1', usage: { type: 'duration', seconds: 3 } }]);
});

it('is told its model by the query or in the older form', async () => {
  const { baseUrl, bill } = await openSimulation();
  const asked = await openSocket(baseUrl, '/realtime?intent=transcription&model=gpt-4o-transcribe');
  asked.send(append(sound(1), silence(1)));
  await asked.next('conversation.item.input_audio_transcription.completed');
  const older = await openSocket(baseUrl, '/realtime?intent=transcription');
  older.send({
    type: 'transcription_session.update',
    session: {
      input_audio_format: 'g711_ulaw',
      input_audio_transcription: { model: 'whisper-1' },
      turn_detection: null,
    },
  });
  expect(await older.next('transcription_session.updated')).toMatchObject({
    session: { audio: { input: { format: { type: 'audio/pcmu' }, turn_detection: null } } },
  } satisfies Partial<Frame>);
  older.send(append(Buffer.alloc(16_000, 7)));
  older.send({ type: 'input_audio_buffer.commit' });
  await older.next('conversation.item.input_audio_transcription.completed');
  expect(bill.rows.map((each) => [each.model, each.usage])).toMatchObject([
    ['gpt-4o-transcribe', { input_token_details: { audio_tokens: 20 } }],
    ['whisper-1', { seconds: 2 }],
  ]);
  const wrong = await openSocket(baseUrl, '/realtime?intent=transcription&model=gpt-4o');
  expect(await wrong.closed()).toBe(4000);
});

it('does not know a transcription model that is none', async () => {
  const { baseUrl } = await openSimulation();
  const socket = await openSocket(baseUrl, REALTIME);
  socket.send(configure({ transcription: { model: 'gpt-4o' } }));
  expect((await socket.next('error')).error.code).toBe('model_not_found');
});
