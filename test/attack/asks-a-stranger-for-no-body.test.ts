import { afterAll, beforeAll, expect, test } from 'vitest';
import { expectRefused, GOOD_CHAT, openTarget, type Target } from '../helpers/expect-untouched.ts';

let target: Target;
beforeAll(async () => {
  target = await openTarget();
});
afterAll(() => target.close());

const GIGABYTE = `Content-Length: ${1024 ** 3}`;
const EXPECT = 'Expect: 100-continue';

const REFUSED: readonly [string, readonly string[], number, string][] = [
  ['with a bad token', ['Authorization: Bearer tg_wrong', GIGABYTE], 401, 'invalid_app_token'],
  ['without a token', [GIGABYTE], 401, 'invalid_app_token'],
  [
    'with a real key',
    ['Authorization: Bearer sk-proj-SomebodyElse0123456789', GIGABYTE],
    401,
    'real_key_received',
  ],
  ['from a page', ['Origin: https://evil.com', GIGABYTE], 403, 'origin_not_allowed'],
  [
    'in chunks with a bad token',
    ['Authorization: Bearer tg_wrong', 'Transfer-Encoding: chunked'],
    401,
    'invalid_app_token',
  ],
];

test.each(REFUSED)(
  'A60 a gigabyte that is announced %s is not asked for',
  async (_name, lines, status, code) => {
    for (const expectation of [EXPECT, 'Expect: 100-Continue']) {
      const attack = () =>
        target.send(
          { headers: [...lines, 'Content-Type: application/json', expectation] },
          { untilClosedMs: 10_000 },
        );
      const answer = await expectRefused(target, attack, { status, code });
      expect(answer.text).not.toContain(' 100 ');
      expect(answer.headers['connection']).toBe('close');
      expect(answer.closed).toBe(true);
    }
  },
);

test.each<[string, readonly string[], string | undefined, number, string]>([
  ['that is too large', [GIGABYTE], undefined, 413, 'body_too_large'],
  [
    'of another type',
    ['Content-Type: text/plain', 'Content-Length: 9'],
    undefined,
    415,
    'unsupported_media_type',
  ],
  [
    'that is compressed',
    ['Content-Encoding: gzip', 'Content-Length: 9'],
    undefined,
    415,
    'content_encoding_refused',
  ],
  ['for an unknown path', ['Content-Length: 9'], '/v1/unknown', 404, 'route_unknown'],
  ['for a path that is refused', ['Content-Length: 9'], '/v1/fine_tuning/jobs', 403, 'endpoint_refused'],
])('A60 a body %s is not asked for, although the token is good', async (_name, lines, path, status, code) => {
  const isTyped = lines.some((line) => line.startsWith('Content-Type'));
  const headers = [...(isTyped ? target.goodHeaders.slice(0, 1) : target.goodHeaders), ...lines, EXPECT];
  const attack = () =>
    target.send(path === undefined ? { headers } : { headers, target: path }, { untilClosedMs: 10_000 });
  const answer = await expectRefused(target, attack, { status, code });
  expect(answer.text).not.toContain(' 100 ');
  expect(answer.closed).toBe(true);
});

test('A60 an app that is paused is asked for no body', async () => {
  const { client, createApp } = target.tollgate;
  const token = await createApp('paused', []);
  await client.apps.pause({ app: 'paused' });
  const headers = [`Authorization: Bearer ${token}`, 'Content-Type: application/json', GIGABYTE, EXPECT];
  const answer = await expectRefused(target, () => target.send({ headers }), {
    status: 403,
    code: 'app_paused',
  });
  expect(answer.text).not.toContain(' 100 ');
});

test.each(['200-ok', '100', 'nonsense', ''])('A60 to expect %j is malformed', async (expected) => {
  const headers = [...target.goodHeaders, `Expect: ${expected}`];
  const attack = () => target.send({ headers, body: GOOD_CHAT });
  await expectRefused(target, attack, { status: 400, code: 'malformed_request' });
});

test('A60 a good request that expects 100 Continue gets it, and then its answer', async () => {
  const answer = await target.send({ headers: [...target.goodHeaders, EXPECT], body: GOOD_CHAT });
  expect(answer.text.startsWith('HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 200 OK\r\n')).toBe(true);
});
