import OpenAI from 'openai';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { untilIdle } from '../../helpers/ledger.ts';
import { openTollgate, type Tollgate } from '../../helpers/open-tollgate.ts';
import { until } from '../../helpers/until.ts';

let tollgate: Tollgate;
beforeAll(async () => {
  tollgate = await openTollgate();
});
afterAll(() => tollgate.close());

const messages = [{ role: 'user' as const, content: 'Hi' }];
const ask = (token: string, more: object = {}) =>
  tollgate.post(token, '/chat/completions', { model: 'gpt-4o', messages, ...more });

async function expectSlowDown(answer: Response, type: string, text: RegExp): Promise<void> {
  expect(answer.status).toBe(429);
  const seconds = Number(answer.headers.get('retry-after'));
  const ms = Number(answer.headers.get('retry-after-ms'));
  expect(Number.isInteger(seconds)).toBe(true);
  expect(seconds).toBeGreaterThanOrEqual(1);
  expect(seconds).toBeLessThanOrEqual(60);
  expect(ms).toBeGreaterThan(0);
  expect(ms).toBeLessThanOrEqual(seconds * 1_000);
  expect(answer.headers.get('x-should-retry')).toBeNull();
  const { error } = (await answer.json()) as { error: { type: string; code: string; message: string } };
  expect(error).toMatchObject({ type, code: 'rate_limit_exceeded' });
  expect(error.message).toMatch(text);
  expect(error.message).toContain('not OpenAI');
}

test('an app that asks too often is told when to come back', async () => {
  const token = await tollgate.createApp('often', [], { rpm: 3 });
  const before = tollgate.openai.received.length;
  const answers = await Promise.all(Array.from({ length: 6 }, () => ask(token)));
  const refused = answers.filter(({ status }) => status !== 200);
  expect(refused).toHaveLength(3);
  for (const answer of refused)
    await expectSlowDown(answer, 'requests', /"often" may send 3 requests per minute/);
  expect(tollgate.openai.received.length).toBe(before + 3);
});

test('the SDK waits as long as it is told, and then gets through', async () => {
  const token = await tollgate.createApp('steady', [], { rpm: 240 });
  await Promise.all(Array.from({ length: 240 }, () => tollgate.post(token, '/moderations', { input: 'hi' })));
  const answer = await tollgate
    .sdk(token, { maxRetries: 5 })
    .chat.completions.create({ model: 'gpt-4o', messages });
  expect(answer.choices).toHaveLength(1);
});

test('an app that uses too many model tokens is told so, and those not used are given back', async () => {
  const token = await tollgate.createApp('wordy', [], { tpm: 1_000 });
  // As OpenAI does it, a maximum counts until the answer says what it used.
  tollgate.openai.faults.add({ fault: { kind: 'latency', ms: 2_000 } });
  const before = tollgate.openai.received.length;
  const first = ask(token, { max_completion_tokens: 900 });
  await until(() => tollgate.openai.received.length > before);
  await expectSlowDown(
    await ask(token, { max_completion_tokens: 900 }),
    'tokens',
    /1000 model tokens per minute/,
  );
  expect((await first).status).toBe(200);
  expect((await ask(token, { max_completion_tokens: 900 })).status).toBe(200);
});

test('an app has no more requests in flight than it may, and a place is free again at the end', async () => {
  const token = await tollgate.createApp('few', [], { concurrency: 2 });
  const before = tollgate.openai.received.length;
  tollgate.openai.faults.add({ times: 2, fault: { kind: 'latency', ms: 2_000 } });
  const running = [ask(token), ask(token)];
  await until(() => tollgate.openai.received.length === before + 2);
  await expectSlowDown(await ask(token), 'requests', /"few" already has 2 requests in flight/);
  const other = await tollgate.createApp('other', []);
  expect((await ask(other)).status).toBe(200);
  expect((await Promise.all(running)).map(({ status }) => status)).toEqual([200, 200]);
  await untilIdle(tollgate);
  expect((await ask(token)).status).toBe(200);
});

test('the SDK sees a rate limit as one it may retry, unlike a spent budget', async () => {
  const token = await tollgate.createApp('classes', ['usd=0.000001/day'], { rpm: 1 });
  const sdk = tollgate.sdk(token, { maxRetries: 0 });
  const error = async (): Promise<unknown> =>
    sdk.chat.completions.create({ model: 'gpt-4o', messages }).catch((reason: unknown) => reason);
  const budget = await error();
  const rate = await error();
  expect(budget).toBeInstanceOf(OpenAI.RateLimitError);
  expect(rate).toBeInstanceOf(OpenAI.RateLimitError);
  expect(budget).toMatchObject({ code: 'insufficient_quota' });
  expect(rate).toMatchObject({ code: 'rate_limit_exceeded' });
});
