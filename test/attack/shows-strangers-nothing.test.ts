import { afterAll, beforeAll, expect, test } from 'vitest';
import { expectNoSecrets, openTarget, type Target } from '../helpers/expect-untouched.ts';
import { sendWire, type WireAnswer, type WireRequest, wireRequest } from '../helpers/wire.ts';

let target: Target;
let dashboardPort: number;
beforeAll(async () => {
  target = await openTarget({ config: { dashboardPort: 0 } });
  dashboardPort = Number(new URL(target.tollgate.engine.dashboardUrl ?? '').port);
});
afterAll(() => target.close());

const dashboard = (request: WireRequest) =>
  sendWire(dashboardPort, wireRequest(dashboardPort, { method: 'GET', target: '/', ...request }));

test('A23 /healthz says whether it works, and nothing else', async () => {
  for (const method of ['GET', 'HEAD']) {
    const answer = await target.send({ method, target: '/healthz' });
    expect(answer.status).toBe(200);
    expect(answer.body).toBe(method === 'HEAD' ? '' : '{"status":"ok"}');
    expect(answer.headers['cross-origin-resource-policy']).toBe('same-origin');
    expect(answer.headers['x-content-type-options']).toBe('nosniff');
    expect(answer.headers['cache-control']).toBe('no-store');
    expectAnonymous(answer);
  }
});

test('A23 /healthz and refusals are the same whether or not a key or an app exists', async () => {
  const { client } = target.tollgate;
  const before = await Promise.all([
    target.send({ method: 'GET', target: '/healthz' }),
    target.send({ body: '{}' }),
  ]);
  await client.keys.remove();
  const after = await Promise.all([
    target.send({ method: 'GET', target: '/healthz' }),
    target.send({ body: '{}' }),
  ]);
  expect(after.map(({ status, body }) => [status, body])).toEqual(
    before.map(({ status, body }) => [status, body]),
  );
});

test.each(['/', '/page.css', '/missing', '/rpc/engine/status', '/index.html', '/%2e%2e/etc/passwd'])(
  'A23 %s of the dashboard cannot be embedded, sniffed, framed or kept',
  async (path) => {
    const answer = await dashboard({ target: path });
    expect(answer.headers['content-security-policy']).toMatch(/^default-src 'none';.*frame-ancestors 'none'/);
    expect(answer.headers['content-security-policy']).not.toMatch(/unsafe|\*|https?:/);
    expect(answer.headers['x-frame-options']).toBe('DENY');
    expect(answer.headers['cross-origin-resource-policy']).toBe('same-origin');
    expect(answer.headers['cross-origin-opener-policy']).toBe('same-origin');
    expect(answer.headers['referrer-policy']).toBe('no-referrer');
    expect(answer.headers['x-content-type-options']).toBe('nosniff');
    expect(answer.headers['cache-control']).toBe('no-store');
    expectAnonymous(answer);
  },
);

/** With PORT for the right port. */
const FOREIGN = [
  'evil.com:PORT',
  'evil.com',
  'localhost.evil.com:PORT',
  '127.0.0.1',
  '127.0.0.1:1',
  '0.0.0.0:PORT',
  '[::]:PORT',
  'host.docker.internal:PORT',
  '',
];

test.each(FOREIGN)('A17 the dashboard does not answer to Host %j', async (host) => {
  for (const path of ['/', '/page.css', '/healthz']) {
    const answer = await dashboard({ target: path, host: host.replace('PORT', String(dashboardPort)) });
    expect(answer.status).toBe(403);
    expectAnonymous(answer);
  }
});

test.each([
  'Origin: https://evil.com',
  'Origin: null',
  'Sec-Fetch-Site: cross-site',
  'Sec-Fetch-Site: same-site',
])('A21 a page with %s gets nothing of the dashboard', async (line) => {
  for (const request of [
    {},
    { method: 'OPTIONS' },
    { method: 'POST', body: '{}' },
    { target: '/page.css' },
  ]) {
    const answer = await dashboard({ ...request, headers: [line, 'Access-Control-Request-Method: POST'] });
    expect(answer.status).toBe(403);
    expectAnonymous(answer);
  }
});

test.each<[string, WireRequest]>([
  ['A18 two Hosts', { headers: ['Host: evil.com'] }],
  ['A18 no Host', { host: null }],
  ['A18 HTTP/1.0', { version: 'HTTP/1.0' }],
  ['A03 a foreign target', { target: 'http://evil.com/' }],
  ['A01 a target with two slashes', { target: '//evil.com/' }],
  ['A63 101 headers', { headers: Array.from({ length: 101 }, (_, at) => `X-${at}: 1`) }],
])('%s is malformed for the dashboard too', async (_name, request) => {
  const answer = await dashboard(request);
  expect(answer.status).toBe(400);
  expectAnonymous(answer);
});

test('A25 the dashboard upgrades nothing', async () => {
  const headers = [
    'Connection: Upgrade',
    'Upgrade: websocket',
    'Sec-WebSocket-Key: x',
    'Origin: https://evil.com',
  ];
  const answer = await dashboard({ headers });
  expect(answer.status).toBe(403);
});

test('an app token opens nothing on the dashboard, and the two ports do not answer for each other', async () => {
  const withToken = await dashboard({ target: '/v1/models', headers: target.goodHeaders });
  expect(withToken.status).toBe(404);
  const crossed = await dashboard({ host: `127.0.0.1:${target.port}` });
  expect(crossed.status).toBe(403);
  const back = await target.send({ method: 'GET', target: '/', host: `127.0.0.1:${dashboardPort}` });
  expect(back.status).toBe(403);
});

function expectAnonymous(answer: WireAnswer): void {
  const { engine, openai } = target.tollgate;
  expect(Object.keys(answer.headers).filter((name) => name.startsWith('access-control-'))).toEqual([]);
  for (const name of ['server', 'x-powered-by', 'set-cookie', 'etag', 'via']) {
    expect(answer.headers).not.toHaveProperty(name);
  }
  expect(answer.body).not.toContain(engine.version);
  expect(answer.text).not.toContain(openai.baseUrl);
  expect(answer.text).not.toMatch(/express|node\.js|memory|victim|bystander/i);
  expectNoSecrets(target.tollgate, answer.text);
}
