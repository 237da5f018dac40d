import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { TRAFFIC_LIMITS } from '../../proxy/gateway/app-traffic.ts';
import { expectUntouched, openTarget, type Target } from '../helpers/expect-untouched.ts';
import { untilIdle } from '../helpers/ledger.ts';
import { until } from '../helpers/until.ts';
import { sendWire, untilClosed, wireRequest } from '../helpers/wire.ts';

let target: Target;
beforeAll(async () => {
  target = await openTarget();
});
afterAll(() => target.close());

/** Two of them fit into the budget of an app, a third one does not. */
const LARGE = 60_000_000;
const LEFT = TRAFFIC_LIMITS.maxBodyBytesPerApp - 2 * LARGE;

function begin(line: string): Socket {
  const socket = connect({ port: target.port, host: '127.0.0.1' });
  socket.on('error', () => undefined);
  socket.write(wireRequest(target.port, { headers: [...target.goodHeaders, line] }), 'latin1');
  return socket;
}

async function untilInFlight(count: number): Promise<void> {
  await until(async () => (await target.tollgate.client.engine.status()).inFlight === count);
}

test('A62 a body that stops in the middle gives back what its length took', async () => {
  const headers = [...target.goodHeaders, `Content-Length: ${LARGE}`];
  const bytes = wireRequest(target.port, { headers, body: '{}', countBody: false });
  await expectUntouched(target, async () => {
    for (let round = 0; round < 6; round += 1) {
      expect((await sendWire(target.port, bytes, { timeoutMs: 50 })).status).toBe(0);
      await untilIdle(target.tollgate);
    }
  });
});

test('A62 an app that has used up its bytes is refused more, and others are not', async () => {
  const holders = [begin(`Content-Length: ${LARGE}`), begin(`Content-Length: ${LARGE}`)];
  await untilInFlight(2);
  const third = await target.send({ headers: [...target.goodHeaders, `Content-Length: ${LEFT + 1}`] });
  expect([third.status, third.headers['x-tollgate-error']]).toEqual([503, 'overloaded']);
  const other = await target.tollgate.post(target.bystander, '/embeddings', EMBEDDING);
  expect(other.status).toBe(200);
  await other.arrayBuffer();
  for (const holder of holders) holder.destroy();
  await untilIdle(target.tollgate);
});

const EMBEDDING = { model: 'text-embedding-3-small', input: 'hello' };

test('A62 what a refused body goes on to send is taken from nobody', async () => {
  for (let round = 0; round < 4; round += 1) {
    const holders = [begin(`Content-Length: ${LARGE}`), begin(`Content-Length: ${LARGE}`)];
    await untilInFlight(2);
    const refused = begin('Transfer-Encoding: chunked');
    const answered = once(refused, 'data');
    await pour(refused, LEFT + 1);
    expect(String((await answered)[0])).toContain('x-tollgate-error: overloaded');
    for (const holder of holders) holder.destroy();
    await untilInFlight(0);
    // There is room again, but not for what was refused.
    await pour(refused, 12_000_000);
    refused.destroy();
  }
  const lengths = [LARGE, LARGE, LEFT];
  const holders = lengths.map((length) => begin(`Content-Length: ${length}`));
  await untilInFlight(lengths.length);
  for (const holder of holders) holder.destroy();
  await untilIdle(target.tollgate);
});

/** In chunks of a megabyte. */
async function pour(socket: Socket, bytes: number): Promise<void> {
  const closed = untilClosed(socket);
  for (let left = bytes; left > 0 && socket.writable; left -= 1_000_000) {
    const size = Math.min(left, 1_000_000);
    const chunk = `${size.toString(16)}\r\n${' '.repeat(size)}\r\n`;
    if (!socket.write(chunk)) await Promise.race([once(socket, 'drain'), closed]);
  }
}
