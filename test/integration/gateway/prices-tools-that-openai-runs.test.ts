import { afterAll, beforeAll, expect, test } from 'vitest';
import {
  expectLedgerIsBill,
  heldBy,
  lastBill,
  ledgerOf,
  onlyRowOf,
  untilIdle,
} from '../../helpers/ledger.ts';
import { openTollgate, type Tollgate } from '../../helpers/open-tollgate.ts';
import { until } from '../../helpers/until.ts';

let tollgate: Tollgate;
let token: string;
beforeAll(async () => {
  tollgate = await openTollgate();
  token = await tollgate.createApp('searcher', ['usd=50/day']);
});
afterAll(() => tollgate.close());

const post = (body: object, by = token): Promise<Response> =>
  tollgate.post(by, '/responses', { model: 'gpt-5.4-mini', ...body });

test.each<[string, object]>([
  ['a web search', { input: 'Search the latest news', tools: [{ type: 'web_search' }] }],
  ['a streamed web search', { input: 'Search the web', tools: [{ type: 'web_search' }], stream: true }],
  [
    'code in a container',
    { input: 'Compute it in python', tools: [{ type: 'code_interpreter', container: { type: 'auto' } }] },
  ],
  [
    'a picture',
    { input: 'Draw a picture of a cat', tools: [{ type: 'image_generation', model: 'gpt-image-2' }] },
  ],
  [
    'several at once',
    {
      input: 'Search the news, compute it in python and draw an image',
      tools: [
        { type: 'web_search' },
        { type: 'code_interpreter', container: { type: 'auto' } },
        { type: 'image_generation', model: 'gpt-image-2' },
      ],
    },
  ],
])('A50 %s costs what OpenAI bills, fees included', async (_name, body) => {
  const answer = await post(body);
  expect(answer.status).toBe(200);
  const text = await answer.text();
  expect(text).toMatch(/_call"/);
  await expectLedgerIsBill(tollgate);
  const row = (await ledgerOf(tollgate, 'searcher')).at(-1);
  expect(row).toMatchObject({
    outcome: 'settled',
    overageNanoUsd: 0,
    costNanoUsd: lastBill(tollgate).costNanoUsd,
  });
});

test('A50 a picture of a model that nobody has named is priced like the dearest, and said to be estimated', async () => {
  await (await post({ input: 'Draw a picture', tools: [{ type: 'image_generation' }] })).arrayBuffer();
  await untilIdle(tollgate);
  const row = (await ledgerOf(tollgate, 'searcher')).at(-1);
  expect(row).toMatchObject({ outcome: 'estimated', reason: 'image_model_unknown' });
  expect(row?.costNanoUsd).toBeGreaterThanOrEqual(lastBill(tollgate).costNanoUsd);
});

test('A50 the number of calls is limited to what half of the budget pays for, and the client is told', async () => {
  const small = await tollgate.createApp('small', ['usd=3/day']);
  const answer = await post(
    { input: 'Search the latest news', tools: [{ type: 'web_search' }], max_output_tokens: 200 },
    small,
  );
  expect(answer.status).toBe(200);
  const calls = Number(answer.headers.get('x-tollgate-max-tool-calls'));
  expect([1, 2, 4, 8, 16, 32]).toContain(calls);
  const { max_tool_calls: put } = JSON.parse(tollgate.openai.received.at(-1)?.body.toString() ?? '{}');
  expect(put).toBe(calls);
  await answer.arrayBuffer();
  await untilIdle(tollgate);
  const row = (await ledgerOf(tollgate, 'small')).at(-1);
  expect(row?.holdNanoUsd).toBeLessThanOrEqual(1_500_000_000);
});

test('A50 a number of the client’s own is kept', async () => {
  const answer = await post({ input: 'Search the news', tools: [{ type: 'web_search' }], max_tool_calls: 2 });
  expect(answer.headers.get('x-tollgate-max-tool-calls')).toBeNull();
  const body = tollgate.openai.received.at(-1)?.body.toString() ?? '';
  expect(JSON.parse(body)).toMatchObject({ max_tool_calls: 2 });
  await answer.arrayBuffer();
});

test('A50 where nothing caps an app, nothing is put in, and what has no bound passes', async () => {
  const free = await tollgate.createApp('uncapped', ['requests=100/day']);
  const search = await post({ input: 'Search the news', tools: [{ type: 'web_search' }] }, free);
  expect(search.headers.get('x-tollgate-max-tool-calls')).toBeNull();
  const body = JSON.stringify({
    model: 'gpt-5.4-mini',
    input: 'Say hello',
    tools: [{ type: 'mcp', server_label: 'x' }],
  });
  const unbounded = await post(JSON.parse(body), free);
  expect(unbounded.headers.get('x-tollgate-error')).toBeNull();
  expect(tollgate.openai.received.at(-1)?.body.toString()).toBe(body);
  await Promise.all([search.arrayBuffer(), unbounded.arrayBuffer()]);
});

test('A42 a search that its client leaves at once is not charged for turns it never had', async () => {
  const slow = await openTollgate({ openai: { tokensPerSecond: 50 } });
  const leaver = await slow.createApp('leaver', ['usd=50/day']);
  const abort = new AbortController();
  const body = { model: 'gpt-5.4-mini', input: 'Say hello', tools: [{ type: 'web_search' }], stream: true };
  const answer = await slow.post(leaver, '/responses', body, { signal: abort.signal });
  const { value } = (await answer.body?.getReader().read()) ?? {};
  expect(Buffer.from(value ?? []).toString()).toContain('response.created');
  abort.abort();
  await untilIdle(slow);
  const row = await onlyRowOf(slow, 'leaver');
  expect(row).toMatchObject({ outcome: 'estimated', reason: 'client_gone' });
  expect(row.costNanoUsd).toBeLessThan((row.holdNanoUsd ?? 0) / 10);
  await until(() => slow.openai.bill.rows.length === 1);
  expect(row.costNanoUsd).toBeGreaterThanOrEqual(lastBill(slow).costNanoUsd);
  expect(await heldBy(slow, 'leaver')).toBe(0);
  await slow.close();
});
