import { expect, it } from 'vitest';
import { picturePng } from '../../../proxy/demo/picture.ts';
import { pcmTone } from '../../../proxy/demo/sound.ts';
import { loadTokenizer } from '../../../proxy/demo/tokenizer.ts';
import { until } from '../../helpers/until.ts';
import { KEY, openSimulation } from './simulation-fixture.ts';
import { type Frame, openSocket, type TestSocket } from './socket-fixture.ts';

const PATH = '/realtime?model=gpt-realtime-2';
const TEXT_ONLY = { type: 'session.update', session: { type: 'realtime', output_modalities: ['text'] } };
const say = (text: string) => ({
  type: 'conversation.item.create',
  item: { type: 'message', role: 'user', content: [{ type: 'input_text', text }] },
});
const tone = (seconds: number): string => pcmTone(seconds * 48_000).toString('base64');

/** What a usage block costs at the prices of gpt-realtime-2. */
function costOf(usage: Frame['response']): number {
  const { input_token_details: input, output_token_details: output } = usage;
  const cached = input.cached_tokens_details;
  return (
    (input.text_tokens - cached.text_tokens) * 4000 +
    cached.text_tokens * 400 +
    (input.audio_tokens - cached.audio_tokens) * 32_000 +
    cached.audio_tokens * 500 +
    (input.image_tokens - cached.image_tokens) * 5000 +
    cached.image_tokens * 600 +
    output.text_tokens * 24_000 +
    output.audio_tokens * 64_000
  );
}

async function respond(socket: TestSocket, response?: object): Promise<Frame['response']> {
  socket.send({ type: 'response.create', ...(response ? { response } : {}) });
  return (await socket.next('response.done')).response;
}

it('opens with its session, which the client changes field by field', async () => {
  const { baseUrl } = await openSimulation();
  const socket = await openSocket(baseUrl, PATH);
  const { session } = await socket.next('session.created');
  expect(session).toMatchObject({
    type: 'realtime',
    object: 'realtime.session',
    model: 'gpt-realtime-2',
    output_modalities: ['audio'],
    audio: { input: { format: { type: 'audio/pcm', rate: 24_000 }, turn_detection: { type: 'server_vad' } } },
  });
  const tools = [{ type: 'function', name: 'add' }];
  socket.send({
    type: 'session.update',
    session: {
      type: 'realtime',
      model: 'gpt-4o',
      instructions: 'Be brief.',
      tools,
      max_output_tokens: 100,
      audio: { input: { format: { type: 'audio/pcmu' }, turn_detection: null } },
    },
  });
  const updated = (await socket.next('session.updated'))['session'];
  expect(updated).toMatchObject({
    model: 'gpt-realtime-2',
    instructions: 'Be brief.',
    tools,
    max_output_tokens: 100,
    audio: {
      input: { format: { type: 'audio/pcmu' }, turn_detection: null, transcription: null },
      output: { format: { type: 'audio/pcm' }, voice: 'marin' },
    },
  });
});

it('answers text with text, and bills it', async () => {
  const { baseUrl, bill } = await openSimulation();
  const { count } = await loadTokenizer();
  const socket = await openSocket(baseUrl, PATH);
  socket.send(TEXT_ONLY);
  socket.send(say('Write 30 tokens.'));
  const done = await respond(socket);
  expect(done).toMatchObject({
    object: 'realtime.response',
    status: 'completed',
    output_modalities: ['text'],
    usage: {
      input_tokens: 3 + 4 + count('Write 30 tokens.'),
      output_tokens: 30,
      output_token_details: { text_tokens: 30, audio_tokens: 0 },
    },
  });
  const text = socket.frames
    .filter((each) => each.type === 'response.output_text.delta')
    .map((each) => each['delta'])
    .join('');
  expect(done.output).toMatchObject([{ type: 'message', content: [{ type: 'output_text', text }] }]);
  expect(socket.frames.map((each) => each.type).filter((type) => !type.endsWith('.delta'))).toEqual([
    'session.created',
    'session.updated',
    'conversation.item.added',
    'conversation.item.done',
    'response.created',
    'rate_limits.updated',
    'response.output_item.added',
    'conversation.item.added',
    'response.content_part.added',
    'response.output_text.done',
    'response.content_part.done',
    'conversation.item.done',
    'response.output_item.done',
    'response.done',
  ]);
  expect(socket.frames.every((each) => typeof each['event_id'] === 'string')).toBe(true);
  expect(bill.rows).toMatchObject([
    {
      path: '/v1/realtime',
      model: 'gpt-realtime-2',
      status: 'completed',
      responseId: done.id,
      usage: done.usage,
      costNanoUsd: costOf(done.usage),
    },
  ]);
});

