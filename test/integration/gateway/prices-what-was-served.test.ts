import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { lastBill, onlyRowOf, untilIdle } from '../../helpers/ledger.ts';
import { openTollgate, type Tollgate } from '../../helpers/open-tollgate.ts';

let tollgate: Tollgate;
beforeAll(async () => {
  tollgate = await openTollgate();
});
afterAll(() => tollgate.close());
afterEach(() => tollgate.openai.faults.clear());

const messages = [{ role: 'user', content: 'Say hello' }];
const KINDS = [
  { kind: 'a chat', path: '/chat/completions', body: { messages } },
  { kind: 'a streamed chat', path: '/chat/completions', body: { messages, stream: true } },
  { kind: 'a response', path: '/responses', body: { input: 'Say hello' } },
  { kind: 'a streamed response', path: '/responses', body: { input: 'Say hello', stream: true } },
];

let apps = 0;
async function ask(path: string, body: object, limits: readonly string[] = ['usd=100/day']) {
  apps += 1;
  const app = `app-${apps}`;
  const token = await tollgate.createApp(app, limits);
  const answer = await tollgate.post(token, path, body);
  await answer.text();
  await untilIdle(tollgate);
  expect(answer.status).toBe(200);
  return { app, row: await onlyRowOf(tollgate, app), bill: lastBill(tollgate) };
}

test.for(KINDS)(
  'A55 $kind answered by a dearer model costs what that model costs',
  async ({ path, body }) => {
    tollgate.openai.faults.add({ fault: { kind: 'response-model', model: 'gpt-5.5-pro' } });
    const { row, bill } = await ask(path, { ...body, model: 'gpt-4o-mini' });
    expect(bill.model).toBe('gpt-5.5-pro');
    expect(row).toMatchObject({
      model: 'gpt-4o-mini',
      servedModel: 'gpt-5.5-pro',
      outcome: 'settled',
      costNanoUsd: bill.costNanoUsd,
    });
  },
);

test('A55 what a dearer model costs above the hold is an overage, and closes the limit', async () => {
  tollgate.openai.faults.add({ fault: { kind: 'response-model', model: 'o1-pro' } });
  const body = { model: 'gpt-4o-mini', messages, max_completion_tokens: 16 };
  const { app, row, bill } = await ask('/chat/completions', body, ['usd=0.0001/day']);
  expect(row).toMatchObject({ outcome: 'settled', costNanoUsd: bill.costNanoUsd });
  expect(row.overageNanoUsd).toBe(bill.costNanoUsd - (row.holdNanoUsd ?? 0));
  expect(row.overageNanoUsd).toBeGreaterThan(0);
  const { limits } = await tollgate.client.apps.get({ app });
  expect(limits[0]?.free).toBeLessThan(0);
});

test.for([
  { asked: undefined, served: 'priority' },
  { asked: 'auto', served: 'flex' },
  { asked: 'priority', served: 'default' },
  { asked: 'flex', served: 'default' },
  { asked: undefined, served: 'ultrafast' },
])('A51 a request for tier $asked served as $served costs by what served it', async ({ asked, served }) => {
  for (const { path, body } of KINDS) {
    tollgate.openai.faults.add({ fault: { kind: 'service-tier', tier: served } });
    const { row, bill } = await ask(path, { ...body, model: 'gpt-6.1-sol', service_tier: asked });
    expect(bill.serviceTier).toBe(served);
    expect(row).toMatchObject({ outcome: 'settled', serviceTier: served, costNanoUsd: bill.costNanoUsd });
    // The hold was for the dearest tier it could have got.
    expect(row.overageNanoUsd).toBe(0);
  }
});

test('A51 a tier nobody has heard of is charged like the dearest', async () => {
  const answer = {
    id: 'chatcmpl-1',
    model: 'gpt-6.1-sol',
    service_tier: 'warp',
    usage: { prompt_tokens: 1_000, completion_tokens: 1_000, total_tokens: 2_000 },
  };
  tollgate.openai.faults.add({ fault: { kind: 'status', status: 200, body: answer } });
  const token = await tollgate.createApp('warp', ['usd=100/day']);
  await tollgate.post(token, '/chat/completions', { model: 'gpt-6.1-sol', messages });
  // $2 and $10 per million, six times for `ultrafast`.
  expect(await onlyRowOf(tollgate, 'warp')).toMatchObject({ costNanoUsd: 6 * (2_000_000 + 10_000_000) });
});

test('a prompt beyond the long-context mark costs twice as much, answer and all', async () => {
  const content = 'toll '.repeat(275_000);
  const body = { model: 'gpt-5.4', max_completion_tokens: 200, messages: [{ role: 'user', content }] };
  const { row, bill } = await ask('/chat/completions', body);
  expect(row.inputTokens).toBeGreaterThan(272_000);
  expect(row).toMatchObject({ outcome: 'settled', costNanoUsd: bill.costNanoUsd, overageNanoUsd: 0 });
  expect(row.costNanoUsd).toBeGreaterThan((row.inputTokens ?? 0) * 5_000);
});

test.for(KINDS)(
  '$kind pays less for what is cached, and more for what is written',
  async ({ path, body }) => {
    const text = `${path} ${JSON.stringify(body)} ${'toll '.repeat(1_500)}`;
    const prompt = path === '/responses' ? { input: text } : { messages: [{ role: 'user', content: text }] };
    const request = { ...body, ...prompt, model: 'gpt-6.2-sol' };
    const cold = await ask(path, request);
    const warm = await ask(path, request);
    for (const { row, bill } of [cold, warm]) {
      expect(row).toMatchObject({ outcome: 'settled', costNanoUsd: bill.costNanoUsd, overageNanoUsd: 0 });
    }
    expect(cold.row.cachedInputTokens).toBe(0);
    expect(warm.row.cachedInputTokens).toBeGreaterThan(1_023);
    expect(warm.row.costNanoUsd).toBeLessThan(cold.row.costNanoUsd ?? 0);
  },
);

test('an answer that used what its model has no rate for is charged at the dearest rates', async () => {
  // Priced by the piece; the answer says tokens.
  const answer = {
    created: 1,
    data: [],
    usage: { input_tokens: 1_000, output_tokens: 6_000, total_tokens: 7_000 },
  };
  tollgate.openai.faults.add({ fault: { kind: 'status', status: 200, body: answer } });
  const { row } = await ask('/images/generations', { model: 'dall-e-3', prompt: 'A toll gate' });
  expect(row).toMatchObject({ outcome: 'estimated', reason: 'price_unknown', inputTokens: 1_000 });
  expect(row.costNanoUsd).toBeGreaterThan(row.holdNanoUsd ?? 0);
});
