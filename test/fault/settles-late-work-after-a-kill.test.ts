import OpenAI from 'openai';
import { expect, test } from 'vitest';
import { chatLines, startBatch, untilBatchIs } from '../helpers/batches.ts';
import { openEngineHome } from '../helpers/engine-home.ts';
import { readLedger, recount, rollup } from '../helpers/ledger-files.ts';
import { until } from '../helpers/until.ts';

test('F02 a batch and a background response outlive a kill, and are settled exactly', async () => {
  const home = await openEngineHome({ openai: { batchMs: 2_000, tokensPerSecond: 20 } });
  const first = await home.start();
  const token = await home.createApp('tool', ['usd=5/day']);
  await home.control((client) =>
    client.apps.change({ app: 'tool', policy: { allow: ['files', 'batches'] } }),
  );
  const before = new OpenAI({ baseURL: first.baseUrl, apiKey: token });
  const batch = await startBatch(before, chatLines([30, 40]));
  const response = await before.responses.create({
    model: 'gpt-4o-mini',
    input: 'Write 50 tokens',
    background: true,
  });
  // Read from the disk: both are known to go on.
  expect((await home.requests()).map(({ outcome }) => outcome)).toEqual(['settled', 'open', 'open']);
  const { limits } = await home.control((client) => client.apps.get({ app: 'tool' }));
  await first.stop('SIGKILL');
  await until(() => home.openai.bill.rows.length === 2);

  const second = await home.start();
  const held = (await home.control((client) => client.apps.get({ app: 'tool' }))).limits[0]?.held;
  expect(held).toBe(limits[0]?.held);
  // Whoever asks how far they are gets them settled at once.
  const after = new OpenAI({ baseURL: second.baseUrl, apiKey: token });
  await untilBatchIs(after, batch.id, 'completed');
  expect((await after.responses.retrieve(response.id)).status).toBe('completed');
  await until(async () => (await home.requests()).every(({ outcome }) => outcome !== 'open'));
  const rows = (await home.requests()).filter(({ holdNanoUsd }) => (holdNanoUsd ?? 0) > 0);
  expect(rows.map(({ outcome, outputTokens }) => [outcome, outputTokens])).toEqual([
    ['settled', 70],
    ['settled', 50],
  ]);
  const total = home.openai.bill.totalNanoUsd();
  expect(rows.reduce((sum, { costNanoUsd }) => sum + (costNanoUsd ?? 0), 0)).toBe(total);
  const settled = await home.control((client) => client.apps.get({ app: 'tool' }));
  expect(settled.limits).toMatchObject([{ settled: total, held: 0 }]);
  await second.stop();
  readLedger(home.dir, (db) => expect(rollup(db)).toEqual(recount(db)));

  // What is told of work that goes on is forgotten at the start after its end.
  await (await home.start()).stop();
  readLedger(home.dir, (db) => expect(db.prepare('SELECT * FROM late_work').all()).toEqual([]));
});

test('F02 a conversation that was being added to when the engine was killed may fill the context', async () => {
  const home = await openEngineHome({ openai: { tokensPerSecond: 20 } });
  const first = await home.start();
  const token = await home.createApp('tool', ['usd=5/day']);
  const before = new OpenAI({ baseURL: first.baseUrl, apiKey: token });
  const { id: conversation } = await before.conversations.create({});
  const body = { model: 'gpt-4o-mini', conversation, max_output_tokens: 400 };
  const stream = await before.responses.create({ ...body, input: 'Write 400 tokens', stream: true });
  const killed = (async () => {
    for await (const event of stream)
      if (event.type === 'response.output_text.delta') void first.stop('SIGKILL');
  })();
  await expect(killed).rejects.toThrow();
  await first.stop('SIGKILL');

  const second = await home.start();
  const after = new OpenAI({ baseURL: second.baseUrl, apiKey: token });
  await after.responses.create({ ...body, input: 'Write 2 tokens' });
  const [cut, next] = (await home.requests()).filter(({ endpoint }) => endpoint === '/v1/responses');
  expect(cut).toMatchObject({ outcome: 'charged-at-bound' });
  // 128,000 tokens at $0.15 a million.
  expect(next?.holdNanoUsd).toBeGreaterThanOrEqual(128_000 * 150);
  expect(next).toMatchObject({ outcome: 'settled' });
});