it.each([
  ['audio/pcm', 19_200],
  ['audio/pcmu', 3_200],
])('speaks in %s, with a transcript', async (type, bytesPerWord) => {
  const { baseUrl, bill } = await openSimulation();
  const socket = await openSocket(baseUrl, PATH);
  socket.send({
    type: 'session.update',
    session: { type: 'realtime', audio: { output: { format: { type } } } },
  });
  socket.send(say('Write 10 tokens.'));
  const { usage, output } = await respond(socket);
  expect(usage.output_token_details).toEqual({ text_tokens: 10, audio_tokens: 80 });
  const sounds = socket.frames.filter((each) => each.type === 'response.output_audio.delta');
  expect(sounds.map((each) => Buffer.from(String(each['delta']), 'base64').length)).toEqual(
    Array(10).fill(bytesPerWord),
  );
  const spoken = await socket.next('response.output_audio_transcript.done');
  expect(output).toMatchObject([{ content: [{ type: 'output_audio', transcript: spoken['transcript'] }] }]);
  expect(bill.rows[0]?.costNanoUsd).toBe(costOf(usage));
});

it('hears ten tokens a second, in the format of the session', async () => {
  const { baseUrl, bill } = await openSimulation();
  for (const [type, bytesPerSecond] of [
    ['audio/pcm', 48_000],
    ['audio/pcma', 8_000],
  ] as const) {
    const socket = await openSocket(baseUrl, PATH);
    socket.send({
      type: 'session.update',
      session: {
        type: 'realtime',
        output_modalities: ['text'],
        audio: { input: { format: { type }, turn_detection: null } },
      },
    });
    const audio = Buffer.alloc(bytesPerSecond * 2, 7).toString('base64');
    socket.send({ type: 'input_audio_buffer.append', audio });
    socket.send({ type: 'input_audio_buffer.append', audio });
    socket.send({ type: 'input_audio_buffer.commit' });
    expect(await socket.next('input_audio_buffer.committed')).toMatchObject({ previous_item_id: null });
    const { item } = await socket.next('conversation.item.added');
    expect(item).toMatchObject({ role: 'user', content: [{ type: 'input_audio', transcript: null }] });
    const { usage } = await respond(socket);
    expect(usage.input_token_details).toMatchObject({ audio_tokens: 40, text_tokens: 3 + 4 });
    expect(bill.rows.at(-1)?.costNanoUsd).toBe(costOf(usage));
  }
});

it('sees pictures and hears sound that come as items', async () => {
  const { baseUrl } = await openSimulation();
  const socket = await openSocket(baseUrl, PATH);
  socket.send(TEXT_ONLY);
  const image_url = `data:image/png;base64,${picturePng(1).toString('base64')}`;
  socket.send({
    type: 'conversation.item.create',
    item: {
      type: 'message',
      role: 'user',
      content: [
        { type: 'input_image', image_url },
        { type: 'input_audio', audio: tone(3) },
      ],
    },
  });
  const { item } = await socket.next('conversation.item.done');
  expect(item.content[1]).toEqual({ type: 'input_audio', transcript: null });
  const { usage } = await respond(socket);
  // One tile, of 85 and 170 tokens.
  expect(usage.input_token_details).toMatchObject({ image_tokens: 255, audio_tokens: 30 });
});

