import { afterAll, beforeAll, expect, test } from 'vitest';
import { expectRefused, openTarget, type Target } from '../helpers/expect-untouched.ts';
import { sendWire, type WireAnswer } from '../helpers/wire.ts';

let target: Target;
const FRONT_END = 'http://localhost:3000';

beforeAll(async () => {
  target = await openTarget();
  await target.tollgate.createApp('front-end', ['usd=5/day'], { origins: [FRONT_END] });
});
afterAll(() => target.close());

const PREFLIGHT = [
  'Access-Control-Request-Method: POST',
  'Access-Control-Request-Headers: authorization,content-type',
];
const PRIVATE_NETWORK = 'Access-Control-Request-Private-Network: true';
const LOCAL_NETWORK = 'Access-Control-Request-Local-Network: true';

test.each(['https://evil.com', 'null', 'http://localhost:3001'])(
  'A24 a preflight from %s gets no allowing header on any path',
  async (origin) => {
    for (const path of ['/v1/chat/completions', '/v1/files', '/healthz', '/rpc/engine/status', '/']) {
      for (const extra of [[], [PRIVATE_NETWORK], [LOCAL_NETWORK]]) {
        const headers = [`Origin: ${origin}`, ...PREFLIGHT, ...extra];
        const attack = () => target.send({ method: 'OPTIONS', target: path, headers });
        await expectRefused(target, attack, { status: 403, code: 'origin_not_allowed' });
      }
    }
  },
);

test.each([PRIVATE_NETWORK, LOCAL_NETWORK])(
  'A24 a preflight of an admitted origin gets what it needs, and nothing for %s',
  async (extra) => {
    const answer = await preflight(`Origin: ${FRONT_END}`, ...PREFLIGHT, extra);
    expect(answer.status).toBe(204);
    expect(allowing(answer)).toEqual({
      'access-control-allow-origin': FRONT_END,
      'access-control-allow-methods': 'GET, POST, DELETE',
      'access-control-allow-headers': 'authorization, content-type',
      'access-control-max-age': '600',
    });
  },
);

test('A24 a preflight is granted only headers that a client of OpenAI sends', async () => {
  const asked =
    'x-stainless-os, x-tollgate-user, cookie, x-evil, host, *, x-forwarded-for, openai-beta, a\x09b';
  const answer = await preflight(`Origin: ${FRONT_END}`, `Access-Control-Request-Headers: ${asked}`);
  expect(answer.headers['access-control-allow-headers']).toBe('x-stainless-os, x-tollgate-user, openai-beta');
});

const WEBSOCKET = [
  'Connection: Upgrade',
  'Upgrade: websocket',
  'Sec-WebSocket-Version: 13',
  'Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==',
];
const PATHS = [
  '/v1/realtime?model=gpt-realtime',
  '/v1/responses',
  '/v1/chat/completions',
  '/healthz',
  '/rpc',
];

test.each(PATHS)('A25 a WebSocket to %s from a foreign origin is refused and closed', async (path) => {
  for (const origin of ['https://evil.com', 'null', FRONT_END.replace('3000', '3001')]) {
    for (const protocol of ['', `openai-insecure-api-key.${target.token}`]) {
      const headers = [
        ...WEBSOCKET,
        `Origin: ${origin}`,
        `Sec-WebSocket-Protocol: realtime${protocol && `, ${protocol}`}`,
      ];
      const answer = await expectRefused(target, () => upgrade(path, headers), {
        status: 403,
        code: 'origin_not_allowed',
      });
      expect(answer.closed).toBe(true);
      expect(answer.text).not.toContain(target.token);
    }
  }
});

test('A25 a WebSocket to a foreign Host, or with two, is refused and closed', async () => {
  const foreign = () => upgrade('/v1/realtime', [...WEBSOCKET, ...target.goodHeaders], 'evil.com');
  const answer = await expectRefused(target, foreign, { status: 403, code: 'host_not_allowed' });
  expect(answer.closed).toBe(true);
  const twice = () => upgrade('/v1/realtime', [...WEBSOCKET, 'Host: evil.com', ...target.goodHeaders]);
  await expectRefused(target, twice, { status: 400, code: 'malformed_request' });
});

test.each([
  ['h2c', ['Connection: Upgrade, HTTP2-Settings', 'Upgrade: h2c', 'HTTP2-Settings: AAMAAABkAAQAAP__']],
  ['TLS', ['Connection: Upgrade', 'Upgrade: TLS/1.0']],
])('A25 an upgrade to %s with a good token does not happen', async (_name, lines) => {
  const headers = [...lines, ...target.goodHeaders];
  const answer = await expectRefused(target, () => upgrade('/v1/responses', headers), {
    status: 426,
    code: 'upgrade_refused',
  });
  expect(answer.closed).toBe(true);
});

test('A25 what is sent behind an upgrade is not a request', async () => {
  const hidden = `GET /v1/models HTTP/1.1\r\nHost: 127.0.0.1:${target.port}\r\nAuthorization: Bearer ${target.token}\r\n\r\n`;
  const attack = () =>
    target.send(
      { method: 'GET', target: '/v1/responses', headers: WEBSOCKET, body: hidden, countBody: false },
      { untilClosedMs: 10_000 },
    );
  await expectRefused(target, attack, { status: 401, code: 'invalid_app_token' });
});

test.each([
  ['HTTP/2 preface', 'PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n'],
  ['TLS hello', '\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03'],
  ['SOCKS', '\x05\x01\x00'],
  ['nothing but line ends and zeros', '\r\n\r\n\x00\x00\x00'],
])('a client that speaks something else (%s) is told so', async (_name, bytes) => {
  await expectRefused(target, () => sendWire(target.port, bytes), { status: 400, code: 'malformed_request' });
});

function preflight(...headers: string[]) {
  return target.send({ method: 'OPTIONS', headers });
}

function upgrade(path: string, headers: readonly string[], host?: string) {
  const request = { method: 'GET', target: path, headers };
  return target.send(host === undefined ? request : { ...request, host }, { untilClosedMs: 10_000 });
}

function allowing({ headers }: WireAnswer) {
  return Object.fromEntries(Object.entries(headers).filter(([name]) => name.startsWith('access-control-')));
}
