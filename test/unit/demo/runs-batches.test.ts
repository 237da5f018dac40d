import { type OpenAI, toFile } from 'openai';
import type { Batch } from 'openai/resources/batches';
import { expect, it } from 'vitest';
import { until } from '../../helpers/until.ts';
import { openSimulation, PRICES } from './simulation-fixture.ts';

type Endpoint = Parameters<OpenAI['batches']['create']>[0]['endpoint'];
interface Line {
  readonly id: string;
  readonly custom_id: string;
  readonly response: {
    status_code: number;
    body: { model: string; usage?: Usage; error?: { code: string } };
  };
  readonly error: { code: string } | null;
}
type Usage = Record<'input_tokens' | 'output_tokens' | 'prompt_tokens' | 'completion_tokens', number>;

const line = (customId: string, url: string, body: object): string =>
  JSON.stringify({ custom_id: customId, method: 'POST', url, body });
const responses = (customId: string, body: object): string =>
  line(customId, '/v1/responses', { model: 'gpt-4o', ...body });

async function upload(client: OpenAI, lines: readonly string[]): Promise<string> {
  const file = await toFile(Buffer.from(lines.join('\n')), 'lines.jsonl');
  return (await client.files.create({ file, purpose: 'batch' })).id;
}

async function start(client: OpenAI, endpoint: Endpoint, lines: readonly string[]): Promise<Batch> {
  const input_file_id = await upload(client, lines);
  return client.batches.create({ input_file_id, endpoint, completion_window: '24h' });
}

async function untilStatus(client: OpenAI, id: string, status: Batch['status']): Promise<Batch> {
  let batch = await client.batches.retrieve(id);
  await until(async () => {
    batch = await client.batches.retrieve(id);
    return batch.status === status;
  });
  return batch;
}

async function linesOf(client: OpenAI, fileId: string | null | undefined): Promise<Line[]> {
  const text = await (await client.files.content(fileId ?? '')).text();
  return text
    .trimEnd()
    .split('\n')
    .map((each) => JSON.parse(each));
}

it('answers every line at half the price, in one row', async () => {
  const { client, bill } = await openSimulation({ batchMs: 20 });
  const made = await start(client, '/v1/responses', [
    responses('a', { input: 'Write 30 tokens.' }),
    responses('b', { input: 'Write 50 tokens.' }),
  ]);
  expect(made).toMatchObject({
    id: expect.stringMatching(/^batch_/),
    object: 'batch',
    status: 'validating',
    endpoint: '/v1/responses',
    request_counts: { total: 0, completed: 0, failed: 0 },
  });
  expect(made).not.toHaveProperty('usage');
  expect(bill.rows).toEqual([]);
  const done = await untilStatus(client, made.id, 'completed');
  expect(done).toMatchObject({
    model: 'gpt-4o-2024-08-06',
    request_counts: { total: 2, completed: 2, failed: 0 },
    error_file_id: null,
  });
  const lines = await linesOf(client, done.output_file_id);
  expect(lines.map((each) => [each.custom_id, each.response.status_code, each.error])).toEqual([
    ['a', 200, null],
    ['b', 200, null],
  ]);
  const input = lines.reduce((sum, each) => sum + (each.response.body.usage?.input_tokens ?? 0), 0);
  expect(done.usage).toEqual({
    input_tokens: input,
    input_tokens_details: { cached_tokens: 0 },
    output_tokens: 80,
    output_tokens_details: { reasoning_tokens: 0 },
    total_tokens: input + 80,
  });
  expect(bill.rows).toMatchObject([
    {
      path: '/v1/batches',
      status: 'completed',
      responseId: made.id,
      model: 'gpt-4o-2024-08-06',
      serviceTier: 'batch',
      usage: done.usage,
      costNanoUsd: (input * 2500 + 80 * 10_000) / 2,
    },
  ]);
});

it('goes through its statuses in order', async () => {
  const { client } = await openSimulation({ batchMs: 2_000 });
  const { id } = await start(client, '/v1/responses', [responses('a', { input: 'hi' })]);
  const seen: string[] = [];
  await until(async () => {
    const { status } = await client.batches.retrieve(id);
    if (seen.at(-1) !== status) seen.push(status);
    return status === 'completed';
  });
  expect(seen).toEqual(['validating', 'in_progress', 'finalizing', 'completed']);
});

it('rounds each line up at the factor of its model', async () => {
  const models = PRICES.models.map((row) =>
    row.model === 'gpt-4o-mini' ? { ...row, tiers: { batch: [{ permille: 333 }] } } : row,
  );
  const { client, bill } = await openSimulation({ prices: { ...PRICES, models } });
  const body = { model: 'gpt-4o-mini', input: 'hi', max_output_tokens: 16 };
  const { id } = await start(client, '/v1/responses', [responses('a', body), responses('b', body)]);
  const done = await untilStatus(client, id, 'completed');
  const each = Math.ceil((((done.usage?.input_tokens ?? 0) / 2) * 150 + 16 * 600) * 0.333);
  expect(bill.rows.map((row) => row.costNanoUsd)).toEqual([each * 2]);
});

