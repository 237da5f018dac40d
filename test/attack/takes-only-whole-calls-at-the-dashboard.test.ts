import { connect } from 'node:net';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type DashboardDoor, dashboardDoor } from '../helpers/dashboard-door.ts';
import { expectNoSecrets, openTarget, type Target } from '../helpers/expect-untouched.ts';
import { sendWire, type WireAnswer, wireRequest } from '../helpers/wire.ts';

let target: Target;
let door: DashboardDoor;
let session: string;
beforeAll(async () => {
  target = await openTarget({ config: { dashboardPort: 0 } });
  door = dashboardDoor(target.tollgate);
  session = await door.newSession();
});
afterAll(() => target.close());

const GOOD = (): string[] => ['Content-Type: application/json', `x-tollgate-session: ${session}`];

/** Nothing has happened, nothing was told, and the next good call goes through. */
async function expectRefused(answer: WireAnswer, ...statuses: number[]): Promise<void> {
  expect(statuses, answer.text.slice(0, 300)).toContain(answer.status);
  expectNoSecrets(target.tollgate, answer.text);
  expect(answer.body).not.toMatch(/victim|bystander|tgs_/);
  const { paused } = await target.tollgate.client.engine.status();
  expect(paused).toBeNull();
  expect((await door.call(session, '/rpc/apps/list')).status).toBe(200);
}

test.each([
  ['X-HTTP-Method-Override: POST'],
  ['X-HTTP-Method: POST'],
  ['X-Method-Override: POST'],
  ['_method: POST'],
])('A07 a GET that says %s is a GET', async (line) => {
  for (const path of ['/rpc/engine/pauseAll', '/api/v1/engine/pauseAll?_method=POST']) {
    const answer = await door.send({ method: 'GET', target: path, headers: [...GOOD(), line], body: '{}' });
    await expectRefused(answer, 404);
  }
});

test('A07 a method in the body of a call is none', async () => {
  const answer = await door.send({
    target: '/session?_method=DELETE',
    headers: ['Content-Type: application/json', 'X-HTTP-Method-Override: DELETE'],
    body: '{"link":"x","_method":"DELETE"}',
  });
  await expectRefused(answer, 401);
});

test.each(['/rpc/apps/create', '/api/v1/apps/create'])('A62 a body over a megabyte to %s', async (path) => {
  const name = 'a'.repeat(1_100_000);
  const body = JSON.stringify(path.startsWith('/rpc') ? { json: { name } } : { name });
  await expectRefused(await door.send({ target: path, headers: GOOD(), body }), 413);
  const { apps } = await target.tollgate.client.apps.list();
  expect(apps).toHaveLength(2);
});

test('A62 a body over a megabyte in chunks, without a length', async () => {
  const chunk = `${(64 * 1024).toString(16)}\r\n${'a'.repeat(64 * 1024)}\r\n`;
  const body = `12\r\n{"json":{"name":"a\r\n${chunk.repeat(20)}0\r\n\r\n`;
  const headers = [...GOOD(), 'Transfer-Encoding: chunked'];
  const answer = await door.send({ target: '/rpc/apps/create', headers, body, countBody: false });
  await expectRefused(answer, 400, 413);
});

test('A62 a long link is none, and is not read to its end', async () => {
  const body = JSON.stringify({ link: 'A'.repeat(900_000) });
  const answer = await door.send({ target: '/session', headers: ['Content-Type: application/json'], body });
  await expectRefused(answer, 401, 429);
});

test('A37 what is not one JSON object is no call', async () => {
  for (const body of [
    '',
    '{',
    '[]',
    'null',
    '"x"',
    '{"json":',
    '{"json":{}}{}',
    'NaN',
    '[['.repeat(20_000),
  ]) {
    for (const path of ['/rpc/apps/pause', '/api/v1/apps/pause', '/session']) {
      const answer = await door.send({ target: path, headers: GOOD(), body });
      await expectRefused(answer, 400, 401, 429);
    }
  }
});

test('A39 keys that reach for prototypes change nothing', async () => {
  const body = '{"json":{"__proto__":{"x":1},"constructor":{"prototype":{"x":1}}},"__proto__":{"x":1}}';
  for (const path of ['/rpc/settings/set', '/api/v1/settings/set', '/session']) {
    await door.send({ target: path, headers: GOOD(), body });
  }
  expect(Object.getOwnPropertyNames(Object.prototype)).not.toContain('x');
  expect(({} as { x?: number }).x).toBeUndefined();
});

