import { ResponsesWS } from 'openai/resources/responses/ws';
import { expect, it } from 'vitest';
import { until } from '../../helpers/until.ts';
import { KEY, openSimulation, post } from './simulation-fixture.ts';
import { type Frame, openSocket } from './socket-fixture.ts';

const CREATE = { type: 'response.create', model: 'gpt-4o', input: 'hi' };
const outputOf = (frame: Frame | undefined): number => frame?.response.usage.output_tokens;

it('sends the events of a stream as frames, and bills them like it', async () => {
  const { baseUrl, bill } = await openSimulation();
  const socket = await openSocket(baseUrl, '/responses');
  socket.send({ ...CREATE, input: 'Write 30 tokens.' });
  const done = await socket.next('response.completed');
  const text = await (
    await post(baseUrl, '/responses', { ...CREATE, type: undefined, input: 'Write 30 tokens.', stream: true })
  ).text();
  expect(socket.frames.map((each) => each.type)).toEqual(
    [...text.matchAll(/^event: (.+)$/gm)].map((match) => match[1]),
  );
  expect(socket.frames.map((each) => each['sequence_number'])).toEqual([...socket.frames.keys()]);
  expect(done.response).toMatchObject({ status: 'completed', usage: { output_tokens: 30 } });
  expect(done).not.toHaveProperty('stream_id');
  expect(bill.rows).toMatchObject([
    { path: '/v1/responses', status: 'completed', responseId: done.response.id, usage: done.response.usage },
    { costNanoUsd: bill.rows[0]?.costNanoUsd },
  ]);
});

it('is understood by the official SDK', async () => {
  const { client } = await openSimulation();
  const ws = new ResponsesWS(client);
  const done = new Promise<string>((resolve, reject) => {
    ws.on('response.completed', (event) => resolve(event.response.status ?? ''));
    ws.on('error', reject);
  });
  ws.send({ type: 'response.create', model: 'gpt-4o', input: 'hi' });
  expect(await done).toBe('completed');
  ws.close();
});

it('needs the key in a header', async () => {
  const { baseUrl } = await openSimulation();
  const open = (headers: Record<string, string>, protocols: string[] = []): Promise<unknown> =>
    openSocket(baseUrl, '/responses', { headers, protocols });
  await expect(open({})).rejects.toThrow('401');
  await expect(open({ authorization: 'Bearer sk-wrong' })).rejects.toThrow('401');
  await expect(open({}, ['realtime', `openai-insecure-api-key.${KEY}`])).rejects.toThrow('401');
  await expect(openSocket(baseUrl, '/nothing')).rejects.toThrow('404');
});

it('carries headers that a proxy must strip, and ignores other protocols', async () => {
  const { baseUrl } = await openSimulation();
  const socket = await openSocket(baseUrl, '/responses');
  expect(socket.ws.protocol).toBe('');
  const { request } = await import('node:http');
  const status = await new Promise<number | undefined>((resolve, reject) => {
    const headers = { authorization: `Bearer ${KEY}`, connection: 'upgrade', upgrade: 'h2c' };
    const req = request(`${baseUrl}/models`, { headers }, (res) => {
      res.resume();
      resolve(res.statusCode);
    });
    req.on('error', reject);
    req.end();
  });
  expect(status).toBe(200);
});

it('answers frames of one stream one after another', async () => {
  const { baseUrl } = await openSimulation({ tokensPerSecond: 500 });
  const socket = await openSocket(baseUrl, '/responses');
  for (const tokens of [40, 20]) socket.send({ ...CREATE, stream_id: 'a', input: `Write ${tokens} tokens.` });
  await until(() => socket.frames.filter((each) => each.type === 'response.completed').length === 2);
  const ends = socket.frames.filter((each) => /^response\.(created|completed)$/.test(each.type));
  expect(ends.map((each) => each.type)).toEqual([
    'response.created',
    'response.completed',
    'response.created',
    'response.completed',
  ]);
  expect(ends.map((each) => each.stream_id)).toEqual(['a', 'a', 'a', 'a']);
  expect([outputOf(ends[1]), outputOf(ends[3])]).toEqual([40, 20]);
});