it('reads everything again that was said before, most of it from the cache', async () => {
  const { baseUrl, bill } = await openSimulation();
  const { count } = await loadTokenizer();
  const socket = await openSocket(baseUrl, PATH);
  socket.send(say('Write 10 tokens.'));
  const first = (await respond(socket)).usage;
  socket.send(say('and?'));
  const second = (await respond(socket)).usage;
  expect(second.input_token_details).toEqual({
    // What was said comes back as its words, its sound and the framing of a message.
    text_tokens: first.input_tokens + (4 + 10) + (4 + count('and?')),
    audio_tokens: 80,
    image_tokens: 0,
    cached_tokens: first.input_tokens,
    cached_tokens_details: { text_tokens: first.input_tokens, audio_tokens: 0, image_tokens: 0 },
  });
  socket.send(say('more'));
  const third = (await respond(socket)).usage;
  expect(third.input_token_details.cached_tokens_details).toEqual({
    text_tokens: second.input_token_details.text_tokens,
    audio_tokens: 80,
    image_tokens: 0,
  });
  expect(bill.rows.map((each) => each.costNanoUsd)).toEqual([first, second, third].map(costOf));
});

it('forgets what is deleted, and what was not heard', async () => {
  const { baseUrl } = await openSimulation();
  const socket = await openSocket(baseUrl, PATH);
  const { count } = await loadTokenizer();
  socket.send({ ...say('Write 10 tokens.'), item: { ...say('Write 10 tokens.').item, id: 'item_a' } });
  const spoken = (await respond(socket)).output[0].id;
  socket.send({ type: 'conversation.item.truncate', item_id: spoken, content_index: 0, audio_end_ms: 1000 });
  expect(await socket.next('conversation.item.truncated')).toMatchObject({ item_id: spoken });
  socket.send({ type: 'conversation.item.retrieve', item_id: spoken });
  expect((await socket.next('conversation.item.retrieved')).item.content).toEqual([
    { type: 'output_audio', transcript: null },
  ]);
  socket.send({ type: 'conversation.item.delete', item_id: 'item_a' });
  await socket.next('conversation.item.deleted');
  socket.send({ ...say('first'), previous_item_id: 'root' });
  const { usage } = await respond(socket);
  expect(usage.input_token_details).toMatchObject({
    text_tokens: 3 + 4 + count('first'),
    audio_tokens: 20,
    cached_tokens: 3,
  });
});

it('calls functions, and hears their results', async () => {
  const { baseUrl, bill } = await openSimulation();
  const socket = await openSocket(baseUrl, PATH);
  const tools = [
    { type: 'function', name: 'add', parameters: { type: 'object', properties: { a: { const: 1 } } } },
  ];
  socket.send({ type: 'session.update', session: { type: 'realtime', tools, tool_choice: 'auto' } });
  socket.send(say('Please use add.'));
  const { output, usage } = await respond(socket);
  expect(output).toMatchObject([{ type: 'function_call', name: 'add', arguments: '{"a":1}' }]);
  expect(usage.output_token_details.audio_tokens).toBe(0);
  const done = await socket.next('response.function_call_arguments.done');
  expect(done).toMatchObject({ name: 'add', arguments: '{"a":1}', call_id: output[0].call_id });
  socket.send({
    type: 'conversation.item.create',
    item: { type: 'function_call_output', call_id: output[0].call_id, output: '3' },
  });
  const answer = await respond(socket);
  expect(answer.output).toMatchObject([{ type: 'message' }]);
  expect(bill.rows.map((each) => each.costNanoUsd)).toEqual([usage, answer.usage].map(costOf));
});

