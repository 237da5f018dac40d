import { afterEach, expect, test } from 'vitest';
import { batchLine, chatLines, startBatch, untilBatchIs } from '../../helpers/batches.ts';
import { expectLedgerIsBill, heldBy, lastBill } from '../../helpers/ledger.ts';
import type { Tollgate } from '../../helpers/open-tollgate.ts';
import { until } from '../../helpers/until.ts';
import { batchRow, expectSettledAsBilled, openForBatches, untilSettled } from './batch-fixture.ts';

let tollgate: Tollgate;
afterEach(() => tollgate.close());

async function open(...args: Parameters<typeof openForBatches>): Promise<string> {
  const opened = await openForBatches(...args);
  ({ tollgate } = opened);
  return opened.token;
}

test('a batch is held at half the price of what its file may cost, and settled at what OpenAI bills', async () => {
  const token = await open('usd=5/day', { openai: { batchMs: 2_000 } });
  const batch = await startBatch(tollgate.sdk(token), chatLines([30, 50, 40]));
  expect(batch.status).toBe('validating');
  const held = await heldBy(tollgate, 'worker');
  // 120 tokens at $0.60 a million for a direct answer; the input is a few hundred bytes.
  expect(held).toBeGreaterThan((120 * 600) / 2);
  expect(held).toBeLessThan(120 * 600 + 1_000 * 150);
  expect(await batchRow(tollgate)).toMatchObject({ outcome: 'open', holdNanoUsd: held });
  // Nobody asks for it: the proxy does.
  await expectSettledAsBilled(tollgate, {
    outputTokens: 120,
    serviceTier: 'batch',
    servedModel: /gpt-4o-mini/,
  });
  expect(lastBill(tollgate)).toMatchObject({ path: '/v1/batches', serviceTier: 'batch' });
});

test('its files are the app’s, and reading them is free', async () => {
  const token = await open();
  const sdk = tollgate.sdk(token);
  const { id } = await startBatch(sdk, chatLines([20, 20]));
  const { output_file_id: output } = await untilBatchIs(sdk, id, 'completed');
  const text = await (await sdk.files.content(output ?? '')).text();
  expect(text.trim().split('\n')).toHaveLength(2);
  await sdk.files.delete(output ?? '');
  await untilSettled(tollgate);
  await expectLedgerIsBill(tollgate);
});

test.each([
  ['/v1/responses', { model: 'gpt-4o-mini', input: 'Write 30 tokens', max_output_tokens: 60 }],
  ['/v1/completions', { model: 'gpt-3.5-turbo-instruct', prompt: ['One', 'Two'], max_tokens: 20, n: 2 }],
  ['/v1/embeddings', { model: 'text-embedding-3-small', input: ['one', 'two'] }],
  ['/v1/chat/completions', { model: 'gpt-5.4-mini', n: 3, messages: [{ role: 'user', content: 'Hi' }] }],
] as const)('a batch of %s is settled at what OpenAI bills', async (endpoint, body) => {
  const token = await open();
  await startBatch(
    tollgate.sdk(token),
    [1, 2, 3].map((index) => batchLine(`${index}`, endpoint, body)),
    endpoint,
  );
  await expectSettledAsBilled(tollgate);
  expect(tollgate.openai.bill.totalNanoUsd()).toBeGreaterThan(0);
});

test('a batch of several models is settled line by line, at the price of each', async () => {
  const token = await open();
  const models = ['gpt-4o', 'gpt-4o-mini', 'gpt-5.4'];
  const lines = models.flatMap((model) => chatLines([20], { model }));
  await startBatch(
    tollgate.sdk(token),
    lines.map((line, index) => line.replace('line-0', `line-${index}`)),
  );
  await expectSettledAsBilled(tollgate, { servedModel: null });
});

test('moderations cost nothing in a batch either', async () => {
  const token = await open();
  const lines = [batchLine('a', '/v1/moderations' as '/v1/responses', { input: 'I will kill time.' })];
  await startBatch(tollgate.sdk(token), lines, '/v1/moderations' as '/v1/responses');
  expect((await batchRow(tollgate)).holdNanoUsd).toBe(0);
  await expectSettledAsBilled(tollgate, { costNanoUsd: 0 });
});

