import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { expect, onTestFinished, test } from 'vitest';
import { CHAT } from '../helpers/engine-home.ts';
import { openTollgate } from '../helpers/open-tollgate.ts';
import { until } from '../helpers/until.ts';

const MIB = 1024 * 1024;

/** Announces a body, sends the beginning of it, and keeps the connection. */
async function announce(port: number, token: string, bytes: number): Promise<Socket> {
  const socket = connect(port, '127.0.0.1');
  socket.on('error', () => undefined);
  await once(socket, 'connect');
  const head = [
    'POST /v1/chat/completions HTTP/1.1',
    `Host: 127.0.0.1:${port}`,
    `Authorization: Bearer ${token}`,
    'Content-Type: application/json',
    `Content-Length: ${bytes}`,
  ];
  socket.write(`${head.join('\r\n')}\r\n\r\n{`);
  return socket;
}

async function answerOf(socket: Socket): Promise<string> {
  const [chunk] = (await once(socket, 'data')) as [Buffer];
  return chunk.toString();
}

test('F21 bodies beyond the budget of an app or of all are refused at once, and the budget comes back', async () => {
  const tollgate = await openTollgate();
  onTestFinished(() => tollgate.close());
  const { port } = tollgate;
  const [first, second, third] = await Promise.all(
    ['one', 'two', 'three'].map((name) => tollgate.createApp(name)),
  );
  if (!first || !second || !third) throw new Error('an app is missing');
  const inFlight = async () => (await tollgate.client.engine.status()).inFlight;

  const held = [await announce(port, first, 64 * MIB), await announce(port, first, 64 * MIB)];
  await until(async () => (await inFlight()) === 2);
  const ownBudget = await answerOf(await announce(port, first, 40 * MIB));
  expect(ownBudget).toContain('HTTP/1.1 503');
  expect(ownBudget).toContain('x-tollgate-error: overloaded');
  expect(ownBudget).toContain('retry-after');

  held.push(await announce(port, second, 64 * MIB), await announce(port, second, 63 * MIB));
  await until(async () => (await inFlight()) === 4);
  expect(await answerOf(await announce(port, third, 2 * MIB))).toContain('HTTP/1.1 503');
  expect(await answerOf(await announce(port, second, 65 * MIB))).toContain('HTTP/1.1 413');
  // What fits in the rest still goes through.
  expect((await tollgate.post(third, '/chat/completions', CHAT)).status).toBe(200);

  for (const socket of held) socket.destroy();
  await until(async () => (await inFlight()) === 0);
  const again = await announce(port, third, 64 * MIB);
  await until(async () => (await inFlight()) === 1);
  again.destroy();
  await until(async () => (await inFlight()) === 0);
  expect(tollgate.openai.received).toHaveLength(1);
  const { total } = await tollgate.client.usage.report({ by: 'app' });
  expect(total).toMatchObject({ requests: 1, refused: 3, heldNanoUsd: 0 });
});
