import { connect, type Socket } from 'node:net';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { expectUntouched, GOOD_CHAT, openTarget, type Target } from '../helpers/expect-untouched.ts';
import { expectLedgerIsBill, untilIdle } from '../helpers/ledger.ts';
import { until } from '../helpers/until.ts';
import { untilClosed, wireRequest } from '../helpers/wire.ts';

let target: Target;
beforeAll(async () => {
  target = await openTarget({ openai: { tokensPerSecond: 50 } });
});
afterAll(() => target.close());

/** A connection that has already shown who it is, so that everything on it is looked at at once. */
async function warmConnection(): Promise<{ socket: Socket; text(): string; closed: Promise<unknown> }> {
  const socket = connect({ port: target.port, host: '127.0.0.1' });
  let text = '';
  socket.on('data', (chunk) => {
    text += chunk.toString('latin1');
  });
  const closed = untilClosed(socket);
  socket.write(wireRequest(target.port, { method: 'GET', target: '/healthz' }));
  await until(() => text.includes('"ok"'));
  text = '';
  return { socket, text: () => text, closed };
}

const chat = () => wireRequest(target.port, { headers: target.goodHeaders, body: GOOD_CHAT });
const health = () => wireRequest(target.port, { method: 'GET', target: '/healthz' });
const statuses = (text: string) =>
  [...text.matchAll(/HTTP\/1\.1 (\d+)/g)].map(([, status]) => Number(status));

test('twenty requests in one write are answered in turn, one at a time', async () => {
  const { socket, text } = await warmConnection();
  let most = 0;
  const watching = setInterval(() => {
    most = Math.max(most, target.tollgate.engine.control.traffic().inFlight);
  }, 1);
  const requests = Array.from({ length: 20 }, (_, at) => (at % 2 === 0 ? chat() : health()));
  socket.write(requests.join(''));
  await until(() => statuses(text()).length === 20, 10_000);
  clearInterval(watching);
  expect(statuses(text())).toEqual(Array.from({ length: 20 }, () => 200));
  expect(text().indexOf('chatcmpl')).toBeLessThan(text().indexOf('"status":"ok"'));
  expect(most).toBe(1);
  await expectLedgerIsBill(target.tollgate);
  socket.destroy();
});

test('A62 nothing behind a refusal that ended the connection is acted on', async () => {
  const unread = [
    wireRequest(target.port, { headers: ['Content-Length: 5'] }),
    wireRequest(target.port, { headers: ['Authorization: Bearer tg_wrong', 'Transfer-Encoding: chunked'] }),
    wireRequest(target.port, { headers: [...target.goodHeaders, 'Transfer-Encoding: gzip, chunked'] }),
  ];
  for (const [at, start] of unread.entries()) {
    await expectUntouched(target, async () => {
      const { socket, text, closed } = await warmConnection();
      const body = at === 0 ? 'abcde' : '5\r\nabcde\r\n0\r\n\r\n';
      socket.write(start + body + chat() + chat());
      await closed;
      expect(statuses(text())).toHaveLength(1);
      expect(text()).toMatch(/connection: close/i);
    });
  }
});

test('garbage behind a request does not become part of its answer', async () => {
  const { socket, text, closed } = await warmConnection();
  const body = JSON.stringify({ ...JSON.parse(GOOD_CHAT), stream: true, max_completion_tokens: 1_000 });
  socket.write(wireRequest(target.port, { headers: target.goodHeaders, body }));
  await until(() => text().includes('data: '));
  socket.write('GARBAGE GARBAGE\r\n\r\n');
  await closed;
  expect(statuses(text())).toEqual([200]);
  expect(text()).not.toContain('malformed_request');
  await untilIdle(target.tollgate);
});

test('A64 a flood of pipelined requests behind a slow answer ends the connection instead of filling memory', async () => {
  const { socket, text, closed } = await warmConnection();
  const body = JSON.stringify({ ...JSON.parse(GOOD_CHAT), stream: true, max_completion_tokens: 1_000 });
  socket.write(wireRequest(target.port, { headers: target.goodHeaders, body }));
  await until(() => text().includes('data: '));
  socket.write(health().repeat(10_000));
  await closed;
  expect(statuses(text())).toEqual([200]);
  await untilIdle(target.tollgate);
  await expectUntouched(target, async () => undefined);
});

test('a client that leaves with requests waiting has none of them sent', async () => {
  const { socket, text } = await warmConnection();
  const before = target.tollgate.openai.received.length;
  const body = JSON.stringify({ ...JSON.parse(GOOD_CHAT), stream: true, max_completion_tokens: 1_000 });
  socket.write(wireRequest(target.port, { headers: target.goodHeaders, body }) + chat().repeat(10));
  await until(() => text().includes('data: '));
  socket.destroy();
  await untilIdle(target.tollgate);
  expect(target.tollgate.openai.received.length - before).toBe(1);
});