it('is cut off at its maximum', async () => {
  const { baseUrl } = await openSimulation();
  const socket = await openSocket(baseUrl, PATH);
  socket.send(say('Write 50 tokens.'));
  const done = await respond(socket, { max_output_tokens: 30 });
  expect(done).toMatchObject({
    status: 'incomplete',
    status_details: { type: 'incomplete', reason: 'max_output_tokens' },
    usage: { output_tokens: 27 },
  });
});

it('is cancelled within one token, and keeps what it had said', async () => {
  const { baseUrl, bill } = await openSimulation({ tokensPerSecond: 400 });
  const socket = await openSocket(baseUrl, PATH);
  socket.send(say('Write 200 tokens.'));
  socket.send({ type: 'response.create' });
  await until(() => socket.frames.filter((each) => each.type === 'response.output_audio.delta').length >= 5);
  socket.send({ type: 'response.cancel' });
  const { response } = await socket.next('response.done');
  expect(response).toMatchObject({
    status: 'cancelled',
    status_details: { type: 'cancelled', reason: 'client_cancelled' },
  });
  const words = response.usage.output_token_details.text_tokens;
  expect(words).toBeGreaterThanOrEqual(5);
  expect(words).toBeLessThanOrEqual(10);
  expect(bill.rows).toMatchObject([
    {
      status: 'aborted',
      responseId: response.id,
      usage: response.usage,
      costNanoUsd: costOf(response.usage),
    },
  ]);
  const next = await respond(socket, { max_output_tokens: 20 });
  expect(next.usage.input_token_details.audio_tokens).toBe(response.usage.output_token_details.audio_tokens);
  socket.send({ type: 'response.cancel', event_id: 'mine' });
  expect((await socket.next('error')).error).toMatchObject({
    code: 'response_cancel_not_active',
    event_id: 'mine',
  });
});

it('gives one answer at a time in the conversation, and any number beside it', async () => {
  const { baseUrl, bill } = await openSimulation({ tokensPerSecond: 500 });
  const { count } = await loadTokenizer();
  const socket = await openSocket(baseUrl, PATH);
  socket.send(TEXT_ONLY);
  socket.send(say('Write 40 tokens.'));
  socket.send({ type: 'response.create' });
  socket.send({ type: 'response.create' });
  expect((await socket.next('error')).error.code).toBe('conversation_already_has_active_response');
  const input = [say('Write 10 tokens.').item];
  const aside = await respond(socket, { conversation: 'none', input, metadata: { topic: 'aside' } });
  expect(aside).toMatchObject({
    conversation_id: null,
    metadata: { topic: 'aside' },
    usage: { input_tokens: 3 + 4 + count('Write 10 tokens.'), output_tokens: 10 },
  });
  await socket.next('response.done');
  expect(bill.rows).toHaveLength(2);
  const next = await respond(socket);
  expect(next.usage.input_tokens).toBe(3 + (4 + count('Write 40 tokens.')) + (4 + 40));
});

it('drops the oldest items when the context is full', async () => {
  const { baseUrl } = await openSimulation();
  const socket = await openSocket(baseUrl, PATH);
  socket.send(TEXT_ONLY);
  for (let index = 0; index < 5; index++) socket.send(say('word '.repeat(10_000)));
  const { usage } = await respond(socket);
  expect(usage.input_tokens).toBeLessThanOrEqual(32_000);
  expect(usage.input_tokens).toBeGreaterThan(29_000);
});

it('takes the key as a subprotocol, too', async () => {
  const { baseUrl } = await openSimulation();
  const protocols = ['realtime', `openai-insecure-api-key.${KEY}`, 'openai-beta.realtime-v1'];
  const socket = await openSocket(baseUrl, PATH, { headers: {}, protocols });
  expect(socket.ws.protocol).toBe('realtime');
  await socket.next('session.created');
  const wrong = ['realtime', 'openai-insecure-api-key.sk-wrong'];
  await expect(openSocket(baseUrl, PATH, { headers: {}, protocols: wrong })).rejects.toThrow('401');
  await expect(openSocket(baseUrl, PATH, { headers: {} })).rejects.toThrow('401');
});

