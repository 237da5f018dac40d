import { afterAll, beforeAll, expect, test } from 'vitest';
import { expectRefused, GOOD_CHAT, openTarget, type Target } from '../helpers/expect-untouched.ts';

let target: Target;
/** Of an app that admits the front end at {@link FRONT_END}. */
let browserToken: string;
const FRONT_END = 'http://localhost:3000';

beforeAll(async () => {
  target = await openTarget();
  browserToken = await target.tollgate.createApp('front-end', ['usd=5/day'], { origins: [FRONT_END] });
});
afterAll(() => target.close());

const FORM_TYPES = [
  'text/plain',
  'text/plain;charset=UTF-8',
  'application/x-www-form-urlencoded',
  'multipart/form-data; boundary=x',
];

test.each(FORM_TYPES)(
  'A20 a form of a page as %s, without a token, is refused by its origin',
  async (type) => {
    const headers = ['Origin: https://evil.com', `Content-Type: ${type}`];
    const attack = () => target.send({ headers, body: GOOD_CHAT });
    await expectRefused(target, attack, { status: 403, code: 'origin_not_allowed' });
  },
);

test.each(FORM_TYPES)(
  'A20 %s without an origin needs a token, and with one is still no JSON',
  async (type) => {
    const strange = () => target.send({ headers: [`Content-Type: ${type}`], body: GOOD_CHAT });
    await expectRefused(target, strange, { status: 401, code: 'invalid_app_token' });
    const headers = [`Authorization: Bearer ${target.token}`, `Content-Type: ${type}`];
    const known = () => target.send({ headers, body: GOOD_CHAT });
    await expectRefused(target, known, { status: 415, code: 'unsupported_media_type' });
  },
);

test.each([
  '',
  'Content-Type:',
  'Content-Type: application/json5',
  'Content-Type: application/jsonl',
  'Content-Type: application/vnd.api+json',
  'Content-Type: text/json',
  'Content-Type: application/json, text/plain',
  'Content-Type: text/plain; application/json',
])('A20 a body of type %j is not taken for JSON', async (line) => {
  const headers = [`Authorization: Bearer ${target.token}`, ...(line === '' ? [] : [line])];
  const attack = () => target.send({ headers, body: GOOD_CHAT });
  await expectRefused(target, attack, { status: 415, code: 'unsupported_media_type' });
});

const FOREIGN_ORIGINS = [
  'null',
  '',
  'https://evil.com',
  'file://',
  'http://127.0.0.1:PORT',
  'http://localhost:PORT',
  'http://localhost:3001',
  'https://localhost:3000',
  'http://127.0.0.1:3000',
  'http://LOCALHOST:3000',
  'http://localhost:3000/',
  'http://localhost:3000.evil.com',
  'http://localhost:3000 https://evil.com',
  'http://localhost:3000, https://evil.com',
  'http://user@localhost:3000',
  'http://localhost',
  'localhost:3000',
  'chrome-extension://abcdefgh',
  'app://tollgate',
  '*',
];

test.each(FOREIGN_ORIGINS)('A21 origin %j is refused although the token is good', async (row) => {
  const origin = `Origin: ${row.replace('PORT', String(target.port))}`;
  for (const token of [target.token, browserToken]) {
    const headers = [origin, `Authorization: Bearer ${token}`, 'Content-Type: application/json'];
    const attack = () => target.send({ headers, body: GOOD_CHAT });
    await expectRefused(target, attack, { status: 403, code: 'origin_not_allowed' });
  }
});

test('A21 an origin that one app admits is foreign to every other app', async () => {
  const headers = [`Origin: ${FRONT_END}`, ...target.goodHeaders];
  const attack = () => target.send({ headers, body: GOOD_CHAT });
  await expectRefused(target, attack, { status: 403, code: 'origin_not_allowed' });
});

test('A21 two origins are malformed', async () => {
  const headers = [
    `Origin: ${FRONT_END}`,
    'Origin: https://evil.com',
    `Authorization: Bearer ${browserToken}`,
  ];
  const attack = () => target.send({ headers, body: GOOD_CHAT });
  await expectRefused(target, attack, { status: 400, code: 'malformed_request' });
});

test('A21 no app can be made to admit the origin null, all of them or a path', async () => {
  for (const origin of ['null', '*', 'http://localhost:3000/', 'file://', 'app://x', 'localhost']) {
    const creating = target.tollgate.createApp(`origin-${Math.random()}`, [], { origins: [origin] });
    await expect(creating, origin).rejects.toMatchObject({ code: 'input_invalid' });
  }
});

test.each(['cross-site', 'same-site', 'CROSS-SITE', 'nonsense', ''])(
  'A23 a tag of a page, Sec-Fetch-Site %j without an origin, is refused on every path',
  async (site) => {
    for (const path of ['/v1/models', '/healthz', '/']) {
      const headers = [...target.goodHeaders, `Sec-Fetch-Site: ${site}`, 'Sec-Fetch-Mode: no-cors'];
      const attack = () => target.send({ method: 'GET', target: path, headers });
      await expectRefused(target, attack, { status: 403, code: 'origin_not_allowed' });
    }
  },
);

test('A23 a second Sec-Fetch-Site does not replace the first one', async () => {
  const headers = [...target.goodHeaders, 'Sec-Fetch-Site: cross-site', 'Sec-Fetch-Site: none'];
  const attack = () => target.send({ method: 'GET', target: '/v1/models', headers });
  await expectRefused(target, attack, { status: 400, code: 'malformed_request' });
});

test('A21 the front end of a browser app is answered, and may read the answer', async () => {
  const headers = [
    `Origin: ${FRONT_END}`,
    `Authorization: Bearer ${browserToken}`,
    'Content-Type: application/json',
  ];
  const answer = await target.send({ headers: [...headers, 'Sec-Fetch-Site: same-site'], body: GOOD_CHAT });
  expect(answer.status).toBe(200);
  expect(answer.headers['access-control-allow-origin']).toBe(FRONT_END);
  expect(answer.headers['vary']).toContain('Origin');
  expect(answer.headers).not.toHaveProperty('access-control-allow-credentials');
});
