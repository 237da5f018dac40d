import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { connect } from 'node:net';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { TRAFFIC_LIMITS } from '../../proxy/gateway/app-traffic.ts';
import {
  expectRefused,
  expectUntouched,
  GOOD_CHAT,
  openTarget,
  type Target,
} from '../helpers/expect-untouched.ts';
import { untilIdle } from '../helpers/ledger.ts';
import { parseWire, untilClosed, type WireAnswer, wireRequest } from '../helpers/wire.ts';

let target: Target;
beforeAll(async () => {
  target = await openTarget();
});
afterAll(() => target.close());

const MIB = 1024 * 1024;
const { maxBodyBytes } = TRAFFIC_LIMITS;

/** Sends headers and then pieces for as long as the other side takes them; resolves with its answer. */
async function pour(headers: readonly string[], piece: Buffer, pieces: number): Promise<WireAnswer> {
  const socket = connect({ port: target.port, host: '127.0.0.1' });
  const chunks: Buffer[] = [];
  socket.on('data', (chunk) => chunks.push(chunk));
  const closed = untilClosed(socket);
  socket.write(wireRequest(target.port, { headers: [...target.goodHeaders, ...headers] }), 'latin1');
  for (let sent = 0; sent < pieces && socket.writable && chunks.length === 0; sent += 1) {
    if (!socket.write(piece)) await Promise.race([once(socket, 'drain'), closed]);
  }
  await closed;
  return parseWire(Buffer.concat(chunks).toString('latin1'), true);
}

const chunkOf = (bytes: number) => Buffer.from(`${bytes.toString(16)}\r\n${' '.repeat(bytes)}\r\n`);

test.each([BigInt(maxBodyBytes) + 1n, 2n ** 31n, 2n ** 32n + 1n, 2n ** 53n + 1n, 2n ** 63n, 2n ** 64n - 1n])(
  'A62 a length of %s bytes is refused unread',
  async (length) => {
    const headers = [...target.goodHeaders, `Content-Length: ${length}`];
    const attack = () => target.send({ headers }, { untilClosedMs: 10_000 });
    const answer = await expectRefused(target, attack, { status: 413, code: 'body_too_large' });
    expect(answer.closed).toBe(true);
  },
);

test('A62 a chunked body is refused at the byte over the limit, and its sender sees the answer', async () => {
  const attack = () => pour(['Transfer-Encoding: chunked'], chunkOf(MIB), 1_000);
  await expectRefused(target, attack, { status: 413, code: 'body_too_large' });
});

test('A62 a length that is too large and a body that follows it: its sender sees the answer', async () => {
  const attack = () => pour([`Content-Length: ${maxBodyBytes + 1}`], Buffer.alloc(MIB, 32), 65);
  await expectRefused(target, attack, { status: 413, code: 'body_too_large' });
});

test('A62 a million chunks of one byte take no more memory than a million bytes', async () => {
  const socket = connect({ port: target.port, host: '127.0.0.1' });
  const headers = [...target.goodHeaders, 'Transfer-Encoding: chunked'];
  socket.write(wireRequest(target.port, { headers }), 'latin1');
  const before = heapMegabytes();
  const block = Buffer.from('1\r\n \r\n'.repeat(10_000));
  for (let round = 0; round < 100; round += 1) if (!socket.write(block)) await once(socket, 'drain');
  // One object for each byte would be 400 MB.
  expect(heapMegabytes() - before).toBeLessThan(150);
  const answer = once(socket, 'data');
  socket.write('0\r\n\r\n');
  expect(parseWire(String((await answer)[0]), false).headers['x-tollgate-error']).toBe('invalid_json');
  socket.destroy();
  await expectUntouched(target, () => untilIdle(target.tollgate));
});

test('A62 a body in chunks of every size arrives as it was sent', async () => {
  const text = Array.from({ length: 60_000 }, (_, at) => `${at} `).join('');
  const body = JSON.stringify({ ...JSON.parse(GOOD_CHAT), messages: [{ role: 'user', content: text }] });
  const sizes = [1, 5_000, 2, 4_095, 4_096, 4_097, 3, 70_000, 7, 16_000, 100];
  let chunked = '';
  for (let at = 0, turn = 0; at < body.length; turn += 1) {
    const chunk = body.slice(at, at + (sizes[turn % sizes.length] ?? 1));
    chunked += `${chunk.length.toString(16)}\r\n${chunk}\r\n`;
    at += chunk.length;
  }
  const headers = [...target.goodHeaders, 'Transfer-Encoding: chunked'];
  const answer = await target.send({ headers, body: `${chunked}0\r\n\r\n`, countBody: false });
  expect(answer.status).toBe(200);
  expect(target.tollgate.openai.received.at(-1)?.body.toString()).toBe(body);
});

