import { expect, it } from 'vitest';
import { REALTIME, respond, say } from './realtime-fixture.ts';
import { KEY, openSimulation } from './simulation-fixture.ts';
import { openSocket } from './socket-fixture.ts';

it('takes the key as a subprotocol, too', async () => {
  const { baseUrl } = await openSimulation();
  const protocols = ['realtime', `openai-insecure-api-key.${KEY}`, 'openai-beta.realtime-v1'];
  const socket = await openSocket(baseUrl, REALTIME, { headers: {}, protocols });
  expect(socket.ws.protocol).toBe('realtime');
  await socket.next('session.created');
  const wrong = ['realtime', 'openai-insecure-api-key.sk-wrong'];
  await expect(openSocket(baseUrl, REALTIME, { headers: {}, protocols: wrong })).rejects.toThrow('401');
  await expect(openSocket(baseUrl, REALTIME, { headers: {} })).rejects.toThrow('401');
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
  const socket = await openSocket(baseUrl, REALTIME);
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
