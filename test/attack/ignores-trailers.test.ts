import { afterAll, beforeAll, expect, test } from 'vitest';
import { expectRefused, GOOD_CHAT, openTarget, type Target } from '../helpers/expect-untouched.ts';
import { CANARY_KEY } from '../helpers/open-tollgate.ts';

let target: Target;
beforeAll(async () => {
  target = await openTarget();
});
afterAll(() => target.close());

const CHUNKED = 'Transfer-Encoding: chunked';
const chunked = (trailers: readonly string[]) =>
  `${GOOD_CHAT.length.toString(16)}\r\n${GOOD_CHAT}\r\n0\r\n${trailers.map((line) => `${line}\r\n`).join('')}\r\n`;

const TRAILERS: readonly (readonly string[])[] = [
  ['Authorization: Bearer sk-evil-evil-evil'],
  ['Host: evil.com', 'Origin: https://evil.com'],
  ['Content-Encoding: gzip', 'Content-Type: text/plain'],
  ['OpenAI-Organization: org-evil', 'X-Unknown: 1'],
  ['__proto__: x'],
];

test.each(TRAILERS.map((lines) => [lines]))(
  'A66 trailers %j are ignored and not forwarded',
  async (lines) => {
    const announced = `Trailer: ${lines.map((line) => line.split(':')[0]).join(', ')}`;
    for (const announce of [[], [announced]]) {
      const headers = [...target.goodHeaders, CHUNKED, ...announce];
      const answer = await target.send({ headers, body: chunked(lines), countBody: false });
      expect(answer.status).toBe(200);
      const sent = target.tollgate.openai.received.at(-1);
      expect(sent?.body.toString()).toBe(GOOD_CHAT);
      const raw = sent?.rawHeaders ?? [];
      expect(raw.filter((_, at) => raw[at - 1]?.toLowerCase() === 'authorization')).toEqual([
        `Bearer ${CANARY_KEY}`,
      ]);
      expect(raw.join(' ')).not.toMatch(/evil|trailer|chunked|text\/plain|gzip|X-Unknown/i);
    }
  },
);

test.each(['Content-Length: 5', 'Transfer-Encoding: chunked'])(
  'A66 a trailer %s is malformed',
  async (line) => {
    const headers = [...target.goodHeaders, CHUNKED];
    const attack = () => target.send({ headers, body: chunked([line]), countBody: false });
    await expectRefused(target, attack, { status: 400, code: 'malformed_request' });
  },
);

test('A66 a token in a trailer comes too late', async () => {
  const headers = ['Content-Type: application/json', CHUNKED, 'Trailer: Authorization'];
  const body = chunked([`Authorization: Bearer ${target.token}`]);
  const attack = () => target.send({ headers, body, countBody: false });
  await expectRefused(target, attack, { status: 401, code: 'invalid_app_token' });
});

test('A66 trailers without end are too large', async () => {
  const headers = [...target.goodHeaders, CHUNKED];
  const body = chunked(Array.from({ length: 3_000 }, (_, at) => `X-${at}: 1`));
  const attack = () => target.send({ headers, body, countBody: false });
  await expectRefused(target, attack, { status: [400, 431] });
});

test('A66 trailers of OpenAI do not reach the client', async () => {
  target.tollgate.openai.faults.add({ fault: { kind: 'trailers' } });
  const answer = await target.send({ headers: target.goodHeaders, body: GOOD_CHAT });
  expect(answer.status).toBe(200);
  expect(answer.headers).not.toHaveProperty('trailer');
  expect(answer.text.toLowerCase()).not.toMatch(/x-trailing/);
});
