import { expect, it } from 'vitest';
import { loadTokenizer } from '../../../proxy/demo/tokenizer.ts';
import { until } from '../../helpers/until.ts';
import { REALTIME, realtimeCost, respond, say, TEXT_ONLY } from './realtime-fixture.ts';
import { openSimulation } from './simulation-fixture.ts';
import { openSocket } from './socket-fixture.ts';

it('is cut off at its maximum', async () => {
  const { baseUrl } = await openSimulation();
  const socket = await openSocket(baseUrl, REALTIME);
  socket.send(say('Write 50 tokens.'));
  const done = await respond(socket, { max_output_tokens: 30 });
  expect(done).toMatchObject({
    status: 'incomplete',
    status_details: { type: 'incomplete', reason: 'max_output_tokens' },
    usage: { output_tokens: 27 },
  });
});

it('is cancelled within one token, and keeps what it had said', async () => {
  const { baseUrl, bill } = await openSimulation({ tokensPerSecond: 100 });
  const socket = await openSocket(baseUrl, REALTIME);
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
      costNanoUsd: realtimeCost(response.usage),
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
  const socket = await openSocket(baseUrl, REALTIME);
  socket.send(TEXT_ONLY);
  socket.send(say('Write 400 tokens.'));
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
  expect(next.usage.input_tokens).toBe(3 + (4 + count('Write 400 tokens.')) + (4 + 400));
});

it('stops within one token when its client leaves', async () => {
  const { baseUrl, bill } = await openSimulation({ tokensPerSecond: 20 });
  const socket = await openSocket(baseUrl, REALTIME);
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
  const lying = await openSocket(baseUrl, REALTIME);
  lying.send(say('Write 10 tokens.'));
  const { usage } = await respond(lying);
  expect(usage).toMatchObject({ input_tokens: 0, output_tokens: 0 });
  expect(bill.totalNanoUsd()).toBeGreaterThan(10 * 64_000);
  const closing = await openSocket(baseUrl, REALTIME);
  closing.send(say('Write 10 tokens.'));
  closing.send({ type: 'response.create' });
  expect(await closing.closed()).toBe(1001);
  expect(closing.frames).toHaveLength(12);
  await until(() => bill.rows.length === 2);
  expect(bill.rows[1]?.status).toBe('failed');
});
