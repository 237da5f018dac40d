import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { RateLimitError } from 'openai';
import { expect, it, onTestFinished } from 'vitest';
import type { Fault } from '../../../proxy/demo/faults.ts';
import { until } from '../../helpers/until.ts';
import { CHAT, errorOf, KEY, openSimulation, post, rawPost } from './simulation-fixture.ts';

const REFUSALS: readonly (readonly [fault: Fault, status: number, code: string | null])[] = [
  [{ kind: 'rate-limit', retryAfterSeconds: 2 }, 429, 'rate_limit_exceeded'],
  [{ kind: 'insufficient-quota' }, 429, 'insufficient_quota'],
  [{ kind: 'unauthorized' }, 401, 'invalid_api_key'],
  [{ kind: 'server-error' }, 500, null],
  [{ kind: 'overloaded' }, 503, 'server_is_overloaded'],
];

it.each(REFUSALS)('F16 refuses with %j and bills nothing', async (fault, status, code) => {
  const { baseUrl, bill, faults } = await openSimulation();
  faults.add({ fault });
  const response = await post(baseUrl, '/chat/completions', { ...CHAT, stream: true });
  expect([response.status, (await errorOf(response)).code]).toEqual([status, code]);
  if (fault.kind === 'rate-limit') {
    expect([response.headers.get('retry-after'), response.headers.get('retry-after-ms')]).toEqual([
      '2',
      '2000',
    ]);
  }
  expect(bill.rows).toEqual([]);
  expect((await post(baseUrl, '/chat/completions', CHAT)).status).toBe(200);
});

it('I5 echoes the right key, masked, when it is refused', async () => {
  const { baseUrl, faults } = await openSimulation();
  faults.add({ fault: { kind: 'unauthorized' } });
  const { message } = await errorOf(await post(baseUrl, '/chat/completions', CHAT));
  expect(message).toContain(`${KEY.slice(0, 8)}${'*'.repeat(KEY.length - 12)}${KEY.slice(-4)}`);
});

it('answers any status with any body', async () => {
  const { baseUrl, faults } = await openSimulation();
  faults.add({ fault: { kind: 'status', status: 418, body: { a: 1 }, headers: { 'x-extra': 'yes' } } });
  faults.add({ fault: { kind: 'status', status: 502, body: '<html>bad</html>' } });
  const teapot = await post(baseUrl, '/chat/completions', CHAT);
  expect([teapot.status, teapot.headers.get('x-extra'), await teapot.json()]).toEqual([418, 'yes', { a: 1 }]);
  const page = await post(baseUrl, '/chat/completions', CHAT);
  expect([page.status, page.headers.get('content-type'), await page.text()]).toEqual([
    502,
    'text/html',
    '<html>bad</html>',
  ]);
});

it('meets rules in order, by path, as often as they say', async () => {
  const { baseUrl, faults } = await openSimulation();
  faults.add({ path: /embeddings/, fault: { kind: 'overloaded' } });
  faults.add({ path: '/chat/completions', times: 2, fault: { kind: 'server-error' } });
  faults.add({ path: '/v1/chat/completions', fault: { kind: 'rate-limit' } });
  const statuses: number[] = [];
  for (let index = 0; index < 4; index++)
    statuses.push((await post(baseUrl, '/chat/completions', CHAT)).status);
  expect(statuses).toEqual([500, 500, 429, 200]);
  const input = { model: 'text-embedding-3-small', input: 'x' };
  expect((await post(baseUrl, '/embeddings', input)).status).toBe(503);
  faults.add({ times: Infinity, fault: { kind: 'overloaded' } });
  faults.clear();
  expect((await post(baseUrl, '/embeddings', input)).status).toBe(200);
});

it('A57 is retried by the SDK like the real one', async () => {
  const { client, bill, received, faults } = await openSimulation();
  client.maxRetries = 2;
  faults.add({ times: 2, fault: { kind: 'rate-limit', retryAfterSeconds: 0.01 } });
  await client.chat.completions.create({ model: 'gpt-4o', messages: [{ role: 'user', content: 'hi' }] });
  expect(received).toHaveLength(3);
  expect(bill.rows).toHaveLength(1);
  client.maxRetries = 0;
  faults.add({ fault: { kind: 'rate-limit' } });
  await expect(client.models.list()).rejects.toBeInstanceOf(RateLimitError);
});

