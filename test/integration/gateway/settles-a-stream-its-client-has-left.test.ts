import { connect } from 'node:net';
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { lastBill, ledgerOf, onlyRowOf, untilIdle } from '../../helpers/ledger.ts';
import { openTollgate, type Tollgate } from '../../helpers/open-tollgate.ts';
import { until } from '../../helpers/until.ts';

let tollgate: Tollgate;
beforeAll(async () => {
  tollgate = await openTollgate({ openai: { tokensPerSecond: 200, firstTokenMs: 60 } });
});
afterAll(() => tollgate.close());
afterEach(() => tollgate.openai.faults.clear());

const model = 'gpt-4o';
const ask = (tokens: number) => [{ role: 'user' as const, content: `Write ${tokens} tokens` }];

/** Waits for the one request of an app to end on both sides, and for the bill of it. */
async function ended(app: string, billsBefore: number) {
  await untilIdle(tollgate);
  await until(() => tollgate.openai.bill.rows.length > billsBefore);
  return { row: await onlyRowOf(tollgate, app), bill: lastBill(tollgate) };
}

test('A42 a client that leaves before the first byte is charged for what OpenAI may have begun', async () => {
  const token = await tollgate.createApp('early', ['usd=1/day']);
  const { received, bill } = tollgate.openai;
  const before = received.length;
  const bills = bill.rows.length;
  const leave = new AbortController();
  tollgate.openai.faults.add({ fault: { kind: 'latency', ms: 1_000 } });
  const answer = tollgate
    .sdk(token)
    .chat.completions.create({ model, messages: ask(200), stream: true }, { signal: leave.signal });
  await until(() => received.length > before);
  leave.abort();
  await expect(answer).rejects.toThrow();
  const { row, bill: billed } = await ended('early', bills);
  expect(billed.status).toBe('aborted');
  expect(row).toMatchObject({ outcome: 'estimated', reason: 'client_gone', status: 499 });
  expect(row.costNanoUsd).toBeGreaterThanOrEqual(billed.costNanoUsd);
  expect(row.costNanoUsd).toBeLessThan(row.holdNanoUsd ?? 0);
});

test.for([1, 2, 10, 40])(
  'A42 a client that leaves after %i deltas stops the spending and pays at least for them',
  async (deltas) => {
    const app = `after-${deltas}`;
    const token = await tollgate.createApp(app, ['usd=1/day']);
    const bills = tollgate.openai.bill.rows.length;
    const stream = await tollgate
      .sdk(token)
      .chat.completions.create({ model, messages: ask(4_000), stream: true });
    let seen = 0;
    for await (const { choices } of stream) {
      if (choices[0]?.delta.content) seen += 1;
      if (seen === deltas) break;
    }
    const { row, bill } = await ended(app, bills);
    expect(bill.status).toBe('aborted');
    expect((bill.usage as { completion_tokens: number }).completion_tokens).toBeLessThan(4_000);
    expect(row).toMatchObject({ outcome: 'estimated', reason: 'client_gone', status: 200 });
    expect(row.outputTokens).toBeGreaterThanOrEqual(deltas);
    expect(row.costNanoUsd).toBeGreaterThanOrEqual(bill.costNanoUsd);
    expect(row.costNanoUsd).toBeLessThanOrEqual(row.holdNanoUsd ?? 0);
  },
);

test('A42 a client that leaves just before the chunk with the usage pays at least the whole answer', async () => {
  const token = await tollgate.createApp('last-moment', ['usd=1/day']);
  const bills = tollgate.openai.bill.rows.length;
  // A first chunk with the role, twenty with text, one with the finish reason.
  tollgate.openai.faults.add({ fault: { kind: 'hang-after-chunks', chunks: 22 } });
  const stream = await tollgate
    .sdk(token)
    .chat.completions.create({ model, messages: ask(20), stream: true });
  for await (const { choices } of stream) if (choices[0]?.finish_reason) break;
  const { row, bill } = await ended('last-moment', bills);
  expect(bill.status).toBe('completed');
  expect(row.outcome).toBe('estimated');
  expect(row.costNanoUsd).toBeGreaterThanOrEqual(bill.costNanoUsd);
});

test('A42 a client that closes its side of the connection has left', async () => {
  const token = await tollgate.createApp('half-closed', ['usd=1/day']);
  const bills = tollgate.openai.bill.rows.length;
  const socket = connect({ port: tollgate.port, host: '127.0.0.1', allowHalfOpen: true });
  const body = JSON.stringify({ model, messages: ask(4_000), stream: true });
  socket.write(
    `POST /v1/chat/completions HTTP/1.1\r\nHost: 127.0.0.1:${tollgate.port}\r\nAuthorization: Bearer ${token}\r\n` +
      `Content-Type: application/json\r\nContent-Length: ${body.length}\r\n\r\n${body}`,
  );
  await new Promise((resolve) => socket.once('data', resolve));
  socket.end();
  const { row, bill } = await ended('half-closed', bills);
  socket.destroy();
  expect(bill.status).toBe('aborted');
  expect(row.outcome).toBe('estimated');
  expect(row.costNanoUsd).toBeGreaterThanOrEqual(bill.costNanoUsd);
});

test('a client that leaves once it has read the usage pays exactly that', async () => {
  const token = await tollgate.createApp('satisfied', ['usd=1/day']);
  const sdk = tollgate.sdk(token);
  // Without an end, so that leaving is what ends it.
  tollgate.openai.faults.add({ fault: { kind: 'hang-after-chunks', chunks: 23 } });
  const chat = await sdk.chat.completions.create({
    model,
    messages: ask(20),
    stream: true,
    stream_options: { include_usage: true },
  });
  for await (const { usage } of chat) if (usage) break;
  await untilIdle(tollgate);
  const chatBill = lastBill(tollgate);
  const response = await sdk.responses.create({ model, input: 'Write 20 tokens', stream: true });
  for await (const { type } of response) if (type === 'response.completed') break;
  await untilIdle(tollgate);
  const rows = await ledgerOf(tollgate, 'satisfied');
  expect(rows.map(({ outcome, costNanoUsd }) => [outcome, costNanoUsd])).toEqual([
    ['settled', chatBill.costNanoUsd],
    ['settled', lastBill(tollgate).costNanoUsd],
  ]);
});

test('a stream of anything but text that its client has left is charged at its bound', async () => {
  const token = await tollgate.createApp('picture', ['usd=10/day']);
  const bills = tollgate.openai.bill.rows.length;
  const stream = await tollgate.sdk(token).images.generate({
    model: 'gpt-image-2',
    prompt: 'A gate',
    quality: 'low',
    stream: true,
    partial_images: 2,
  });
  for await (const event of stream) if (event.type === 'image_generation.partial_image') break;
  const { row, bill } = await ended('picture', bills);
  expect(row).toMatchObject({ outcome: 'charged-at-bound', reason: 'interrupted' });
  expect(row.costNanoUsd).toBe(row.holdNanoUsd);
  expect(row.costNanoUsd).toBeGreaterThanOrEqual(bill.costNanoUsd);
});
