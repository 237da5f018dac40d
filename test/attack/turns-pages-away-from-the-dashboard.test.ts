import { afterAll, beforeAll, expect, test } from 'vitest';
import { openTarget, type Target } from '../helpers/expect-untouched.ts';
import { sendWire, type WireAnswer, type WireRequest, wireRequest } from '../helpers/wire.ts';

let target: Target;
let port: number;
let session: string;
beforeAll(async () => {
  target = await openTarget({ config: { dashboardPort: 0 } });
  port = Number(new URL(target.tollgate.engine.dashboardUrl ?? '').port);
  const { url } = await target.tollgate.client.sessions.link();
  const answer = await send({
    target: '/session',
    headers: ['Content-Type: application/json'],
    body: JSON.stringify({ link: new URL(url).hash.slice('#link='.length) }),
  });
  session = (JSON.parse(answer.body) as { session: string }).session;
});
afterAll(() => target.close());

const send = (request: WireRequest): Promise<WireAnswer> => sendWire(port, wireRequest(port, request));

/** A call that is right in everything, also with a stolen session, but for what a browser says of its page. */
const call = (headers: readonly string[], more: Partial<WireRequest> = {}): Promise<WireAnswer> =>
  send({
    target: '/rpc/apps/list',
    headers: ['Content-Type: application/json', `x-tollgate-session: ${session}`, ...headers],
    body: '{}',
    ...more,
  });

/** What a browser sends for a script of the page itself. */
const OWN = (): string[] => [
  `Origin: http://127.0.0.1:${port}`,
  'Sec-Fetch-Site: same-origin',
  'Sec-Fetch-Mode: cors',
  'Sec-Fetch-Dest: empty',
];

test('the page itself is answered, by each of its names', async () => {
  expect((await call(OWN())).status).toBe(200);
  for (const name of ['localhost', '[::1]']) {
    const headers = OWN().map((line) => line.replace('127.0.0.1', name));
    expect((await call(headers, { host: `${name}:${port}` })).status).toBe(200);
  }
});

/** With PORT for the right port. */
test.each([
  'A20 https://evil.com',
  'A21 null',
  'A21 file://',
  'T7 http://127.0.0.1:1',
  'T7 http://127.0.0.1:PORT0',
  'T7 http://localhost:3000',
  'T7 http://localhost:PORT',
  'T7 https://127.0.0.1:PORT',
  'A26 http://evil.com:PORT',
  'A26 http://127.0.0.1.evil.com:PORT',
  'A21 http://127.0.0.1:PORT.',
  'A21 http://127.0.0.1:PORT http://evil.com',
  'A21 HTTP://127.0.0.1:PORT/',
  'A25 chrome-extension://abc',
])('%s as the origin gets nothing, even with a stolen session', async (row) => {
  const origin = row.slice(row.indexOf(' ') + 1).replaceAll('PORT', String(port));
  const others = OWN().slice(1);
  for (const path of ['/rpc/apps/list', '/api/v1/apps/list', '/session', '/']) {
    for (const headers of [[`Origin: ${origin}`], [`Origin: ${origin}`, ...others]]) {
      const answer = await call(headers, { target: path });
      expect([path, answer.status]).toEqual([path, 403]);
      expectNothing(answer);
    }
  }
});

test.each(['cross-site', 'same-site', 'none', 'evil'])(
  'A20 a call that a browser marks as %s gets nothing',
  async (site) => {
    const headers = OWN().filter((line) => !line.startsWith('Sec-Fetch-Site'));
    expectNothing(await call([...headers, `Sec-Fetch-Site: ${site}`]), 403);
  },
);

test.each(['no-cors', 'navigate', 'websocket'])('A20 a call in mode %s gets nothing', async (mode) => {
  const headers = OWN().filter((line) => !line.startsWith('Sec-Fetch-Mode'));
  expectNothing(await call([...headers, `Sec-Fetch-Mode: ${mode}`]), 403);
});

test.each(['document', 'iframe', 'image', 'script', 'worker', 'report'])(
  'A20 a call for a %s gets nothing',
  async (dest) => {
    const headers = OWN().filter((line) => !line.startsWith('Sec-Fetch-Dest'));
    expectNothing(await call([...headers, `Sec-Fetch-Dest: ${dest}`]), 403);
  },
);

test.each(['iframe', 'frame', 'embed', 'object', 'fencedframe'])(
  'A70 the page is shown in no %s, also not of its own origin',
  async (dest) => {
    for (const site of ['same-origin', 'cross-site', 'none']) {
      const headers = [`Sec-Fetch-Dest: ${dest}`, `Sec-Fetch-Site: ${site}`, 'Sec-Fetch-Mode: navigate'];
      expectNothing(await send({ method: 'GET', target: '/', headers }), 403);
    }
  },
);

test.each([
  'text/plain',
  'application/x-www-form-urlencoded',
  'multipart/form-data; boundary=x',
  'application/json, text/plain',
  'application/json; charset=utf-7',
  'application/jsonx',
  '',
])('A20 a form or beacon of type %j is no call', async (type) => {
  const headers = [
    `x-tollgate-session: ${session}`,
    ...OWN(),
    ...(type === '' ? [] : [`Content-Type: ${type}`]),
  ];
  for (const path of ['/rpc/apps/list', '/api/v1/apps/list', '/session']) {
    expectNothing(await send({ target: path, headers, body: '{}' }), 415);
  }
});

test.each(['GET', 'HEAD', 'PUT', 'DELETE', 'PATCH', 'OPTIONS', 'TRACE', 'PURGE'])(
  'A07 %s calls nothing',
  async (method) => {
    const headers = ['Content-Type: application/json', `x-tollgate-session: ${session}`, ...OWN()];
    for (const path of ['/rpc/engine/pauseAll', '/api/v1/engine/pauseAll', '/session']) {
      const answer = await send({ method, target: `${path}?data={"json":{}}`, headers });
      expect([path, answer.status]).toEqual([path, method === 'GET' || method === 'HEAD' ? 404 : 405]);
      expectNothing(answer);
    }
    expect((await target.tollgate.client.engine.status()).paused).toBeNull();
  },
);

test('A24 a preflight is answered without any permission', async () => {
  const answer = await send({
    method: 'OPTIONS',
    target: '/rpc/apps/list',
    headers: [
      'Origin: https://evil.com',
      'Access-Control-Request-Method: POST',
      'Access-Control-Request-Headers: x-tollgate-session',
      'Access-Control-Request-Private-Network: true',
    ],
  });
  expectNothing(answer, 403);
});

test('A26 a name that was rebound to this machine gets nothing, on any path', async () => {
  for (const path of ['/', '/page.css', '/rpc/apps/list', '/session']) {
    for (const method of ['GET', 'POST']) {
      const host = `rebound.evil.com:${port}`;
      const headers = [
        'Content-Type: application/json',
        `Origin: http://${host}`,
        'Sec-Fetch-Site: same-origin',
      ];
      expectNothing(await send({ method, target: path, host, headers, body: '{}' }), 403);
    }
  }
});

function expectNothing(answer: WireAnswer, status?: number): void {
  if (status !== undefined) expect(answer.status).toBe(status);
  expect(answer.status).toBeGreaterThanOrEqual(400);
  expect(Object.keys(answer.headers).filter((name) => name.startsWith('access-control-'))).toEqual([]);
  expect(answer.headers['set-cookie']).toBeUndefined();
  expect(answer.headers['cross-origin-resource-policy']).toBe('same-origin');
  expect(answer.body).not.toMatch(/victim|bystander|app_|tgs_/);
}