it('answers frames of different streams at the same time', async () => {
  const { baseUrl, bill } = await openSimulation({ tokensPerSecond: 200 });
  const socket = await openSocket(baseUrl, '/responses');
  socket.send({ ...CREATE, stream_id: 'long', input: 'Write 80 tokens.' });
  socket.send({ ...CREATE, stream_id: 'short', input: 'Write 10 tokens.' });
  await until(() => socket.frames.filter((each) => each.type === 'response.completed').length === 2);
  const done = socket.frames.filter((each) => each.type === 'response.completed');
  expect(done.map((each) => each.stream_id)).toEqual(['short', 'long']);
  expect(bill.rows.map((each) => each.responseId)).toEqual(done.map((each) => each.response.id));
});

it('continues what only this socket remembers', async () => {
  const { baseUrl, client } = await openSimulation();
  const socket = await openSocket(baseUrl, '/responses');
  socket.send({ ...CREATE, store: false, input: 'Write 300 tokens.' });
  const first = await socket.next('response.completed');
  await expect(client.responses.retrieve(first.response.id)).rejects.toMatchObject({ status: 404 });
  socket.send({ ...CREATE, previous_response_id: first.response.id, input: 'and?' });
  const second = await socket.next('response.completed');
  expect(second.response.usage.input_tokens).toBeGreaterThan(300);
  expect((await client.responses.retrieve(second.response.id)).usage).toEqual(second.response.usage);
  const other = await openSocket(baseUrl, '/responses');
  other.send({ ...CREATE, previous_response_id: first.response.id, stream_id: 'x' });
  expect(await other.next('error')).toMatchObject({
    status: 400,
    stream_id: 'x',
    error: { code: 'previous_response_not_found', param: 'previous_response_id' },
  });
});

it('bills the input alone where nothing is to be generated', async () => {
  const { baseUrl, bill } = await openSimulation();
  const socket = await openSocket(baseUrl, '/responses');
  socket.send({ ...CREATE, generate: false, store: false });
  const { response } = await socket.next('response.completed');
  expect(response).toMatchObject({ status: 'completed', output: [], usage: { output_tokens: 0 } });
  expect(bill.rows).toMatchObject([{ status: 'completed', costNanoUsd: response.usage.input_tokens * 2500 }]);
  socket.send({ ...CREATE, previous_response_id: response.id, input: 'and?' });
  const next = await socket.next('response.completed');
  expect(next.response.usage.input_tokens).toBeGreaterThan(response.usage.input_tokens);
});

it('writes a long input to the cache, to be read from there', async () => {
  const { baseUrl, bill } = await openSimulation();
  const socket = await openSocket(baseUrl, '/responses');
  const body = { ...CREATE, model: 'gpt-6.2-sol', input: 'word '.repeat(2000) };
  socket.send({ ...body, generate: false });
  const { usage } = (await socket.next('response.completed')).response;
  expect(usage.input_tokens_details.cache_write_tokens).toBe(usage.input_tokens);
  expect(bill.totalNanoUsd()).toBe(usage.input_tokens * 2500);
  socket.send(body);
  const again = (await socket.next('response.completed')).response.usage;
  expect(again.input_tokens_details.cached_tokens).toBeGreaterThanOrEqual(1920);
  const { usage: warmed } = (await (
    await post(baseUrl, '/responses', {
      model: 'gpt-6.2-sol',
      input: 'other '.repeat(2000),
      prompt_cache_options: { prewarm: true },
    })
  ).json()) as { usage: { output_tokens: number; input_tokens_details: { cache_write_tokens: number } } };
  expect([warmed.output_tokens, warmed.input_tokens_details.cache_write_tokens > 1920]).toEqual([0, true]);
});

