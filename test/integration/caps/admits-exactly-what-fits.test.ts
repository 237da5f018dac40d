import { afterAll, beforeAll, expect, test } from 'vitest';
import { exactUsd } from '../../../proxy/contract/money.ts';
import { expectLedgerIsBill, onlyRowOf } from '../../helpers/ledger.ts';
import { openTollgate, type Tollgate } from '../../helpers/open-tollgate.ts';

let tollgate: Tollgate;
beforeAll(async () => {
  tollgate = await openTollgate({ config: { queueMs: 5_000 }, openai: { firstTokenMs: 20 } });
});
afterAll(() => tollgate.close());

/** It says as much as it may, so what a hold gives back at the end does not buy another one. */
const REQUEST = {
  model: 'gpt-4o',
  max_completion_tokens: 400,
  service_tier: 'default',
  messages: [{ role: 'user', content: 'Write 400 tokens' }],
};

async function burst(token: string, requests: number, body: object = REQUEST): Promise<number[]> {
  return Promise.all(
    Array.from({ length: requests }, async () => {
      const answer = await tollgate.post(token, '/chat/completions', body);
      await answer.text();
      if (answer.status === 429) {
        expect(answer.headers.get('x-should-retry')).toBe('false');
        expect(answer.headers.get('x-tollgate-error')).toBe('quota_exceeded');
      }
      return answer.status;
    }),
  );
}

const passed = (statuses: readonly number[]): number => statuses.filter((status) => status === 200).length;

/** What one such request holds, in each metric. */
async function boundOfOne(): Promise<{
  usd: string;
  tokens: number;
  input_tokens: number;
  output_tokens: number;
}> {
  const name = `probe-${tollgate.openai.received.length}`;
  await burst(await tollgate.createApp(name), 1);
  const { holdNanoUsd } = await onlyRowOf(tollgate, name);
  const input = Buffer.byteLength(JSON.stringify(REQUEST));
  return {
    usd: exactUsd((holdNanoUsd ?? 0) * 3),
    tokens: 3 * (input + 400),
    input_tokens: 3 * input,
    output_tokens: 3 * 400,
  };
}

test('A40 a dollar limit that fits three admits exactly three of 200', async () => {
  const { usd } = await boundOfOne();
  const token = await tollgate.createApp('dollars', [`usd=${usd}/total`]);
  const before = tollgate.openai.received.length;
  expect(passed(await burst(token, 200))).toBe(3);
  expect(tollgate.openai.received.length - before).toBe(3);
  await expectLedgerIsBill(tollgate);
});

test('A40 the nano-dollar decides: what fits exactly passes, one less refuses', async () => {
  await burst(await tollgate.createApp('exact-probe'), 1);
  const { holdNanoUsd, costNanoUsd } = await onlyRowOf(tollgate, 'exact-probe');
  const enough = 2 * (costNanoUsd ?? 0) + (holdNanoUsd ?? 0);
  for (const [name, nanoUsd, last] of [
    ['exact', enough, 200],
    ['one-short', enough - 1, 429],
  ] as const) {
    const token = await tollgate.createApp(name, [`usd=${exactUsd(nanoUsd)}/total`]);
    const statuses = [await burst(token, 1), await burst(token, 1), await burst(token, 1)].flat();
    expect(statuses, name).toEqual([200, 200, last]);
  }
});

test('A40 a limit of output tokens that fits three admits exactly three', async () => {
  const { output_tokens } = await boundOfOne();
  const token = await tollgate.createApp('outputs', [`output_tokens=${output_tokens}/day`]);
  expect(passed(await burst(token, 100))).toBe(3);
});

test('A40 a limit of requests admits exactly so many', async () => {
  const token = await tollgate.createApp('counts', ['requests=7/day']);
  expect(passed(await burst(token, 100))).toBe(7);
});

test.for(['tokens', 'input_tokens'] as const)(
  'A40 a limit of %s is never crossed, whatever OpenAI counts',
  async (metric) => {
    const amount = (await boundOfOne())[metric];
    const name = `limit-of-${metric}`;
    const token = await tollgate.createApp(name, [`${metric}=${amount}/day`]);
    const admitted = passed(await burst(token, 100));
    const { total } = await tollgate.client.usage.report({ by: 'app', app: name });
    const used = metric === 'tokens' ? total.inputTokens + total.outputTokens : total.inputTokens;
    expect(admitted).toBeGreaterThanOrEqual(3);
    expect(used).toBeLessThanOrEqual(amount);
    expect(total.requests).toBe(admitted);
  },
);

test('A45 several choices count as often as they are asked for', async () => {
  const { output_tokens } = await boundOfOne();
  const token = await tollgate.createApp('choices', [`output_tokens=${output_tokens * 2}/day`]);
  expect(passed(await burst(token, 20, { ...REQUEST, n: 3 }))).toBe(2);
});
