import { afterAll, beforeAll, expect, test } from 'vitest';
import { expectRefused, GOOD_CHAT, openTarget, type Target } from '../helpers/expect-untouched.ts';

let target: Target;
beforeAll(async () => {
  target = await openTarget();
});
afterAll(() => target.close());

const FOREIGN = [
  'A01 //evil.com/v1/chat/completions',
  'A01 ///evil.com/v1/chat/completions',
  'A01 /\\evil.com/v1/chat/completions',
  'A01 //127.0.0.1/v1/chat/completions',
  'A01 /v1//evil.com/chat/completions',
  'A03 http://evil.com/v1/chat/completions',
  'A03 https://evil.com/v1/chat/completions',
  'A03 https://api.openai.com@evil.com/v1/chat/completions',
  'A03 http://127.0.0.1/v1/chat/completions',
  'A03 HTTP://evil.com/v1/chat/completions',
  'A03 ftp://evil.com/v1/chat/completions',
  'A03 *',
  'A03 evil.com:443',
  'A03 v1/chat/completions',
];

const CLIMBING = [
  'A04 /v1/../dashboard/billing',
  'A04 /v1/../../etc/passwd',
  'A04 /v1/./chat/completions',
  'A04 /v1/chat/../chat/completions',
  'A04 /v1/%2e%2e/dashboard/billing',
  'A04 /v1/.%2e/dashboard/billing',
  'A04 /v1/%2E./dashboard/billing',
  'A04 /v1/%252e%252e/dashboard/billing',
  'A04 /v1/..%2fdashboard',
  'A04 /v1/..;/dashboard',
  'A04 /v1/%5c../dashboard',
  'A04 /v1/..\\dashboard',
  'A04 /v1/chat%2fcompletions',
  'A04 /v1/models/..',
  'A04 /v1/models/%2e%2e%2forganization',
];

const NEARLY = [
  'A05 /v1/chat/completions/',
  'A05 /v1/chat//completions',
  'A05 /v1/chat/completions//',
  'A05 /v1/chat/completions;x=1',
  'A05 /v1;x=1/chat/completions',
  'A05 /v1/chat/completions%00',
  'A05 /v1/chat/completions%20',
  'A05 /V1/chat/completions',
  'A05 /v1/Chat/completions',
  'A05 /v1/chat/completions#x',
  'A05 /v1/chat/completions?a#x',
  'A05 /v1/chat/completions.',
  'A05 /v1/chat/completions..',
  'A05 /v1/chat/completions.json',
  'A05 /v1/chat/completions&x',
  'A05 /v1',
  'A05 /v1/',
  'A05 /',
  'A05 /v2/chat/completions',
  'A05 /openai/v1/chat/completions',
  'A05 /chat/completions',
];

const IDS = [
  'A08 /v1/responses/resp_1%2f..%2f..%2ffiles',
  'A08 /v1/responses/resp_1/../../files',
  'A08 /v1/responses/..%5cfiles',
  'A08 /v1/responses/resp_1%00',
  'A08 /v1/models/gpt-5.4-mini%2f..%2f..%2forganization',
  'A08 /v1/models/gpt-5.4-mini/permissions',
  'A08 /v1/models/-x',
  'A08 /v1/models/a..b',
  'A08 /v1/models/a,b',
  "A08 /v1/models/a'--",
];

test.each([...FOREIGN, ...CLIMBING])('%s is malformed, whatever it would resolve to', async (row) => {
  await expectRefused(target, () => chatTo(row), { status: 400 });
});

test.each(NEARLY)('%s is not cleaned up into a path that is known', async (row) => {
  await expectRefused(target, () => chatTo(row), {
    status: row.includes('%') || row.includes('#') || row.includes('//') ? 400 : 404,
  });
});

test.each(IDS)('%s is no id', async (row) => {
  const headers = [`Authorization: Bearer ${target.token}`];
  const attack = () => target.send({ method: 'GET', target: targetOf(row), headers });
  await expectRefused(target, attack, { status: [400, 403, 404] });
});

test('A08 an id above 200 characters is no id', async () => {
  const headers = [`Authorization: Bearer ${target.token}`];
  const attack = () => target.send({ method: 'GET', target: `/v1/models/${'a'.repeat(201)}`, headers });
  await expectRefused(target, attack, { status: 404, code: 'route_unknown' });
});

test('A13 a target with a control character or raw UTF-8 is malformed', async () => {
  for (const path of [
    '/v1/models\x01',
    '/v1/models\x7f',
    '/v1/mod\xc3\xa9ls',
    '/v1/models\t',
    '/v1/mod\x00els',
  ]) {
    const headers = [`Authorization: Bearer ${target.token}`];
    const attack = () => target.send({ method: 'GET', target: path, headers });
    await expectRefused(target, attack, { status: [400, 404] });
  }
});

test('a query is forwarded as it came and cannot change the path', async () => {
  const query = '?after=a/../../files&x=%2e%2e&url=http://evil.com//&__proto__[x]=1';
  const headers = [`Authorization: Bearer ${target.token}`];
  const answer = await target.send({ method: 'GET', target: `/v1/models${query}`, headers });
  expect(answer.status).toBe(200);
  expect(target.tollgate.openai.received.at(-1)?.path).toBe(`/v1/models${query}`);
});

function chatTo(row: string) {
  return target.send({ target: targetOf(row), headers: target.goodHeaders, body: GOOD_CHAT });
}

function targetOf(row: string): string {
  return row.slice(row.indexOf(' ') + 1);
}
