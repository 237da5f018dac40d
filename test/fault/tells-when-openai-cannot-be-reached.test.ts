import { once } from 'node:events';
import { createServer } from 'node:net';
import { expect, onTestFinished, test } from 'vitest';
import { CHAT } from '../helpers/engine-home.ts';
import { openTollgate } from '../helpers/open-tollgate.ts';

async function listen(onConnection: 'hang up' | 'stay silent' | 'speak plainly'): Promise<number> {
  const server = createServer((socket) => {
    socket.on('error', () => undefined);
    if (onConnection === 'hang up') socket.resetAndDestroy();
    if (onConnection === 'speak plainly') socket.end('HTTP/1.1 200 OK\r\ncontent-length: 0\r\n\r\n');
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  onTestFinished(() => {
    server.close();
  });
  return (server.address() as { port: number }).port;
}

async function closedPort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as { port: number };
  server.close();
  await once(server, 'close');
  return port;
}

const CASES: readonly (readonly [string, () => Promise<string>])[] = [
  ['a port where nobody listens', async () => `http://127.0.0.1:${await closedPort()}/v1`],
  ['a name that does not exist', async () => 'https://nonexistent.invalid/v1'],
  ['a server that never speaks TLS', async () => `https://127.0.0.1:${await listen('stay silent')}/v1`],
  ['a server that hangs up in the handshake', async () => `https://127.0.0.1:${await listen('hang up')}/v1`],
  [
    'a server that answers TLS with plain HTTP',
    async () => `https://127.0.0.1:${await listen('speak plainly')}/v1`,
  ],
];

test.each(CASES)('F14 %s: 502, and voided since no byte of a request went out', async (_what, address) => {
  const tollgate = await openTollgate({
    config: { upstream: await address(), timeouts: { connectMs: 400, headersMs: 1_000, bodyMs: 1_000 } },
  });
  onTestFinished(() => tollgate.close());
  const token = await tollgate.createApp('tool', ['usd=1/day', 'requests=100/day']);
  for (const stream of [false, true]) {
    const response = await tollgate.post(token, '/chat/completions', { ...CHAT, stream });
    expect([response.status, response.headers.get('x-tollgate-error')]).toEqual([
      502,
      'upstream_unreachable',
    ]);
    const { error } = (await response.json()) as { error: { message: string; type: string } };
    expect(error.type).toBe('server_error');
    expect(error.message).toMatch(/could not be reached.*Nothing was sent/);
    expect(error.message).not.toMatch(/\/work|node:|at /);
  }
  const { requests } = await tollgate.client.requests.list({});
  expect(requests).toMatchObject([
    { outcome: 'voided', costNanoUsd: 0, reason: 'never_sent', status: 502 },
    { outcome: 'voided', costNanoUsd: 0, reason: 'never_sent', status: 502 },
  ]);
  const { limits } = await tollgate.client.apps.get({ app: 'tool' });
  expect(limits.find(({ metric }) => metric === 'usd')).toMatchObject({ settled: 0, held: 0 });
  expect((await tollgate.client.engine.status()).inFlight).toBe(0);
});
