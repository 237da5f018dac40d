import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import type { UsageFault } from '../../../proxy/demo/faults.ts';
import { findingsOf } from '../../helpers/findings.ts';
import { lastBill, onlyRowOf, untilIdle } from '../../helpers/ledger.ts';
import { openTollgate, type Tollgate } from '../../helpers/open-tollgate.ts';

let tollgate: Tollgate;
beforeAll(async () => {
  tollgate = await openTollgate();
});
afterAll(() => tollgate.close());
afterEach(() => tollgate.openai.faults.clear());

const messages = [{ role: 'user', content: 'Say hello' }];
const model = 'gpt-4o';

const KINDS: Readonly<Record<string, { path: string; body: object }>> = {
  chat: { path: '/chat/completions', body: { model, messages } },
  'streamed-chat': { path: '/chat/completions', body: { model, messages, stream: true } },
  'streamed-chat-with-usage': {
    path: '/chat/completions',
    body: { model, messages, stream: true, stream_options: { include_usage: true } },
  },
  response: { path: '/responses', body: { model, input: 'Say hello' } },
  'streamed-response': { path: '/responses', body: { model, input: 'Say hello', stream: true } },
  embeddings: { path: '/embeddings', body: { model: 'text-embedding-3-small', input: 'hello' } },
  'large-embeddings': {
    path: '/embeddings',
    body: { model: 'text-embedding-3-large', input: ['one', 'two', 'three'] },
  },
};

const UNUSABLE: readonly UsageFault[] = [
  'missing',
  'null',
  'zero',
  'negative',
  'float',
  'string',
  'nan',
  'infinite',
  'absurd',
];

async function ask(kind: string, as: UsageFault, limit: string) {
  const { path, body } = KINDS[kind] ?? { path: '', body: {} };
  const app = `${kind}-${as}`;
  const token = await tollgate.createApp(app, [limit]);
  tollgate.openai.faults.add({ fault: { kind: 'usage', as } });
  const answer = await tollgate.post(token, path, body);
  await answer.arrayBuffer();
  await untilIdle(tollgate);
  return {
    token,
    path,
    body,
    status: answer.status,
    row: await onlyRowOf(tollgate, app),
    bill: lastBill(tollgate),
  };
}

const cases = Object.keys(KINDS).flatMap((kind) => UNUSABLE.map((as) => [kind, as] as const));

test.for(cases)('A54 %s whose usage is %s is charged at its bound and reported', async ([kind, as]) => {
  const { status, row, bill } = await ask(kind, as, 'usd=1/day');
  expect(status).toBe(200);
  expect(row.outcome).toBe('charged-at-bound');
  expect(row.reason).toMatch(/^usage_(missing|bad)$/);
  expect(row.costNanoUsd).toBe(row.holdNanoUsd);
  expect(row.costNanoUsd).toBeGreaterThanOrEqual(bill.costNanoUsd);
  const last = (await findingsOf(tollgate)).at(-1);
  expect(last?.finding).toBe(row.reason);
  expect(last?.detail).toContain(row.id);
});

test.for(Object.keys(KINDS))('A54 %s that says its usage twice is charged once', async (kind) => {
  const { row, bill } = await ask(kind, 'twice', 'usd=1/day');
  expect(row).toMatchObject({ outcome: 'settled', costNanoUsd: bill.costNanoUsd });
});

/** The simulation raises the cached tokens of a response above its input, which makes them impossible. */
const RAISED = Object.keys(KINDS).filter((kind) => !kind.endsWith('response'));

test.for(RAISED)(
  'A54 %s that says more than its bound is booked in full, reported, and nothing follows it',
  async (kind) => {
    const { token, path, body, row } = await ask(kind, 'above-bound', 'usd=1/day');
    expect(row.outcome).toBe('settled');
    expect(row.overageNanoUsd).toBe((row.costNanoUsd ?? 0) - (row.holdNanoUsd ?? 0));
    expect(row.overageNanoUsd).toBeGreaterThan(0);
    const last = (await findingsOf(tollgate)).at(-1);
    expect(last).toMatchObject({ finding: 'overage' });
    const { limits } = await tollgate.client.apps.get({ app: `${kind}-above-bound` });
    expect(limits[0]?.settled).toBe(row.costNanoUsd);
    // The limit is brought to where the overage has crossed it.
    await tollgate.client.apps.change({
      app: `${kind}-above-bound`,
      setLimits: [{ metric: 'usd', amount: row.holdNanoUsd ?? 0, window: 'day', enforce: 'hard' }],
    });
    expect((await tollgate.post(token, path, body)).status).toBe(429);
  },
);

test('A54 a response that says more than its bound is booked in full', async () => {
  const token = await tollgate.createApp('dear-response', ['usd=1/day']);
  const usage = { input_tokens: 1_000_000, output_tokens: 1_000_000, total_tokens: 2_000_000 };
  tollgate.openai.faults.add({
    fault: { kind: 'status', status: 200, body: { id: 'resp_1', model, usage } },
  });
  await tollgate.post(token, '/responses', KINDS['response']?.body);
  const row = await onlyRowOf(tollgate, 'dear-response');
  // $2.50 and $10 per million: more than the dollar the app has.
  expect(row).toMatchObject({ outcome: 'settled', costNanoUsd: 12_500_000_000 });
  expect(row.overageNanoUsd).toBe(12_500_000_000 - (row.holdNanoUsd ?? 0));
  const { limits } = await tollgate.client.apps.get({ app: 'dear-response' });
  expect(limits[0]?.free).toBe(1_000_000_000 - 12_500_000_000);
  expect((await tollgate.post(token, '/responses', KINDS['response']?.body)).status).toBe(429);
});

test.for(['chat', 'streamed-chat', 'streamed-chat-with-usage'])(
  'A43 %s reports its usage in an error event',
  async (kind) => {
    const { path, body } = KINDS[kind] ?? { path: '', body: {} };
    const token = await tollgate.createApp(`error-${kind}`, ['usd=1/day']);
    tollgate.openai.faults.add({ fault: { kind: 'error-after-chunks', chunks: 3, withUsage: true } });
    await (await tollgate.post(token, path, body)).text();
    await untilIdle(tollgate);
    const row = await onlyRowOf(tollgate, `error-${kind}`);
    expect(row.costNanoUsd).toBeGreaterThanOrEqual(lastBill(tollgate).costNanoUsd);
    expect(row.outcome).not.toBe('voided');
  },
);