function heapMegabytes(): number {
  return Number(/^VmRSS:\s+(\d+) kB/m.exec(readFileSync('/proc/self/status', 'latin1'))?.[1]) / 1024;
}

const CHUNKED = 'Transfer-Encoding: chunked';
test.each<[string, readonly string[], string]>([
  ['both a length and chunks', ['Content-Length: 2', CHUNKED], '2\r\n{}\r\n0\r\n\r\n'],
  ['chunks and then a length', [CHUNKED, 'Content-Length: 2'], '2\r\n{}\r\n0\r\n\r\n'],
  ['two lengths', ['Content-Length: 2', 'Content-Length: 3'], '{}x'],
  ['two equal lengths', ['Content-Length: 2', 'Content-Length: 2'], '{}'],
  ['a list of lengths', ['Content-Length: 2, 2'], '{}'],
  ['a signed length', ['Content-Length: +2'], '{}'],
  ['a negative length', ['Content-Length: -1'], '{}'],
  ['a hexadecimal length', ['Content-Length: 0x2'], '{}'],
  ['a fractional length', ['Content-Length: 2.0'], '{}'],
  ['an empty length', ['Content-Length:'], '{}'],
  ['a length beyond 64 bits', ['Content-Length: 99999999999999999999999'], '{}'],
  ['gzip before chunked', ['Transfer-Encoding: gzip, chunked'], '2\r\n{}\r\n0\r\n\r\n'],
  ['chunked twice', [CHUNKED, CHUNKED], '2\r\n{}\r\n0\r\n\r\n'],
  ['chunked and identity', ['Transfer-Encoding: chunked, identity'], '2\r\n{}\r\n0\r\n\r\n'],
  ['identity', ['Transfer-Encoding: identity'], '2\r\n{}\r\n0\r\n\r\n'],
  ['an unknown coding', ['Transfer-Encoding: xchunked'], '2\r\n{}\r\n0\r\n\r\n'],
  ['a space before the colon', ['Transfer-Encoding : chunked'], '2\r\n{}\r\n0\r\n\r\n'],
  ['chunked in quotes', ['Transfer-Encoding: "chunked"'], '2\r\n{}\r\n0\r\n\r\n'],
  ['a chunk size that is no number', [CHUNKED], 'x\r\n{}\r\n0\r\n\r\n'],
  ['a negative chunk size', [CHUNKED], '-2\r\n{}\r\n0\r\n\r\n'],
  ['a chunk size of 0x', [CHUNKED], '0x2\r\n{}\r\n0\r\n\r\n'],
  ['a chunk size beyond 64 bits', [CHUNKED], 'fffffffffffffffff\r\n{}\r\n0\r\n\r\n'],
  ['a chunk that is longer than it says', [CHUNKED], '1\r\n{}\r\n0\r\n\r\n'],
  ['chunks with bare line feeds', [CHUNKED], '2\n{}\n0\n\n'],
  ['a chunk extension of 40 KB', [CHUNKED], `2;${'x'.repeat(40_000)}\r\n{}\r\n0\r\n\r\n`],
])('A62 a body framed with %s is malformed', async (_name, lines, body) => {
  const attack = () =>
    target.send(
      { headers: [...target.goodHeaders, ...lines], body, countBody: false },
      { untilClosedMs: 10_000 },
    );
  const answer = await expectRefused(target, attack, { status: 400, code: 'malformed_request' });
  expect(answer.closed).toBe(true);
});

test('A62 a length that is too small cuts the body, and the rest of it is no request', async () => {
  const hidden = wireRequest(target.port, {
    method: 'GET',
    target: '/v1/models',
    headers: target.goodHeaders,
  });
  const headers = [...target.goodHeaders, 'Content-Length: 5'];
  const attack = () => target.send({ headers, body: `{"a":1}${hidden}`, countBody: false });
  await expectRefused(target, attack, { status: 400 });
});
