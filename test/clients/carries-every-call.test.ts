import { afterAll, beforeAll, expect, test } from 'vitest';
import { ledgerOf, untilIdle } from '../helpers/ledger.ts';
import { CANARY_KEY, openTollgate, type Tollgate } from '../helpers/open-tollgate.ts';
import type { CallName } from './client.ts';
import { langchain } from './langchain.ts';
import { openaiSdk } from './openai-sdk.ts';
import { useToolUnstored, vercelAiSdk } from './vercel-ai-sdk.ts';

/* What is not refused: through the proxy, each call of each client ends as it does at OpenAI itself. */

let tollgate: Tollgate;
beforeAll(async () => {
  tollgate = await openTollgate();
});
afterAll(() => tollgate.close());

const CALLS: readonly CallName[] = [
  'ask',
  'askChat',
  'askResponses',
  'streamChat',
  'streamResponses',
  'useTool',
  'embed',
];
const TRIALS = [openaiSdk, vercelAiSdk, langchain].flatMap((client) =>
  CALLS.map((name) => ({ client: client.name, name, call: client.calls[name] })),
);

test.each(TRIALS)('$client, $name: the same with and without the proxy', async ({ client, name, call }) => {
  if (!call) throw new Error(`${client} has no ${name}`);
  const direct = await call({ baseUrl: tollgate.openai.baseUrl, token: CANARY_KEY }, {});
  expect(direct.length).toBeGreaterThan(2);
  tollgate.openai.bill.reset();
  const app = `${client}-${name}`;
  const token = await tollgate.createApp(app, ['usd=5/day']);
  expect(await call({ baseUrl: tollgate.baseUrl, token }, {})).toBe(direct);
  await untilIdle(tollgate);
  const rows = await ledgerOf(tollgate, app);
  expect(rows.map(({ outcome }) => outcome)).toEqual(rows.map(() => 'settled'));
  expect(rows.length).toBe(name === 'useTool' ? 2 : 1);
  const spent = rows.reduce((sum, { costNanoUsd }) => sum + (costNanoUsd ?? 0), 0);
  expect(spent).toBe(tollgate.openai.bill.totalNanoUsd());
});

test('ai: a conversation with a tool that is sent in full fits under a small limit', async () => {
  const token = await tollgate.createApp('ai-unstored', ['usd=0.5/day']);
  expect(await useToolUnstored({ baseUrl: tollgate.baseUrl, token }, {})).toMatch(/\w/);
});