it('redirects to another host, which hears nothing unless it is followed', async () => {
  const asked: string[] = [];
  const other = createServer((req, res) => {
    asked.push(req.headers.authorization ?? '');
    res.end('{}');
  }).listen(0, '127.0.0.1');
  onTestFinished(() => void other.close());
  const { baseUrl, bill, faults } = await openSimulation();
  const location = `http://127.0.0.1:${(other.address() as AddressInfo).port}/steal`;
  faults.add({ fault: { kind: 'redirect', location } });
  const response = await post(baseUrl, '/chat/completions', CHAT, {
    headers: { authorization: `Bearer ${KEY}`, 'content-type': 'application/json' },
    redirect: 'manual',
  });
  expect([response.status, response.headers.get('location')]).toEqual([302, location]);
  expect(asked).toEqual([]);
  expect(bill.rows).toEqual([]);
});

it('F14 resets before the headers, after the model has run', async () => {
  const { baseUrl, bill, faults } = await openSimulation();
  faults.add({ times: 2, fault: { kind: 'reset-before-headers' } });
  expect(await rawPost(baseUrl, '/chat/completions', CHAT)).toEqual({ text: '', ended: 'reset' });
  expect(await rawPost(baseUrl, '/chat/completions', { ...CHAT, stream: true })).toEqual({
    text: '',
    ended: 'reset',
  });
  expect(bill.rows).toMatchObject([
    { status: 'completed' },
    { status: 'failed', usage: { completion_tokens: 0 } },
  ]);
});

it('F14 resets after the headers', async () => {
  const { baseUrl, bill, faults } = await openSimulation();
  faults.add({ times: 2, fault: { kind: 'reset-after-headers' } });
  for (const stream of [false, true]) {
    const { text, ended } = await rawPost(baseUrl, '/chat/completions', { ...CHAT, stream });
    expect(text).toMatch(/^HTTP\/1\.1 200 OK\r\n[\s\S]*\r\n\r\n$/);
    expect(ended).toBe('reset');
  }
  await until(() => bill.rows.length === 2);
  expect(bill.rows.map((each) => each.status)).toEqual(['completed', 'failed']);
});

it('F15 hangs before the headers until the client leaves', async () => {
  const { baseUrl, bill, faults } = await openSimulation();
  faults.add({ times: 2, fault: { kind: 'hang-before-headers' } });
  expect(await rawPost(baseUrl, '/chat/completions', CHAT, 1_500)).toEqual({ text: '', ended: 'timeout' });
  expect(bill.rows).toMatchObject([{ status: 'completed' }]);
  expect(await rawPost(baseUrl, '/chat/completions', { ...CHAT, stream: true }, 1_500)).toMatchObject({
    text: '',
  });
  await until(() => bill.rows.length === 2);
  expect(bill.rows[1]).toMatchObject({ status: 'aborted', usage: { completion_tokens: 0 } });
});

it('F15 answers late', async () => {
  const { baseUrl, bill, faults } = await openSimulation();
  faults.add({ times: 2, fault: { kind: 'latency', ms: 150 } });
  for (const stream of [false, true]) {
    const startedAtMs = performance.now();
    await (await post(baseUrl, '/chat/completions', { ...CHAT, stream })).text();
    expect(performance.now() - startedAtMs).toBeGreaterThanOrEqual(149);
  }
  expect(bill.rows.map((each) => each.status)).toEqual(['completed', 'completed']);
  faults.add({ path: '/models', fault: { kind: 'latency', ms: 150 } });
  const startedAtMs = performance.now();
  await fetch(`${baseUrl}/models`, { headers: { authorization: `Bearer ${KEY}` } });
  expect(performance.now() - startedAtMs).toBeGreaterThanOrEqual(149);
});

it('hints early, and sends a header larger than any parser takes by default', async () => {
  const { baseUrl, faults } = await openSimulation();
  faults.add({ fault: [{ kind: 'early-hints' }, { kind: 'huge-header', bytes: 100_000 }] });
  const { text } = await rawPost(baseUrl, '/chat/completions', CHAT, 1_500);
  expect(text).toMatch(/^HTTP\/1\.1 103 Early Hints\r\nlink: [\s\S]*\r\n\r\nHTTP\/1\.1 200 OK\r\n/i);
  expect(text).toContain(`x-huge: ${'h'.repeat(100_000)}\r\n`);
});
