import { afterAll, beforeAll, expect, test } from 'vitest';
import { expectRefused, GOOD_CHAT, openTarget, type Target } from '../helpers/expect-untouched.ts';

let target: Target;
beforeAll(async () => {
  target = await openTarget();
});
afterAll(() => target.close());

const filler = (count: number) => Array.from({ length: count }, (_, at) => `X-${at}: 1`);

/** Host and Content-Length besides those of a good request. */
const OWN_HEADERS = 4;

test.each([101, 150, 999, 1_001, 2_100])(
  'A63 %d headers are too many, and the token behind them is not lost in silence',
  async (count) => {
    const headers = [...filler(count - OWN_HEADERS), ...target.goodHeaders];
    const attack = () => target.send({ headers, body: GOOD_CHAT }, { untilClosedMs: 10_000 });
    const answer = await expectRefused(target, attack, { status: 431, code: 'headers_too_large' });
    expect(answer.closed).toBe(true);
  },
);

test('A63 100 headers are fine, the token last', async () => {
  const answer = await target.send({
    headers: [...filler(100 - OWN_HEADERS), ...target.goodHeaders],
    body: GOOD_CHAT,
  });
  expect(answer.status).toBe(200);
});

test('A63 a second Host behind a thousand headers is not lost in silence either', async () => {
  const headers = [...target.goodHeaders, ...filler(1_100), 'Host: evil.com'];
  await expectRefused(target, () => target.send({ headers, body: GOOD_CHAT }), { status: 431 });
});

test.each([
  ['a cookie of 16 KB', `Cookie: ${'a'.repeat(16 * 1024)}`],
  ['a cookie of a megabyte', `Cookie: ${'a'.repeat(1024 * 1024)}`],
  ['a name of 16 KB', `${'a'.repeat(16 * 1024)}: 1`],
  [
    'a hundred headers of 200 bytes',
    filler(80)
      .map((line) => line + 'x'.repeat(200))
      .join('\r\n'),
  ],
])('A63 %s is too large', async (_name, line) => {
  const attack = () =>
    target.send({ headers: [line, ...target.goodHeaders], body: GOOD_CHAT }, { untilClosedMs: 10_000 });
  const answer = await expectRefused(target, attack, { status: 431, code: 'headers_too_large' });
  expect(answer.closed).toBe(true);
});

test.each([
  ['8 KB', 8 * 1024 + 1, 414],
  ['15 KB', 15 * 1024, 414],
  ['200 KB', 200 * 1024, 431],
  ['2 MB', 2 * 1024 * 1024, 431],
])('A63 a target of %s is too long', async (_name, length, status) => {
  for (const path of [`/v1/models/${'a'.repeat(length)}`, `/v1/models?${'a'.repeat(length)}`]) {
    const attack = () => target.send({ method: 'GET', target: path, headers: target.goodHeaders });
    await expectRefused(target, attack, {
      status,
      code: status === 414 ? 'uri_too_long' : 'headers_too_large',
    });
  }
});

test('A63 names that every object has are headers like any other', async () => {
  const headers = [
    ...target.goodHeaders,
    '__proto__: x',
    'constructor: x',
    'hasOwnProperty: x',
    'toString: x',
  ];
  const answer = await target.send({ headers, body: GOOD_CHAT });
  expect(answer.status).toBe(200);
  expect(({} as Record<string, unknown>)['x']).toBeUndefined();
});
