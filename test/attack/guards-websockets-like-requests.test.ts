import { afterEach, beforeEach, expect, test } from 'vitest';
import { expectRefused, expectUntouched, openTarget, type Target } from '../helpers/expect-untouched.ts';
import { findingsOf } from '../helpers/findings.ts';
import { CANARY_KEY } from '../helpers/open-tollgate.ts';
import { openTestSocket, type SocketRefused, type TestSocket } from '../helpers/test-socket.ts';
import { until } from '../helpers/until.ts';

let target: Target;
beforeEach(async () => {
  target = await openTarget();
});
afterEach(() => target.close());

const CREATE = { type: 'response.create', model: 'gpt-5.4-mini', input: 'Say something.' };
const GOOD = {
  upgrade: 'Upgrade: websocket',
  connection: 'Connection: Upgrade',
  version: 'Sec-WebSocket-Version: 13',
  key: 'Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==',
};

function connect(token = target.token, protocols: readonly string[] = []): Promise<TestSocket> {
  const headers: Record<string, string> = token === '' ? {} : { authorization: `Bearer ${token}` };
  return openTestSocket(target.tollgate.baseUrl, '/responses', { headers, protocols });
}

test.each([
  ['without a version', { version: '' }, 'GET', '/v1/responses'],
  ['of another version', { version: 'Sec-WebSocket-Version: 8' }, 'GET', '/v1/responses'],
  ['without a nonce', { key: '' }, 'GET', '/v1/responses'],
  ['with a short nonce', { key: 'Sec-WebSocket-Key: c2hvcnQ=' }, 'GET', '/v1/responses'],
  ['with another method', {}, 'POST', '/v1/responses'],
  [
    'with two app tokens',
    { extra: 'Sec-WebSocket-Protocol: openai-insecure-api-key.a, openai-insecure-api-key.b' },
    'GET',
    '/v1/responses',
  ],
  ['with subprotocols that are none', { extra: 'Sec-WebSocket-Protocol: a b' }, 'GET', '/v1/responses'],
] as const)('A25 a handshake %s opens nothing', async (_name, change, method, path) => {
  const headers = [
    ...Object.values({ ...GOOD, ...change }).filter((line) => line !== ''),
    ...target.goodHeaders,
  ];
  const attack = () => target.send({ method, target: path, headers }, { untilClosedMs: 10_000 });
  await expectRefused(target, attack, { status: 400, code: 'malformed_request' });
});

test.each([
  '/v1/chat/completions',
  '/v1/responses/',
  '/v1/responses/resp_1',
  '/healthz',
  '/v1/realtime/x',
  '/rpc',
  '/',
])('A25 %s has no WebSocket', async (path) => {
  const headers = [...Object.values(GOOD), ...target.goodHeaders];
  const attack = () => target.send({ method: 'GET', target: path, headers }, { untilClosedMs: 10_000 });
  const answer = await expectUntouched(target, attack);
  expect([403, 426]).toContain(answer.status);
});

test.each([
  ['unknown', `tg_${'x'.repeat(43)}`],
  ['malformed', 'tg_short'],
  ['missing', ''],
])('A30 a token that is %s opens nothing, in the header and as a subprotocol', async (_name, token) => {
  await expectUntouched(target, async () => {
    const asHeader = await connect(token).catch((error: SocketRefused) => error);
    expect(asHeader).toMatchObject({ status: 401 });
    const name = `openai-insecure-api-key.${token || 'x'}`;
    const asProtocol = await connect('', ['realtime', name]).catch((error: SocketRefused) => error);
    expect(asProtocol).toMatchObject({ status: 401 });
  });
});

test('A05 a real key as a subprotocol is refused, told, and not said back', async () => {
  await expectUntouched(target, async () => {
    const refused = await connect('', ['realtime', `openai-insecure-api-key.${CANARY_KEY}`]).catch(
      (error: SocketRefused) => error,
    );
    expect(refused).toMatchObject({ status: 401 });
    expect(
      JSON.stringify([(refused as SocketRefused).body, (refused as SocketRefused).headers]),
    ).not.toContain(CANARY_KEY);
  });
  expect((await findingsOf(target.tollgate)).map(({ finding }) => finding)).toContain('real_key_received');
});

test('A48 what another app has made does not exist, and what is refused leaves nothing behind', async () => {
  const owner = await connect(target.bystander);
  owner.send(CREATE);
  const { response } = await owner.next('response.completed');
  owner.ws.close();
  const thief = await connect();
  await expectUntouched(target, async () => {
    thief.send({ ...CREATE, previous_response_id: response.id });
    expect(await thief.next('error')).toMatchObject({ status: 404, error: { code: 'object_unknown' } });
    thief.send({ ...CREATE, input: [{ type: 'item_reference', id: response.output.at(-1).id }] });
    expect(await thief.next('error')).toMatchObject({ status: 404, error: { code: 'object_unknown' } });
  }).catch((error: unknown) => {
    // The attack adds two refused requests of its own to the one that is let through.
    if (!String(error).includes('requests booked')) throw error;
  });
});

test('I8 a frame larger than any of OpenAI ends the socket, and memory does not grow with it', async () => {
  const socket = await connect();
  const before = process.memoryUsage().rss;
  socket.ws.send('x'.repeat(30 * 1024 * 1024));
  expect(await socket.closed()).toBe(1009);
  expect(process.memoryUsage().rss - before).toBeLessThan(200 * 1024 * 1024);
  expect(target.tollgate.openai.receivedFrames).toEqual([]);
});

test('I8 frames that arrive byte by byte on many sockets are bounded together', async () => {
  const sockets = await Promise.all(Array.from({ length: 12 }, () => connect()));
  const half = Buffer.alloc(20 * 1024 * 1024, 0x20);
  // Every one keeps a frame of 20 MiB unfinished: more than an app may have in memory.
  for (const { ws } of sockets) ws.send(half, { fin: false, binary: false });
  await until(() => sockets.some(({ ws }) => ws.readyState === ws.CLOSED), 10_000);
  const answer = await target.tollgate.post(target.bystander, '/responses', { ...CREATE, type: undefined });
  expect(answer.status).toBe(200);
});

test('I5 the key in a frame of OpenAI, or what it leaves of one, does not reach the client', async () => {
  const socket = await connect();
  // The simulation says a part of the frame back in its error.
  for (const role of [CANARY_KEY, `${CANARY_KEY.slice(0, 12)}****${CANARY_KEY.slice(-4)}`]) {
    socket.send({ ...CREATE, input: [{ role, content: 'x' }] });
    expect((await socket.next('error')).error.message).toContain('***');
  }
  socket.send({ ...CREATE, model: CANARY_KEY });
  await socket.next('error');
  expect(socket.texts.join('\n')).not.toContain(CANARY_KEY);
  expect(socket.texts.join('\n')).not.toContain(CANARY_KEY.slice(-4));
});

test('A36 a thousand frames that are no events cost nothing and block nobody', async () => {
  const socket = await connect();
  for (let at = 0; at < 1_000; at += 1) socket.send(`{"type":"x${at}"}`);
  await until(() => socket.frames.length === 1_000, 10_000);
  socket.send(CREATE);
  await socket.next('response.completed');
  expect(target.tollgate.openai.receivedFrames).toHaveLength(1);
});
