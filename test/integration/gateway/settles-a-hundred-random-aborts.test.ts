import { setTimeout as delay } from 'node:timers/promises';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { BillRow } from '../../../proxy/demo/bill.ts';
import { seededRandom } from '../../../proxy/demo/seeded-random.ts';
import { ledgerOf, untilIdle } from '../../helpers/ledger.ts';
import { openTollgate, type Tollgate } from '../../helpers/open-tollgate.ts';

const PACE = { tokensPerSecond: 100, firstTokenMs: 40 };

let tollgate: Tollgate;
beforeAll(async () => {
  tollgate = await openTollgate({ openai: PACE });
});
afterAll(() => tollgate.close());

const PATHS = ['/chat/completions', '/responses', '/completions'] as const;
const ABORTS = 99;
const LATEST_MS = 800;
/** On a busy machine many leave before OpenAI has begun; enough must leave in the middle to prove something. */
const ENOUGH = 10;

/** A stream of more than half a second; `index` words more make its input tell it from every other one. */
function bodyOf(path: (typeof PATHS)[number], index: number): object {
  const text = `Write 60 tokens${' toll'.repeat(index)}`;
  const common = { stream: true, user: String(index) };
  if (path === '/responses') return { ...common, model: 'gpt-4o', input: text };
  if (path === '/completions')
    return { ...common, model: 'gpt-3.5-turbo-instruct', prompt: text, max_tokens: 60 };
  return { ...common, model: 'gpt-4o', messages: [{ role: 'user', content: text }] };
}

const inputTokensOf = ({ usage }: BillRow): number => {
  const { prompt_tokens, input_tokens } = usage as { prompt_tokens?: number; input_tokens?: number };
  return prompt_tokens ?? input_tokens ?? 0;
};

test('A42 a hundred clients that leave at any moment: each pays at least what OpenAI bills for it', async () => {
  const token = await tollgate.createApp('leaving', ['usd=100/day']);
  const random = seededRandom(42);
  const baseline = new Map<string, number>();
  for (const path of PATHS) {
    await (await tollgate.post(token, path, bodyOf(path, 0))).text();
    const row = tollgate.openai.bill.rows.at(-1);
    baseline.set(`/v1${path}`, row ? inputTokensOf(row) : 0);
  }

  const leaveAfter = async (index: number, ms: number): Promise<void> => {
    const leave = new AbortController();
    const path = PATHS[index % 3] ?? PATHS[0];
    const asked = tollgate
      .post(token, path, bodyOf(path, index), { signal: leave.signal })
      .then((answer) => answer.text())
      .catch((error: Error) => error.name);
    await delay(ms);
    leave.abort();
    await asked;
  };
  const waits = Array.from({ length: ABORTS }, () => random.next() * LATEST_MS);
  for (let first = 0; first < ABORTS; first += 33) {
    await Promise.all(waits.slice(first, first + 33).map((ms, at) => leaveAfter(first + at + 1, ms)));
  }
  await untilIdle(tollgate);
  await untilBilled();

  const billed = new Map<number, BillRow>();
  for (const row of tollgate.openai.bill.rows) {
    const index = inputTokensOf(row) - (baseline.get(row.path) ?? 0);
    if (index > 0) billed.set(index, row);
  }
  const rows = (await ledgerOf(tollgate, 'leaving')).filter(({ user }) => user !== '0');
  expect(billed.size).toBe(tollgate.openai.bill.rows.length - PATHS.length);
  expect(billed.size).toBeGreaterThan(ENOUGH);
  let estimated = 0;
  for (const row of rows) {
    const bill = billed.get(Number(row.user));
    const charged = row.costNanoUsd ?? -1;
    expect(row.outcome, row.id).not.toBe('open');
    expect(charged, row.id).toBeLessThanOrEqual(row.holdNanoUsd ?? 0);
    if (row.outcome === 'voided') expect(bill, row.id).toBeUndefined();
    if (row.outcome === 'settled') expect(charged, row.id).toBe(bill?.costNanoUsd);
    if (row.outcome === 'estimated') estimated += 1;
    expect(charged, row.id).toBeGreaterThanOrEqual(bill?.costNanoUsd ?? 0);
    billed.delete(Number(row.user));
  }
  expect(billed.size).toBe(0);
  expect(estimated).toBeGreaterThan(ENOUGH);

  const { limits } = await tollgate.client.apps.get({ app: 'leaving' });
  expect(limits[0]?.held).toBe(0);
  expect(limits[0]?.settled).toBe(
    rows.reduce((sum, row) => sum + (row.costNanoUsd ?? 0), 0) + (await wholeOnes()),
  );
});

/** OpenAI notices a token or two later that a connection is gone; on a busy machine, later than that. */
async function untilBilled(): Promise<void> {
  for (let before = -1; before !== tollgate.openai.bill.rows.length; await delay(300)) {
    before = tollgate.openai.bill.rows.length;
  }
}

async function wholeOnes(): Promise<number> {
  const rows = (await ledgerOf(tollgate, 'leaving')).filter(({ user }) => user === '0');
  return rows.reduce((sum, row) => sum + (row.costNanoUsd ?? 0), 0);
}