it.each([
  ['/v1/chat/completions', { model: 'gpt-4o', messages: [{ role: 'user', content: 'hi' }] }, 2500, 10_000],
  ['/v1/completions', { model: 'gpt-3.5-turbo-instruct', prompt: 'hi' }, 1500, 2000],
  ['/v1/embeddings', { model: 'text-embedding-3-small', input: ['hi', 'ho'] }, 20, 0],
] as const)('adds up the usage of %s in its own shape', async (endpoint, body, inputRate, outputRate) => {
  const { client, bill } = await openSimulation();
  const { id } = await start(client, endpoint, [line('a', endpoint, body), line('b', endpoint, body)]);
  const done = await untilStatus(client, id, 'completed');
  const lines = await linesOf(client, done.output_file_id);
  const sum = (name: keyof Usage): number =>
    lines.reduce((total, each) => total + (each.response.body.usage?.[name] ?? 0), 0);
  expect(done.usage).toMatchObject({
    input_tokens: sum('prompt_tokens'),
    output_tokens: sum('completion_tokens'),
  });
  expect(bill.totalNanoUsd()).toBe(
    (sum('prompt_tokens') * inputRate + sum('completion_tokens') * outputRate) / 2,
  );
});

it('moderates for free, without a row', async () => {
  const { client, bill } = await openSimulation();
  const endpoint = '/v1/moderations';
  const { id } = await start(client, endpoint, [line('a', endpoint, { input: 'I will kill time.' })]);
  const done = await untilStatus(client, id, 'completed');
  expect(done.request_counts).toEqual({ total: 1, completed: 1, failed: 0 });
  expect(bill.rows).toEqual([]);
});

it('writes lines that cannot be answered to a file of their own, for free', async () => {
  const { client, bill } = await openSimulation();
  const { id } = await start(client, '/v1/responses', [
    responses('bad', { input: 'hi', max_output_tokens: 1 }),
    responses('stream', { input: 'hi', stream: true }),
    responses('unknown', { input: 'hi', model: 'gpt-99' }),
    responses('good', { input: 'Write 30 tokens.' }),
  ]);
  const done = await untilStatus(client, id, 'completed');
  expect(done.request_counts).toEqual({ total: 4, completed: 1, failed: 3 });
  expect(done).not.toHaveProperty('model');
  const errors = await linesOf(client, done.error_file_id);
  expect(
    errors.map(({ custom_id, response }) => [custom_id, response.status_code, response.body.error?.code]),
  ).toEqual([
    ['bad', 400, 'integer_below_min_value'],
    ['stream', 400, 'unsupported_value'],
    ['unknown', 404, 'model_not_found'],
  ]);
  const [good] = await linesOf(client, done.output_file_id);
  expect(good).toMatchObject({ custom_id: 'good', response: { body: { usage: { output_tokens: 30 } } } });
  expect(bill.totalNanoUsd()).toBe(((done.usage?.input_tokens ?? 0) * 2500 + 30 * 10_000) / 2);
});

it.each([
  ['an empty file', '', 'empty_file', null],
  ['what is no JSON', '{', 'invalid_json_line', 1],
  [
    'a line without an id',
    '{"method":"POST","url":"/v1/responses","body":{}}',
    'missing_required_parameter',
    1,
  ],
  [
    'two lines of one id',
    `${responses('a', { input: 'hi' })}\n${responses('a', { input: 'hi' })}`,
    'duplicate_custom_id',
    2,
  ],
  ['another endpoint', line('a', '/v1/embeddings', {}), 'url_mismatch', 1],
  ['another method', '{"custom_id":"a","method":"GET","url":"/v1/responses","body":{}}', 'invalid_method', 1],
])('fails as a whole for %s, at no cost', async (_name, text, code, at) => {
  const { client, bill } = await openSimulation({ batchMs: 10 });
  const { id } = await start(client, '/v1/responses', [text]);
  const failed = await untilStatus(client, id, 'failed');
  expect(failed.errors?.data).toMatchObject([{ code, line: at }]);
  expect(failed.output_file_id).toBeNull();
  expect(bill.rows).toEqual([]);
});

