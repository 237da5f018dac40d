import { expect, it } from 'vitest';
import type { BillRow } from '../../../proxy/demo/bill.ts';
import { until } from '../../helpers/until.ts';
import { CHAT, openSimulation, post } from './simulation-fixture.ts';

const LONG = [{ role: 'user', content: 'Write 2000 tokens.' }];

/** Reads a stream until so many events arrived, then leaves. Returns how many arrived. */
async function readAndLeave(baseUrl: string, path: string, body: object, events: number): Promise<number> {
  const controller = new AbortController();
  const response = await post(baseUrl, path, { ...body, stream: true }, { signal: controller.signal });
  let seen = 0;
  try {
    for await (const bytes of response.body ?? []) {
      seen += Buffer.from(bytes).toString('utf8').split('\n\n').length - 1;
      if (seen >= events) controller.abort();
    }
  } catch (cause) {
    if (!controller.signal.aborted) throw cause;
  }
  return seen;
}

const outputOf = (row: BillRow | undefined): number => {
  const usage = row?.usage as { completion_tokens?: number; output_tokens?: number } | undefined;
  return usage?.completion_tokens ?? usage?.output_tokens ?? Number.NaN;
};

it('stops within one token and bills input and output until then', async () => {
  // Slowly enough that a busy machine notices in time.
  const { baseUrl, bill } = await openSimulation({ tokensPerSecond: 20 });
  const seen = await readAndLeave(baseUrl, '/chat/completions', { ...CHAT, messages: LONG }, 31);
  await until(() => bill.rows.length > 0);
  const [row] = bill.rows;
  // The first event has no text, so 31 events are 30 tokens.
  expect(row?.status).toBe('aborted');
  expect(outputOf(row)).toBeGreaterThanOrEqual(seen - 1);
  expect(outputOf(row)).toBeLessThanOrEqual(seen + 10);
  const input = (row?.usage as { prompt_tokens: number } | undefined)?.prompt_tokens ?? 0;
  expect(row?.costNanoUsd).toBe(input * 2500 + outputOf(row) * 10_000);
  await new Promise((resolve) => setTimeout(resolve, 100));
  expect(bill.rows).toHaveLength(1);
});

it('bills the input alone when nothing was generated yet', async () => {
  const { baseUrl, bill } = await openSimulation({ firstTokenMs: 5000 });
  const controller = new AbortController();
  const pending = post(
    baseUrl,
    '/chat/completions',
    { ...CHAT, stream: true },
    { signal: controller.signal },
  );
  setTimeout(() => controller.abort(), 1_000);
  await expect(pending).rejects.toThrow();
  await until(() => bill.rows.length > 0);
  expect(bill.rows).toMatchObject([{ status: 'aborted', usage: { completion_tokens: 0 } }]);
  expect(bill.totalNanoUsd()).toBeGreaterThan(0);
});

it('bills thinking that nobody saw', async () => {
  const { baseUrl, bill } = await openSimulation({ tokensPerSecond: 200 });
  const body = { model: 'gpt-5.4', input: 'hi', reasoning: { effort: 'max' } };
  const controller = new AbortController();
  const response = await post(
    baseUrl,
    '/responses',
    { ...body, stream: true },
    { signal: controller.signal },
  );
  setTimeout(() => controller.abort(), 1_000);
  await expect(response.text()).rejects.toThrow();
  await until(() => bill.rows.length > 0);
  const output = outputOf(bill.rows[0]);
  expect(output).toBeGreaterThan(10);
  expect(bill.rows[0]).toMatchObject({
    status: 'aborted',
    usage: { output_tokens_details: { reasoning_tokens: Math.min(output, 1536) } },
  });
});

it('notices an abort without a pace, too', async () => {
  const { baseUrl, bill } = await openSimulation({ tokensPerSecond: 0 });
  const messages = [{ role: 'user', content: 'Write 16000 tokens.' }];
  await readAndLeave(baseUrl, '/chat/completions', { ...CHAT, messages }, 10);
  await until(() => bill.rows.length > 0);
  expect(bill.rows[0]?.status).toBe('aborted');
  expect(outputOf(bill.rows[0])).toBeLessThan(16_000);
});

it('has billed a stream in full before its end can be seen', async () => {
  const { baseUrl, bill } = await openSimulation({ tokensPerSecond: 1000 });
  const response = await post(baseUrl, '/chat/completions', {
    ...CHAT,
    stream: true,
    stream_options: { include_usage: true },
  });
  for await (const bytes of response.body ?? []) {
    if (Buffer.from(bytes).toString('utf8').includes('"choices":[]')) expect(bill.rows).toHaveLength(1);
  }
  expect(bill.rows[0]?.status).toBe('completed');
});

it('finishes and bills a whole answer that nobody waits for', async () => {
  const { baseUrl, bill } = await openSimulation({ firstTokenMs: 2_000 });
  const controller = new AbortController();
  const pending = post(baseUrl, '/chat/completions', CHAT, { signal: controller.signal });
  setTimeout(() => controller.abort(), 500);
  await expect(pending).rejects.toThrow();
  expect(bill.rows).toEqual([]);
  await until(() => bill.rows.length > 0);
  expect(bill.rows[0]?.status).toBe('completed');
  expect(outputOf(bill.rows[0])).toBeGreaterThanOrEqual(20);
});

it('does not generate ahead of a reader who stalls', async () => {
  const { baseUrl, bill } = await openSimulation({ tokensPerSecond: 0 });
  const messages = [{ role: 'user', content: 'Write 16000 tokens.' }];
  const response = await post(baseUrl, '/chat/completions', { ...CHAT, messages, stream: true });
  await new Promise((resolve) => setTimeout(resolve, 300));
  expect(bill.rows).toEqual([]);
  await response.text();
  expect(bill.rows).toMatchObject([{ status: 'completed', usage: { completion_tokens: 16_000 } }]);
});