test('lines that OpenAI refuses cost nothing, the others what they cost', async () => {
  const token = await open();
  const bad = batchLine('bad', '/v1/chat/completions', {
    model: 'gpt-4o-mini',
    max_completion_tokens: 10,
    messages: [{ role: 'nobody', content: 'Hi' }],
  });
  const batch = await startBatch(tollgate.sdk(token), [...chatLines([30, 40]), bad]);
  await expectSettledAsBilled(tollgate, { outputTokens: 70 });
  const ended = await tollgate.sdk(token).batches.retrieve(batch.id);
  expect(ended.request_counts).toEqual({ total: 3, completed: 2, failed: 1 });
  // The file with the errors is the app's, too.
  const errors = await tollgate.sdk(token).files.content(ended.error_file_id ?? '');
  expect(await errors.text()).toContain('bad');
});

test('a batch of which every line is refused costs nothing', async () => {
  const token = await open();
  await startBatch(tollgate.sdk(token), chatLines([30], { messages: [{ role: 'nobody', content: 'Hi' }] }));
  await untilSettled(tollgate);
  expect(await batchRow(tollgate)).toMatchObject({ outcome: 'voided', costNanoUsd: 0 });
  await expectLedgerIsBill(tollgate);
});

test('a batch whose file OpenAI does not take has cost nothing', async () => {
  const token = await open();
  const batch = await startBatch(tollgate.sdk(token), chatLines([30]), '/v1/responses');
  await untilSettled(tollgate);
  expect(await batchRow(tollgate)).toMatchObject({
    outcome: 'voided',
    costNanoUsd: 0,
    reason: 'batch_failed',
  });
  expect((await tollgate.sdk(token).batches.retrieve(batch.id)).status).toBe('failed');
  await expectLedgerIsBill(tollgate);
});

test('a batch that is cancelled pays for the lines that had run', async () => {
  const token = await open('usd=5/day', { openai: { firstTokenMs: 30 } });
  const sdk = tollgate.sdk(token);
  const { id } = await startBatch(sdk, chatLines(Array.from({ length: 60 }, () => 20)));
  await until(async () => ((await sdk.batches.retrieve(id)).request_counts?.completed ?? 0) > 2);
  await sdk.batches.cancel(id);
  await expectSettledAsBilled(tollgate);
  const { request_counts: counts } = await sdk.batches.retrieve(id);
  expect(counts?.completed).toBeGreaterThan(2);
  expect(counts?.completed).toBeLessThan(60);
  expect((await batchRow(tollgate)).outputTokens).toBe((counts?.completed ?? 0) * 20);
});

test('a batch that is cancelled before anything has run costs nothing', async () => {
  const token = await open('usd=5/day', { openai: { batchMs: 600 } });
  const sdk = tollgate.sdk(token);
  const { id } = await startBatch(sdk, chatLines([20]));
  await sdk.batches.cancel(id);
  await untilSettled(tollgate);
  expect(await batchRow(tollgate)).toMatchObject({ outcome: 'voided', costNanoUsd: 0 });
  await expectLedgerIsBill(tollgate);
});

test('a batch that expires pays for the lines whose turn has come', async () => {
  let skippedMs = 0;
  const now = (): number => Date.now() + skippedMs;
  const token = await open('usd=5/month', { now, openai: { now, firstTokenMs: 30 } });
  const sdk = tollgate.sdk(token);
  const { id } = await startBatch(sdk, chatLines(Array.from({ length: 60 }, () => 20)));
  await until(async () => ((await sdk.batches.retrieve(id)).request_counts?.completed ?? 0) > 2);
  skippedMs = 24 * 3_600_000;
  await untilSettled(tollgate);
  const { request_counts: counts, error_file_id: errors } = await untilBatchIs(sdk, id, 'expired');
  expect(counts?.completed).toBeLessThan(60);
  expect(await batchRow(tollgate)).toMatchObject({
    outcome: 'settled',
    outputTokens: (counts?.completed ?? 0) * 20,
  });
  expect(await (await sdk.files.content(errors ?? '')).text()).toContain('batch_expired');
  const { costNanoUsd } = await batchRow(tollgate);
  expect(costNanoUsd).toBe(tollgate.openai.bill.totalNanoUsd());
  expect(await heldBy(tollgate, 'worker')).toBe(0);
});

test('lines that continue what OpenAI holds are held at the whole context', async () => {
  const token = await open();
  const sdk = tollgate.sdk(token);
  const { id } = await sdk.responses.create({ model: 'gpt-4o-mini', input: 'Say hello' });
  const line = batchLine('a', '/v1/responses', {
    model: 'gpt-4o-mini',
    input: 'Go on',
    previous_response_id: id,
    max_output_tokens: 20,
  });
  await startBatch(sdk, [line], '/v1/responses');
  // 128,000 tokens at $0.15 a million, half of it.
  expect((await batchRow(tollgate)).holdNanoUsd).toBeGreaterThan((128_000 * 150) / 2 - 1);
  await expectSettledAsBilled(tollgate);
});
