import { expect, it } from 'vitest';
import { picturePng } from '../../../proxy/demo/picture.ts';
import { pcmTone } from '../../../proxy/demo/sound.ts';
import { loadTokenizer } from '../../../proxy/demo/tokenizer.ts';
import { REALTIME, realtimeCost, respond, say, TEXT_ONLY } from './realtime-fixture.ts';
import { openSimulation } from './simulation-fixture.ts';
import { openSocket } from './socket-fixture.ts';

const tone = (seconds: number): string => pcmTone(seconds * 48_000).toString('base64');

it('opens with its session, which the client changes field by field', async () => {
  const { baseUrl } = await openSimulation();
  const socket = await openSocket(baseUrl, REALTIME);
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
  const socket = await openSocket(baseUrl, REALTIME);
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
      costNanoUsd: realtimeCost(done.usage),
    },
  ]);
});

it.each([
  ['audio/pcm', 19_200],
  ['audio/pcmu', 3_200],
])('speaks in %s, with a transcript', async (type, bytesPerWord) => {
  const { baseUrl, bill } = await openSimulation();
  const socket = await openSocket(baseUrl, REALTIME);
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
  expect(bill.rows[0]?.costNanoUsd).toBe(realtimeCost(usage));
});

it('hears ten tokens a second, in the format of the session', async () => {
  const { baseUrl, bill } = await openSimulation();
  for (const [type, bytesPerSecond] of [
    ['audio/pcm', 48_000],
    ['audio/pcma', 8_000],
  ] as const) {
    const socket = await openSocket(baseUrl, REALTIME);
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
    expect(bill.rows.at(-1)?.costNanoUsd).toBe(realtimeCost(usage));
  }
});

it('sees pictures and hears sound that come as items', async () => {
  const { baseUrl } = await openSimulation();
  const socket = await openSocket(baseUrl, REALTIME);
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
  const socket = await openSocket(baseUrl, REALTIME);
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
  expect(bill.rows.map((each) => each.costNanoUsd)).toEqual([first, second, third].map(realtimeCost));
});

it('forgets what is deleted, and what was not heard', async () => {
  const { baseUrl } = await openSimulation();
  const socket = await openSocket(baseUrl, REALTIME);
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
  const socket = await openSocket(baseUrl, REALTIME);
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
  expect(bill.rows.map((each) => each.costNanoUsd)).toEqual([usage, answer.usage].map(realtimeCost));
});

it('drops the oldest items when the context is full', async () => {
  const { baseUrl } = await openSimulation();
  const socket = await openSocket(baseUrl, REALTIME);
  socket.send(TEXT_ONLY);
  for (let index = 0; index < 5; index++) socket.send(say('word '.repeat(10_000)));
  const { usage } = await respond(socket);
  expect(usage.input_tokens).toBeLessThanOrEqual(32_000);
  expect(usage.input_tokens).toBeGreaterThan(29_000);
});
