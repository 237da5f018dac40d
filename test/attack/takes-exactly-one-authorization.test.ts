import { afterAll, beforeAll, expect, test } from 'vitest';
import { expectRefused, GOOD_CHAT, openTarget, type Target } from '../helpers/expect-untouched.ts';

let target: Target;
beforeAll(async () => {
  target = await openTarget();
});
afterAll(() => target.close());

const JSON_TYPE = 'Content-Type: application/json';
const attempt = (...lines: readonly string[]) =>
  target.send({
    headers: [...lines.map((line) => line.replaceAll('TOKEN', target.token)), JSON_TYPE],
    body: GOOD_CHAT,
  });

test.each([
  [['Authorization: Bearer TOKEN', 'Authorization: Bearer tg_wrong']],
  [['Authorization: Bearer tg_wrong', 'Authorization: Bearer TOKEN']],
  [['Authorization: Bearer TOKEN', 'authorization: Bearer TOKEN']],
  [['Authorization:', 'Authorization: Bearer TOKEN']],
  [['Authorization: Bearer TOKEN', 'X-Between: 1', 'AUTHORIZATION: Basic eDp5']],
])('A12 %j is two, whatever they say', async (lines) => {
  await expectRefused(target, () => attempt(...lines), { status: 400, code: 'malformed_request' });
});

test.each([
  'Authorization: Bearer TOKEN, Bearer TOKEN',
  'Authorization: Bearer TOKEN,Bearer tg_wrong',
  'Authorization: Bearer tg_wrong, Bearer TOKEN',
  'Authorization: Bearer TOKEN TOKEN',
  'Authorization: Bearer\tTOKEN',
  'Authorization: Bearer \tTOKEN',
  'Authorization: BearerTOKEN',
  'Authorization: Bearer: TOKEN',
  'Authorization: Bearer "TOKEN"',
  'Authorization: Bearer <TOKEN>',
  'Authorization: Bearer',
  'Authorization: TOKEN',
  'Authorization: Token TOKEN',
  'Authorization: Basic TOKEN',
  'Authorization: Digest TOKEN',
  'Authorization: Bearer Bearer TOKEN',
  'Authorization: ',
  'api-key: TOKEN',
  'x-api-key: TOKEN',
  'X-Authorization: Bearer TOKEN',
  'Proxy-Authorization: Bearer TOKEN',
  'Cookie: authorization=Bearer TOKEN; token=TOKEN',
  'Sec-WebSocket-Protocol: openai-insecure-api-key.TOKEN',
])('A12 %s is not a bearer token', async (line) => {
  await expectRefused(target, () => attempt(line), { status: 401, code: 'invalid_app_token' });
});

test('A12 Basic with the app token as password is not a bearer token', async () => {
  for (const pair of [`:${target.token}`, `user:${target.token}`, `${target.token}:`]) {
    const line = `Authorization: Basic ${Buffer.from(pair).toString('base64')}`;
    await expectRefused(target, () => attempt(line), { status: 401, code: 'invalid_app_token' });
  }
});

test('A12 a token in the query or in the body is not a bearer token', async () => {
  const { token } = target;
  for (const query of [`?api_key=${token}`, `?access_token=${token}`, `?authorization=Bearer%20${token}`]) {
    const attack = () =>
      target.send({ target: `/v1/chat/completions${query}`, headers: [JSON_TYPE], body: GOOD_CHAT });
    await expectRefused(target, attack, { status: 401, code: 'invalid_app_token' });
  }
  const body = JSON.stringify({ ...JSON.parse(GOOD_CHAT), api_key: token });
  await expectRefused(target, () => target.send({ headers: [JSON_TYPE], body }), { status: 401 });
});

test.each(['bearer', 'BEARER', 'bEaReR', 'Bearer  ', ' Bearer'])(
  'A12 the scheme %j is fine',
  async (scheme) => {
    const answer = await attempt(`Authorization:${scheme} TOKEN  `);
    expect(answer.status).toBe(200);
  },
);
