import { afterAll, beforeAll, expect, test } from 'vitest';
import { expectRefused, GOOD_CHAT, openTarget, type Target } from '../helpers/expect-untouched.ts';
import { CANARY_KEY } from '../helpers/open-tollgate.ts';

let target: Target;
beforeAll(async () => {
  target = await openTarget();
});
afterAll(() => target.close());

const STAYS = [
  'x-portkey-custom-host: http://evil.com',
  'x-base-url: http://evil.com',
  'api-base: http://evil.com',
  'helicone-openai-api-base: http://evil.com',
  'OpenAI-Organization: org-evil',
  'OpenAI-Project: proj_evil',
  'api-key: sk-evil-evil-evil',
  'x-api-key: sk-evil-evil-evil',
  'Proxy-Authorization: Basic ZXZpbA==',
  'Cookie: session=evil',
  'X-Forwarded-Host: evil.com',
  'X-Forwarded-For: 6.6.6.6',
  'X-Forwarded-Proto: http',
  'Forwarded: host=evil.com',
  'X-Original-URL: /v1/files',
  'X-Rewrite-URL: /v1/files',
  'X-Real-IP: 6.6.6.6',
  'Via: 1.1 evil',
  'Referer: http://evil.com/',
  'Accept-Encoding: gzip, br',
  'Connection: keep-alive, authorization',
  'Keep-Alive: timeout=1000',
  'TE: trailers',
  'Trailer: Authorization',
  'Max-Forwards: 0',
  'X-Tollgate-User: alice',
  'X-Tollgate-Error: none',
  '__proto__: polluted',
  'constructor: polluted',
  'X-\x60Odd\x7e: 1',
];

test.each(STAYS)('A09 %s does not reach OpenAI', async (line) => {
  const answer = await target.send({ headers: [...target.goodHeaders, line], body: GOOD_CHAT });
  expect(answer.status).toBe(200);
  const name = line.slice(0, line.indexOf(':')).toLowerCase();
  const value = line.slice(line.indexOf(':') + 2);
  const sent = upstreamHeaders();
  expect(sent.filter(([sentName, sentValue]) => sentValue === value && sentName === name)).toEqual([]);
  expect(namesOf(sent).filter((each) => !EXPECTED.includes(each))).toEqual([]);
});

/** What undici adds, what we add, and what the request had. */
const EXPECTED = ['host', 'connection', 'accept-encoding', 'authorization', 'content-length', 'content-type'];

test('A09 OpenAI gets its own name as Host, the real key once, and no app token', async () => {
  const answer = await target.send({ headers: [...target.goodHeaders, 'X-Host: evil.com'], body: GOOD_CHAT });
  expect(answer.status).toBe(200);
  const sent = upstreamHeaders();
  expect(valuesOf(sent, 'host')).toEqual([new URL(target.tollgate.openai.baseUrl).host]);
  expect(valuesOf(sent, 'authorization')).toEqual([`Bearer ${CANARY_KEY}`]);
  expect(valuesOf(sent, 'accept-encoding')).toEqual(['identity']);
  expect(sent.flat().join(' ')).not.toContain(target.token);
});

test.each(['base_url', 'api_base', 'api_key', 'organization', 'extra_headers', 'extra_body', 'headers'])(
  'A10 the field %s of a body decides neither where it goes nor with which key',
  async (field) => {
    const evil = { url: 'http://evil.com', authorization: 'Bearer sk-evil' };
    const body = JSON.stringify({
      ...JSON.parse(GOOD_CHAT),
      [field]: field.startsWith('extra') ? evil : evil.url,
    });
    const answer = await target.send({ headers: target.goodHeaders, body });
    expect(answer.status).toBe(200);
    const sent = upstreamHeaders();
    expect(target.tollgate.openai.received.at(-1)?.path).toBe('/v1/chat/completions');
    expect(valuesOf(sent, 'authorization')).toEqual([`Bearer ${CANARY_KEY}`]);
    expect(valuesOf(sent, 'host')).toEqual([new URL(target.tollgate.openai.baseUrl).host]);
  },
);

test.each([
  'User-Agent: caf\xc3\xa9',
  'User-Agent: \x80\xff',
  'OpenAI-Beta: x\xa0y',
  'X-Stainless-Lang: \xff',
  'Accept: \x80',
])('A13 %j is dropped, and the request passes', async (line) => {
  const answer = await target.send({ headers: [...target.goodHeaders, line], body: GOOD_CHAT });
  expect(answer.status).toBe(200);
  expect(namesOf(upstreamHeaders()).filter((each) => !EXPECTED.includes(each))).toEqual([]);
});

test.each([
  'User-Agent: a\rX-Evil: 1',
  'User-Agent: a\nX-Evil: 1',
  'User-Agent: a\r\n X-Evil: folded',
  'User-Agent: a\x00b',
  'User-Agent: a\x07b',
  'X-Evil : 1',
  ' X-Evil: 1',
  'X Evil: 1',
  'X-Evil',
  ': 1',
])('A13 %j is malformed', async (line) => {
  const attack = () => target.send({ headers: [...target.goodHeaders, line], body: GOOD_CHAT });
  await expectRefused(target, attack, { status: 400, code: 'malformed_request' });
});

test('A13 a header that escapes or quotes a line end is carried as the text it is', async () => {
  const agent = 'app/1.0 %0d%0aX-Evil: 1 \\r\\nX-Evil: 1';
  const answer = await target.send({
    headers: [...target.goodHeaders, `User-Agent: ${agent}`],
    body: GOOD_CHAT,
  });
  expect(answer.status).toBe(200);
  expect(valuesOf(upstreamHeaders(), 'user-agent')).toEqual([agent]);
  expect(namesOf(upstreamHeaders())).not.toContain('x-evil');
});

function upstreamHeaders(): [name: string, value: string][] {
  const raw = target.tollgate.openai.received.at(-1)?.rawHeaders ?? [];
  return Array.from({ length: raw.length / 2 }, (_, at) => [
    (raw[at * 2] ?? '').toLowerCase(),
    raw[at * 2 + 1] ?? '',
  ]);
}

function namesOf(headers: readonly [string, string][]): string[] {
  return headers.map(([name]) => name);
}

function valuesOf(headers: readonly [string, string][], wanted: string): string[] {
  return headers.filter(([name]) => name === wanted).map(([, value]) => value);
}