it('is billed for the lines that were done when it is cancelled', async () => {
  const { client, bill } = await openSimulation({ batchMs: 20, firstTokenMs: 60 });
  const lines = Array.from({ length: 50 }, (_, index) =>
    responses(`line-${index}`, { input: `Write ${20 + index} tokens.` }),
  );
  const { id } = await start(client, '/v1/responses', lines);
  await until(async () => ((await client.batches.retrieve(id)).request_counts?.completed ?? 0) >= 2);
  expect((await client.batches.cancel(id)).status).toBe('cancelling');
  expect(bill.rows).toEqual([]);
  const done = await untilStatus(client, id, 'cancelled');
  const count = done.request_counts?.completed ?? 0;
  expect(count).toBeGreaterThanOrEqual(2);
  expect(count).toBeLessThan(10);
  expect(await linesOf(client, done.output_file_id)).toHaveLength(count);
  expect(bill.rows).toMatchObject([{ status: 'aborted', responseId: id, usage: done.usage }]);
  expect(bill.totalNanoUsd()).toBe(
    ((done.usage?.input_tokens ?? 0) * 2500 + (done.usage?.output_tokens ?? 0) * 10_000) / 2,
  );
  await expect(client.batches.cancel(id)).rejects.toMatchObject({ status: 400 });
});

it('expires after a day, billed for the lines that were done', async () => {
  let now = Date.UTC(2026, 10, 23);
  const { client, bill } = await openSimulation({ batchMs: 2, firstTokenMs: 40, now: () => now });
  const lines = Array.from({ length: 50 }, (_, index) => responses(`line-${index}`, { input: 'hi' }));
  const { id, expires_at: expiresAt } = await start(client, '/v1/responses', lines);
  await until(async () => ((await client.batches.retrieve(id)).request_counts?.completed ?? 0) >= 2);
  now = (expiresAt ?? 0) * 1000;
  const ended = await untilStatus(client, id, 'expired');
  const done = ended.request_counts?.completed ?? 0;
  expect(ended.expired_at).toBe(expiresAt);
  expect(await linesOf(client, ended.output_file_id)).toHaveLength(done);
  const expired = await linesOf(client, ended.error_file_id);
  expect(expired).toHaveLength(50 - done);
  expect(expired[0]).toMatchObject({ response: null, error: { code: 'batch_expired' } });
  expect(bill.rows).toMatchObject([{ status: 'completed', responseId: id, usage: ended.usage }]);
  await expect(client.batches.cancel(id)).rejects.toMatchObject({ status: 400 });
});

it('costs nothing when it is cancelled before it runs', async () => {
  const { client, bill } = await openSimulation({ batchMs: 200 });
  const { id } = await start(client, '/v1/responses', [responses('a', { input: 'hi' })]);
  await client.batches.cancel(id);
  const done = await untilStatus(client, id, 'cancelled');
  expect(done).toMatchObject({ request_counts: { completed: 0 }, output_file_id: null });
  expect(bill.rows).toEqual([]);
});

it('is listed, newest first, and unknown if it was never made', async () => {
  const { client } = await openSimulation();
  const ids: string[] = [];
  for (const name of ['a', 'b', 'c'])
    ids.unshift((await start(client, '/v1/responses', [responses(name, { input: 'hi' })])).id);
  const listed: string[] = [];
  for await (const batch of client.batches.list({ limit: 2 })) listed.push(batch.id);
  expect(listed).toEqual(ids);
  await expect(client.batches.retrieve('batch_0')).rejects.toMatchObject({ status: 404 });
});

it('needs a file that was uploaded for it', async () => {
  const { client } = await openSimulation();
  const create = (input_file_id: string): Promise<unknown> =>
    client.batches.create({ input_file_id, endpoint: '/v1/responses', completion_window: '24h' });
  await expect(create('file-0')).rejects.toMatchObject({ status: 404 });
  const file = await toFile(Buffer.from('{}'), 'a.jsonl');
  const { id } = await client.files.create({ file, purpose: 'user_data' });
  await expect(create(id)).rejects.toMatchObject({ status: 400, param: 'input_file_id' });
});

it('stops with the simulation, billed for what was done', async () => {
  const simulation = await openSimulation({ batchMs: 2, firstTokenMs: 30 });
  const { client, bill } = simulation;
  const lines = Array.from({ length: 50 }, (_, index) => responses(`line-${index}`, { input: 'hi' }));
  const { id } = await start(client, '/v1/responses', lines);
  await until(async () => ((await client.batches.retrieve(id)).request_counts?.completed ?? 0) >= 1);
  await simulation.close();
  expect(bill.rows).toMatchObject([{ status: 'aborted', responseId: id }]);
  await new Promise((resolve) => setTimeout(resolve, 100));
  expect(bill.rows).toHaveLength(1);
});

it('can break while it is polled', async () => {
  const { client, faults } = await openSimulation();
  const { id } = await start(client, '/v1/responses', [responses('a', { input: 'hi' })]);
  faults.add({ path: /^\/v1\/batches\/batch_/, fault: { kind: 'server-error' } });
  await expect(client.batches.retrieve(id)).rejects.toMatchObject({ status: 500 });
  await untilStatus(client, id, 'completed');
});
