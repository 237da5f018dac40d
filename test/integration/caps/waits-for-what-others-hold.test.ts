import { afterAll, beforeAll, expect, test } from 'vitest';
import { expectLedgerIsBill, heldBy } from '../../helpers/ledger.ts';
import { openTollgate, type Tollgate } from '../../helpers/open-tollgate.ts';
import { until } from '../../helpers/until.ts';

const QUEUE_MS = 3_000;

let tollgate: Tollgate;
beforeAll(async () => {
  tollgate = await openTollgate({ config: { queueMs: QUEUE_MS } });
});
afterAll(() => tollgate.close());

/** Holds about $0.016; costs a fraction of it. */
const chat = {
  model: 'gpt-4o',
  service_tier: 'default',
  max_completion_tokens: 1_600,
  messages: [{ role: 'user', content: 'Hi' }],
};
const ask = (token: string, init?: RequestInit) => tollgate.post(token, '/chat/completions', chat, init);
const waiting = async () => (await tollgate.client.engine.status()).waiting;

/** A request that OpenAI has received and that holds the budget for a while. */
async function holdFor(name: string, token: string, ms: number): Promise<Promise<Response>[]> {
  const { faults, received } = tollgate.openai;
  const before = received.length;
  faults.add({ fault: { kind: 'latency', ms } });
  const holding = [ask(token)];
  await until(() => received.length > before);
  expect(await heldBy(tollgate, name)).toBeGreaterThan(0);
  return holding;
}

test('a request that would fit alone waits until another one settles', async () => {
  const token = await tollgate.createApp('patient', ['usd=0.02/day']);
  const answers = await holdFor('patient', token, 1_500);
  const before = tollgate.openai.received.length;
  answers.push(ask(token));
  await until(async () => (await waiting()) === 1);
  expect(tollgate.openai.received.length).toBe(before);
  expect((await Promise.all(answers)).map(({ status }) => status)).toEqual([200, 200]);
  await expectLedgerIsBill(tollgate);
});

test('it is refused when nothing has settled in time', async () => {
  const token = await tollgate.createApp('unlucky', ['usd=0.02/day']);
  const answers = await holdFor('unlucky', token, QUEUE_MS * 2);
  const before = tollgate.openai.received.length;
  const startedMs = performance.now();
  const late = await ask(token);
  expect(performance.now() - startedMs).toBeGreaterThan(QUEUE_MS * 0.9);
  expect(late.status).toBe(429);
  expect(late.headers.get('x-should-retry')).toBe('false');
  expect(await late.text()).toMatch(/held for requests in flight/);
  expect(tollgate.openai.received.length).toBe(before);
  expect((await Promise.all(answers)).map(({ status }) => status)).toEqual([200]);
  await expectLedgerIsBill(tollgate);
});

test('a client that leaves while it waits gives its place up and costs nothing', async () => {
  const token = await tollgate.createApp('leaving', ['usd=0.02/day']);
  const answers = await holdFor('leaving', token, 1_500);
  const before = tollgate.openai.received.length;
  const leave = new AbortController();
  const left = ask(token, { signal: leave.signal }).catch((error: Error) => error.name);
  await until(async () => (await waiting()) === 1);
  leave.abort();
  expect(await left).toBe('AbortError');
  await until(async () => (await waiting()) === 0);
  await Promise.all(answers);
  expect(tollgate.openai.received.length).toBe(before);
  await expectLedgerIsBill(tollgate);
});

test('a small request passes one that cannot start yet', async () => {
  const token = await tollgate.createApp('overtaking', ['usd=0.02/day']);
  const answers = await holdFor('overtaking', token, 1_500);
  answers.push(ask(token));
  await until(async () => (await waiting()) === 1);
  const small = await tollgate.post(token, '/chat/completions', { ...chat, max_completion_tokens: 16 });
  expect(small.status).toBe(200);
  expect(await waiting()).toBe(1);
  expect((await Promise.all(answers)).map(({ status }) => status)).toEqual([200, 200]);
});

test('a pause refuses what waits', async () => {
  const token = await tollgate.createApp('paused', ['usd=0.02/day']);
  const answers = await holdFor('paused', token, 1_500);
  const waiter = ask(token);
  await until(async () => (await waiting()) === 1);
  await tollgate.client.apps.pause({ app: 'paused' });
  const refused = await waiter;
  expect(refused.status).toBe(403);
  expect(refused.headers.get('x-tollgate-error')).toBe('app_paused');
  expect(await waiting()).toBe(0);
  await Promise.all(answers);
  await expectLedgerIsBill(tollgate);
});