it.each(['gpt-4o', 'gpt-live-1', 'gpt-99'])('does not talk as %s', async (model) => {
  const { baseUrl } = await openSimulation();
  const socket = await openSocket(baseUrl, `/realtime?model=${model}`);
  expect((await socket.next('error')).error).toMatchObject({ code: 'invalid_model' });
  expect(await socket.closed()).toBe(4000);
});

it.each([
  ['an unknown event', { type: 'poem.create' }, 'type'],
  ['an unknown item', { type: 'conversation.item.delete', item_id: 'item_0' }, 'item_id'],
  ['an item of nobody', { ...say('x'), item: { type: 'message', role: 'king', content: [] } }, 'item.role'],
  ['another kind of session', { type: 'session.update', session: { type: 'transcription' } }, 'session.type'],
  [
    'an unknown format',
    {
      type: 'session.update',
      session: { type: 'realtime', audio: { input: { format: { type: 'audio/mp3' } } } },
    },
    'session.audio.input.format.type',
  ],
  ['no sound', { type: 'input_audio_buffer.append' }, 'audio'],
])('complains about %s, and goes on', async (_name, event, param) => {
  const { baseUrl, bill } = await openSimulation();
  const socket = await openSocket(baseUrl, PATH);
  socket.send({ ...event, event_id: 'mine' });
  expect((await socket.next('error')).error).toMatchObject({
    type: 'invalid_request_error',
    param,
    event_id: 'mine',
  });
  socket.send('{');
  expect((await socket.next('error')).error.event_id).toBeNull();
  socket.send({ type: 'input_audio_buffer.commit' });
  expect((await socket.next('error')).error.code).toBe('input_audio_buffer_commit_empty');
  expect(bill.rows).toEqual([]);
  await respond(socket);
});

it('stops within one token when its client leaves', async () => {
  const { baseUrl, bill } = await openSimulation({ tokensPerSecond: 200 });
  const socket = await openSocket(baseUrl, PATH);
  socket.send(TEXT_ONLY);
  socket.send(say('Write 500 tokens.'));
  socket.send({ type: 'response.create' });
  const deltas = (): number =>
    socket.frames.filter((each) => each.type === 'response.output_text.delta').length;
  await until(() => deltas() >= 10);
  const seen = deltas();
  socket.ws.terminate();
  await until(() => bill.rows.length > 0);
  const output = (bill.rows[0]?.usage as { output_tokens: number } | undefined)?.output_tokens ?? 0;
  expect(bill.rows[0]?.status).toBe('aborted');
  expect(output).toBeGreaterThanOrEqual(seen);
  expect(output).toBeLessThanOrEqual(seen + 4);
});

it('F14 A54 suffers the faults of sockets', async () => {
  const { baseUrl, bill, faults } = await openSimulation();
  faults.add({ path: '/realtime', fault: { kind: 'socket-usage', as: 'zero' } });
  faults.add({ path: '/realtime', fault: { kind: 'socket-close-after-events', events: 12, code: 1001 } });
  const lying = await openSocket(baseUrl, PATH);
  lying.send(say('Write 10 tokens.'));
  const { usage } = await respond(lying);
  expect(usage).toMatchObject({ input_tokens: 0, output_tokens: 0 });
  expect(bill.totalNanoUsd()).toBeGreaterThan(10 * 64_000);
  const closing = await openSocket(baseUrl, PATH);
  closing.send(say('Write 10 tokens.'));
  closing.send({ type: 'response.create' });
  expect(await closing.closed()).toBe(1001);
  expect(closing.frames).toHaveLength(12);
  await until(() => bill.rows.length === 2);
  expect(bill.rows[1]?.status).toBe('failed');
});