it('cannot be steered', async () => {
  const { baseUrl } = await openSimulation();
  const socket = await openSocket(baseUrl, '/responses');
  socket.send({ type: 'response.steer', previous_response_id: 'resp_0', input: 'faster' });
  expect(await socket.next('response.steer.failed')).toMatchObject({
    error: { code: 'steering_not_supported', type: 'invalid_request_error' },
    steer: { previous_response_id: 'resp_0', input: 'faster' },
  });
});

it.each([
  ['no JSON', '{', 400, null],
  ['a list', '[]', 400, null],
  ['an unknown type', { type: 'session.update' }, 400, 'type'],
  ['no model', { type: 'response.create', input: 'hi' }, 400, 'model'],
  ['an unknown model', { ...CREATE, model: 'gpt-99' }, 404, null],
  ['an unknown conversation', { ...CREATE, conversation: 'conv_0' }, 404, 'conversation'],
])('complains about %s in a frame, and goes on', async (_name, frame, status, param) => {
  const { baseUrl, bill } = await openSimulation();
  const socket = await openSocket(baseUrl, '/responses');
  socket.send(frame);
  expect(await socket.next('error')).toMatchObject({
    type: 'error',
    status,
    error: { type: 'invalid_request_error', param, message: expect.any(String) },
  });
  expect(bill.rows).toEqual([]);
  socket.ws.send(Buffer.from('{}'), { binary: true });
  expect((await socket.next('error')).error.code).toBe('invalid_frame');
  socket.send(CREATE);
  await socket.next('response.completed');
});

it('stops within one token when its client leaves', async () => {
  const { baseUrl, bill } = await openSimulation({ tokensPerSecond: 20 });
  const socket = await openSocket(baseUrl, '/responses');
  socket.send({ ...CREATE, input: 'Write 2000 tokens.' });
  const deltas = (): number =>
    socket.frames.filter((each) => each.type === 'response.output_text.delta').length;
  await until(() => deltas() >= 20);
  const seen = deltas();
  socket.ws.close();
  await until(() => bill.rows.length > 0);
  const [row] = bill.rows;
  const usage = row?.usage as Record<'output_tokens' | 'input_tokens', number> | undefined;
  const { output_tokens = 0, input_tokens = 0 } = usage ?? {};
  expect(row?.status).toBe('aborted');
  expect(output_tokens).toBeGreaterThanOrEqual(seen);
  expect(output_tokens).toBeLessThanOrEqual(seen + 3);
  expect(row?.costNanoUsd).toBe(input_tokens * 2500 + output_tokens * 10_000);
});

it('does not generate ahead of a client who does not read', async () => {
  const { baseUrl, bill } = await openSimulation();
  const socket = await openSocket(baseUrl, '/responses');
  socket.ws.pause();
  // More than the buffers of both ends hold.
  socket.send({
    ...CREATE,
    model: 'gpt-5.4',
    reasoning: { effort: 'none' },
    input: 'Write 120000 tokens.',
  });
  await new Promise((resolve) => setTimeout(resolve, 300));
  expect(bill.rows).toEqual([]);
  socket.ws.resume();
  await until(() => bill.rows.length > 0, 15_000);
  expect(bill.rows[0]?.status).toBe('completed');
});

it('ends with the simulation, billed as aborted', async () => {
  const simulation = await openSimulation({ tokensPerSecond: 50 });
  const socket = await openSocket(simulation.baseUrl, '/responses');
  for (const stream_id of ['a', 'b']) socket.send({ ...CREATE, stream_id, input: 'Write 500 tokens.' });
  await until(() => socket.frames.length > 8);
  await simulation.close();
  expect(simulation.bill.rows.map((each) => each.status)).toEqual(['aborted', 'aborted']);
  expect(await socket.closed()).toBe(1006);
});

it('shows what arrived', async () => {
  const { baseUrl, received, receivedFrames } = await openSimulation();
  const socket = await openSocket(baseUrl, '/responses?a=b');
  socket.send(CREATE);
  await socket.next('response.completed');
  expect(received).toMatchObject([{ method: 'GET', path: '/v1/responses?a=b' }]);
  expect(receivedFrames).toEqual([{ path: '/v1/responses', text: JSON.stringify(CREATE) }]);
});