test('A25 a WebSocket to the dashboard is not opened, whoever asks', async () => {
  const upgrade = ['Connection: Upgrade', 'Upgrade: websocket', 'Sec-WebSocket-Version: 13'];
  const key = 'Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==';
  for (const origin of ['https://evil.com', 'null', `http://127.0.0.1:${door.port}`]) {
    for (const path of ['/', '/rpc/events/follow', '/v1/responses']) {
      const answer = await door.send({
        method: 'GET',
        target: path,
        headers: [
          ...upgrade,
          key,
          `Origin: ${origin}`,
          `Sec-WebSocket-Protocol: openai-insecure-api-key.${target.token}`,
        ],
      });
      expect([origin, path, answer.status]).not.toEqual([origin, path, 101]);
      expect(answer.body).not.toMatch(/victim|app_/);
      if (!origin.includes(String(door.port))) expect(answer.status).toBe(403);
    }
  }
});

test('A20 an event source of another origin gets no event', async () => {
  for (const path of ['/rpc/events/follow', '/api/v1/events/follow']) {
    const foreign = ['Accept: text/event-stream', 'Origin: https://evil.com', 'Sec-Fetch-Site: cross-site'];
    await expectRefused(await door.send({ method: 'GET', target: path, headers: foreign }), 403);
    // Also of ours: an EventSource can send no header, so it is none of the page's ways.
    const own = ['Accept: text/event-stream', 'Sec-Fetch-Site: same-origin'];
    await expectRefused(await door.send({ method: 'GET', target: path, headers: own }), 404);
  }
});

test('A17 only exact names of the dashboard pass', async () => {
  const { port } = door;
  const wrong = [
    `evil.com:${port}`,
    `127.0.0.1.evil.com:${port}`,
    `localhost.evil.com:${port}`,
    `127.0.0.1:${target.port}`,
    '127.0.0.1',
    `user@127.0.0.1:${port}`,
    `127.0.0.1.:${port}`,
    `0.0.0.0:${port}`,
    `[::]:${port}`,
    `[::ffff:127.0.0.1]:${port}`,
    `host.docker.internal:${port}`,
    `127.1:${port}`,
    '',
  ];
  for (const host of wrong) {
    for (const method of ['GET', 'POST']) {
      const answer = await door.send({ method, target: '/', host, headers: GOOD(), body: '{}' });
      expect([host, answer.status]).toEqual([host, 403]);
    }
  }
});

test('A18 none, two or no Host at all', async () => {
  const two = [`Host: 127.0.0.1:${door.port}`, ...GOOD()];
  await expectRefused(await door.send({ target: '/rpc/apps/list', headers: two, body: '{}' }), 400);
  await expectRefused(
    await door.send({ target: '/rpc/apps/list', host: null, headers: GOOD(), body: '{}' }),
    400,
  );
  const old = await door.send({ method: 'GET', target: '/', version: 'HTTP/1.0', host: null });
  expect(old.status).toBe(400);
});

test.each([
  '//evil.com/rpc/apps/list',
  'http://evil.com/rpc/apps/list',
  '/rpc/../session',
  '/rpc/%2e%2e/session',
  '/RPC/apps/list',
  '/rpc//apps/list',
  '/rpc/apps/list/',
  '/assets/../../package.json',
  '/..%2f..%2fpackage.json',
  '/%00',
])('A04 %s leads nowhere', async (path) => {
  for (const method of ['GET', 'POST']) {
    const answer = await door.send({ method, target: path, headers: GOOD(), body: '{}' });
    await expectRefused(answer, 400, 404);
  }
});

test('A63 a header beyond the hundredth is not dropped in silence', async () => {
  const many = Array.from({ length: 110 }, (_, at) => `x-h${at}: 1`);
  const answer = await door.send({ target: '/rpc/apps/list', headers: [...many, ...GOOD()], body: '{}' });
  await expectRefused(answer, 400, 431);
});

test('A59 a head that does not end keeps nobody out', async () => {
  const socket = connect({ port: door.port, host: '127.0.0.1' });
  socket.on('error', () => undefined);
  socket.write('POST /rpc/apps/list HTTP/1.1\r\nHost: ');
  expect((await door.call(session, '/rpc/apps/list')).status).toBe(200);
  socket.destroy();
});

test('A66 a session in a trailer is none', async () => {
  const bytes = wireRequest(door.port, {
    target: '/rpc/apps/list',
    headers: ['Content-Type: application/json', 'Transfer-Encoding: chunked', 'Trailer: x-tollgate-session'],
    body: `2\r\n{}\r\n0\r\nx-tollgate-session: ${session}\r\n\r\n`,
    countBody: false,
  });
  await expectRefused(await sendWire(door.port, bytes), 401);
});

test('A69 what a browser calls itself is kept as plain text', async () => {
  const link = await door.newLink();
  const answer = await door.send({
    target: '/session',
    headers: ['Content-Type: application/json', 'User-Agent: <img src=x onerror=alert(1)>\t\x80\xff'],
    body: JSON.stringify({ link }),
  });
  expect(answer.status).toBe(200);
  const { sessions } = await target.tollgate.client.sessions.list();
  expect(sessions.map(({ browser }) => browser)).toContain('<img src=x onerror=alert(1)>');
});
