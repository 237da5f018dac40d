import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { GOOD_CHAT, openTarget, type Target } from '../helpers/expect-untouched.ts';
import { expectLedgerIsBill, untilIdle } from '../helpers/ledger.ts';
import { until } from '../helpers/until.ts';
import { parseWire, untilClosed, wireRequest } from '../helpers/wire.ts';

/** The real ones are 10 to 60 seconds. */
const TIMEOUTS = { headersMs: 300, requestMs: 600, checkMs: 50, keepAliveMs: 300, unreadMs: 400 };

let target: Target;
beforeAll(async () => {
  target = await openTarget({ config: { clientTimeouts: TIMEOUTS } });
});
afterAll(() => target.close());

/** Opens a connection, writes, and goes on writing a byte now and then. */
async function open(
  start: string,
  drip: string | null,
): Promise<{ socket: Socket; text(): string; closed: Promise<unknown> }> {
  const socket = connect({ port: target.port, host: '127.0.0.1' });
  let text = '';
  socket.on('data', (chunk) => {
    text += chunk.toString('latin1');
  });
  socket.on('error', () => undefined);
  const closed = untilClosed(socket);
  await once(socket, 'connect');
  socket.write(start);
  const timer = drip === null ? undefined : setInterval(() => socket.write(drip), 20);
  socket.on('close', () => clearInterval(timer));
  return { socket, text: () => text, closed };
}

test.each<[string, () => string, string | null]>([
  ['nothing at all', () => '', null],
  ['half a request line', () => 'GET /v1/mo', null],
  [
    'a header a moment, without end',
    () => `GET /v1/models HTTP/1.1\r\nHost: 127.0.0.1:${target.port}\r\n`,
    'X-A: b\r\n',
  ],
  ['a letter of a header a moment', () => 'GET /v1/models HTTP/1.1\r\nX-A: ', 'a'],
])('A59 a client that sends %s gets a 408 and is let go', async (_name, start, drip) => {
  const { text, closed } = await open(start(), drip);
  await closed;
  expect(parseWire(text(), true)).toMatchObject({
    status: 408,
    headers: { 'x-tollgate-error': 'request_timeout', connection: 'close' },
  });
});

test.each<[string, string]>([
  ['a byte of it a moment', 'Content-Length: 100000'],
  ['none of it', 'Content-Length: 100000'],
  ['a chunk of it a moment', 'Transfer-Encoding: chunked'],
])(
  'A59 a client that announces a body and sends %s is let go, and nothing is kept for it',
  async (name, line) => {
    const drip = name === 'none of it' ? null : line.startsWith('T') ? '1\r\n \r\n' : ' ';
    const { text, closed } = await open(
      wireRequest(target.port, { headers: [...target.goodHeaders, line] }),
      drip,
    );
    await closed;
    expect(parseWire(text(), true).status).toBe(408);
    await untilIdle(target.tollgate);
    expect(target.tollgate.openai.received).toEqual([]);
  },
);

test('A59 a connection that is kept alive for nothing is closed', async () => {
  const { text, closed } = await open(wireRequest(target.port, { method: 'GET', target: '/healthz' }), null);
  await closed;
  expect(text().match(/HTTP\/1\.1 /g)).toHaveLength(1);
});

test('A59 a client that waits for OpenAI for longer than that is not let go', async () => {
  const { bystander, tollgate } = target;
  const slow = { kind: 'latency', ms: 4 * TIMEOUTS.unreadMs } as const;
  tollgate.openai.faults.add({ path: '/chat/completions', fault: slow });
  const answer = await tollgate.post(bystander, '/chat/completions', JSON.parse(GOOD_CHAT));
  expect(answer.status).toBe(200);
  await answer.arrayBuffer();
  tollgate.openai.faults.add({ path: '/chat/completions', fault: slow });
  const stream = { ...JSON.parse(GOOD_CHAT), stream: true };
  const streamed = await tollgate.post(bystander, '/chat/completions', stream);
  expect(await streamed.text()).toContain('[DONE]');
  await expectLedgerIsBill(tollgate);
});

test('A59 a client that does not read its finished answer is let go, and was charged what it cost', async () => {
  const { openai } = target.tollgate;
  const bills = openai.bill.rows.length;
  const input = Array.from({ length: 240 }, (_, at) => `text ${at}`);
  const body = JSON.stringify({ model: 'text-embedding-3-small', input });
  const socket = connect({ port: target.port, host: '127.0.0.1' }).pause();
  const chunks: Buffer[] = [];
  socket.on('data', (chunk) => chunks.push(chunk));
  socket.on('error', () => undefined);
  socket.write(wireRequest(target.port, { target: '/v1/embeddings', headers: target.goodHeaders, body }));
  await until(() => openai.bill.rows.length > bills);
  await expectLedgerIsBill(target.tollgate);
  // A paused socket does not hear that the other side has given up; it finds out when it reads again.
  await new Promise((resolve) => setTimeout(resolve, 4 * TIMEOUTS.unreadMs));
  socket.resume();
  await untilClosed(socket);
  const { status, headers, body: text } = parseWire(Buffer.concat(chunks).toString('latin1'), true);
  expect(status).toBe(200);
  expect(text.length).toBeLessThan(Number(headers['content-length']));
});
