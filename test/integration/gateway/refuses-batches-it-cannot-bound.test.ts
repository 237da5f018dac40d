import { afterEach, expect, test } from 'vitest';
import { batchLine, chatLines, startBatch, untilBatchIs, uploadLines } from '../../helpers/batches.ts';
import { expectLedgerIsBill, heldBy } from '../../helpers/ledger.ts';
import { openTollgate, type Tollgate } from '../../helpers/open-tollgate.ts';
import { until } from '../../helpers/until.ts';
import { BATCH_OPT_INS, expectSettledAsBilled, openForBatches, SOON } from './batch-fixture.ts';

let tollgate: Tollgate;
afterEach(() => tollgate.close());

async function open(...args: Parameters<typeof openForBatches>): Promise<string> {
  const opened = await openForBatches(...args);
  ({ tollgate } = opened);
  return opened.token;
}

test('A40 a batch that may cost more than is free is refused before it is made, and nothing stays held', async () => {
  const token = await open('usd=0.0005/day');
  const before = tollgate.openai.received.length;
  const start = startBatch(tollgate.sdk(token, { maxRetries: 0 }), chatLines([400, 400, 400, 400, 400, 400]));
  await expect(start).rejects.toMatchObject({ status: 429, code: 'insufficient_quota' });
  // The upload alone has reached OpenAI.
  expect(tollgate.openai.received.length - before).toBe(1);
  expect(await heldBy(tollgate, 'worker')).toBe(0);
});

test('I1 batches that are made at once never cross the cap together', async () => {
  const token = await open('usd=0.001/day', { config: { queueMs: 0 } });
  const sdk = tollgate.sdk(token, { maxRetries: 0 });
  const files = await Promise.all(Array.from({ length: 8 }, () => uploadLines(sdk, chatLines([400, 400]))));
  const made = await Promise.allSettled(
    files.map((input_file_id) =>
      sdk.batches.create({ input_file_id, endpoint: '/v1/chat/completions', completion_window: '24h' }),
    ),
  );
  const passed = made.filter(({ status }) => status === 'fulfilled').length;
  expect(passed).toBeGreaterThan(0);
  expect(passed).toBeLessThan(8);
  expect(await heldBy(tollgate, 'worker')).toBeLessThanOrEqual(1_000_000);
  await until(async () => (await heldBy(tollgate, 'worker')) === 0);
  expect(tollgate.openai.bill.totalNanoUsd()).toBeLessThanOrEqual(1_000_000);
  await expectLedgerIsBill(tollgate);
});

test.each<[string, object]>([
  ['a tool that runs at OpenAI', { tools: [{ type: 'web_search' }] }],
  ['a background response', { background: true }],
  ['a conversation', { conversation: 'conv_1' }],
])('what has no bound in a batch is refused: %s', async (_name, more) => {
  tollgate = await openTollgate({ config: { latePolling: SOON } });
  const token = await tollgate.createApp('worker', ['usd=5/day'], {
    allow: ['files', 'batches', 'foreign-ids'],
  });
  const line = batchLine('a', '/v1/responses', { model: 'gpt-4o-mini', input: 'Hi', ...more });
  const start = startBatch(tollgate.sdk(token, { maxRetries: 0 }), [line], '/v1/responses');
  await expect(start).rejects.toMatchObject({ status: 400, code: 'body_unsupported' });
  expect(tollgate.openai.received.filter(({ path }) => path.startsWith('/v1/batches'))).toEqual([]);
});

test('T9 a file, a batch and its outputs are nobody else’s', async () => {
  const token = await open();
  const other = await tollgate.createApp('other', ['usd=5/day'], { allow: BATCH_OPT_INS });
  const sdk = tollgate.sdk(token);
  const stranger = tollgate.sdk(other, { maxRetries: 0 });
  const file = await uploadLines(sdk, chatLines([20]));
  const unknown = { status: 404, code: 'object_unknown' };
  const create = (input_file_id: string) =>
    stranger.batches.create({ input_file_id, endpoint: '/v1/chat/completions', completion_window: '24h' });
  await expect(create(file)).rejects.toMatchObject(unknown);
  await expect(create('file-absent')).rejects.toMatchObject(unknown);
  const { id } = await startBatch(sdk, chatLines([20]));
  await expect(stranger.batches.retrieve(id)).rejects.toMatchObject(unknown);
  await expect(stranger.batches.cancel(id)).rejects.toMatchObject(unknown);
  const { output_file_id: output } = await untilBatchIs(sdk, id, 'completed');
  await expect(stranger.files.content(output ?? '')).rejects.toMatchObject(unknown);
  const mine = await uploadLines(stranger, [
    batchLine('a', '/v1/responses', { model: 'gpt-4o-mini', previous_response_id: 'resp_x', input: 'x' }),
  ]).catch((error: { code: string }) => error.code);
  // What the lines name is looked at, too.
  expect(mine).toBe('object_unknown');
});

test('a file that came in parts has not been read, so no batch is made of it', async () => {
  const token = await open();
  const sdk = tollgate.sdk(token, { maxRetries: 0 });
  const bytes = Buffer.from(chatLines([20]).join('\n'));
  const upload = await sdk.uploads.create({
    bytes: bytes.length,
    filename: 'lines.jsonl',
    mime_type: 'application/jsonl',
    purpose: 'batch',
  });
  const part = await sdk.uploads.parts.create(upload.id, { data: new File([bytes], 'part') });
  const { file } = await sdk.uploads.complete(upload.id, { part_ids: [part.id] });
  const create = sdk.batches.create({
    input_file_id: file?.id ?? '',
    endpoint: '/v1/chat/completions',
    completion_window: '24h',
  });
  await expect(create).rejects.toMatchObject({ status: 400, param: 'input_file_id' });
  await expect(create).rejects.toThrow(/upload it in one piece/);
  // Otherwise the file is as good as any.
  expect(await (await sdk.files.content(file?.id ?? '')).text()).toBe(bytes.toString());
});

test('a batch is held against the models and the longest answer that an app may ask for', async () => {
  const token = await open();
  await tollgate.client.apps.change({
    app: 'worker',
    policy: { models: ['gpt-4o-mini'], maxOutputTokens: 50 },
  });
  const sdk = tollgate.sdk(token, { maxRetries: 0 });
  const other = startBatch(sdk, chatLines([20], { model: 'gpt-4o' }));
  await expect(other).rejects.toMatchObject({ status: 403, code: 'model_not_allowed' });
  const long = startBatch(sdk, chatLines([20, 60]));
  await expect(long).rejects.toMatchObject({ status: 400, code: 'body_unsupported' });
  const body = { model: 'gpt-4o-mini', messages: [{ role: 'user', content: 'Hi' }] };
  const endless = startBatch(sdk, [batchLine('a', '/v1/chat/completions', body)]);
  await expect(endless).rejects.toMatchObject({ status: 400, code: 'body_unsupported' });
  await startBatch(sdk, chatLines([50, 40]));
  await expectSettledAsBilled(tollgate, { outputTokens: 90 });
});
