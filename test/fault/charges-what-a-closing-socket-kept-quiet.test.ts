import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { expect, onTestFinished, test } from 'vitest';
import { type WebSocket, WebSocketServer } from 'ws';
import { openTollgate } from '../helpers/open-tollgate.ts';
import { openTestSocket } from '../helpers/test-socket.ts';
import { until } from '../helpers/until.ts';
import { requestsOf } from '../integration/sockets/socket-ledger.ts';

/** An OpenAI that says nothing of what it hears, and closes by itself at the second piece of sound. */
async function openQuietOpenAi(closeCode: number): Promise<string> {
  const server = createServer();
  const sockets = new WebSocketServer({ server });
  sockets.on('connection', (ws) => hear(ws, closeCode));
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  onTestFinished(() => {
    for (const ws of sockets.clients) ws.terminate();
    server.close();
  });
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}/v1`;
}

function hear(ws: WebSocket, closeCode: number): void {
  let pieces = 0;
  ws.send(JSON.stringify({ type: 'session.created', session: { type: 'realtime' } }));
  ws.on('message', (data: Buffer) => {
    const { type, session } = JSON.parse(data.toString('utf8')) as { type: string; session?: unknown };
    if (type === 'session.update') ws.send(JSON.stringify({ type: 'session.updated', session }));
    if (type === 'input_audio_buffer.append') pieces += 1;
    if (pieces === 2) ws.close(closeCode);
  });
}

const APPEND = { type: 'input_audio_buffer.append', audio: Buffer.alloc(48_000, 7).toString('base64') };

test.each([
  [
    'closes by itself when its client leaves: what it may have written down is charged',
    1011,
    'charged-at-bound',
  ],
  ['closes as it was asked to, and has told of nothing: nothing is charged', 1000, 'voided'],
] as const)('F14 a socket that OpenAI %s', async (_name, closeCode, outcome) => {
  const upstream = await openQuietOpenAi(closeCode);
  const tollgate = await openTollgate({ config: { upstream } });
  onTestFinished(() => tollgate.close());
  const token = await tollgate.createApp('voice', ['usd=5/day']);
  const socket = await openTestSocket(tollgate.baseUrl, '/realtime?model=gpt-realtime-2', {
    headers: { authorization: `Bearer ${token}` },
  });
  await socket.next('session.created');
  const transcription = { model: 'whisper-1' };
  socket.send({ type: 'session.update', session: { type: 'realtime', audio: { input: { transcription } } } });
  await socket.next('session.updated');
  socket.send(APPEND);
  await until(async () => (await tollgate.client.engine.holds()).holds.length === 1);
  socket.send(APPEND);
  socket.ws.close();
  const [request] = await requestsOf(tollgate, 1);
  expect(request).toMatchObject({ outcome });
  expect(request?.costNanoUsd).toBe(outcome === 'voided' ? 0 : request?.holdNanoUsd);
});
