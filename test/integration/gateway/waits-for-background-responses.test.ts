import { afterEach, expect, test } from 'vitest';
import { expectLedgerIsBill, heldBy, ledgerOf } from '../../helpers/ledger.ts';
import { temporaryDir } from '../../helpers/ledger-files.ts';
import { openTollgate, type Tollgate, type TollgateOptions } from '../../helpers/open-tollgate.ts';
import { until } from '../../helpers/until.ts';

const latePolling = { response: { firstMs: 20, mostMs: 60 }, batch: { firstMs: 20, mostMs: 60 } };
const SLOW = { tokensPerSecond: 200, outputTokens: { min: 30, max: 60 } };

let tollgate: Tollgate;
afterEach(() => tollgate.close());

async function open(options: TollgateOptions = {}): Promise<string> {
  const { config, openai, ...rest } = options;
  tollgate = await openTollgate({
    ...rest,
    openai: { ...SLOW, ...openai },
    config: { latePolling, ...config },
  });
  return tollgate.createApp('worker', ['usd=5/day']);
}

const BODY = { model: 'gpt-4o-mini', input: 'Write 40 tokens', background: true };

/** The row of the one response; what asks for it has rows of its own. */
async function theRow() {
  const rows = await ledgerOf(tollgate, 'worker');
  const [row, second] = rows.filter(({ endpoint }) => endpoint === '/v1/responses');
  if (!row || second) throw new Error('there is not exactly one response');
  return row;
}

const settled = (): Promise<void> => until(async () => (await theRow()).outcome !== 'open');

test('A49 a background response stays held until it has ended, and costs what OpenAI bills', async () => {
  // It has to be seen while it is under way, on a busy machine too.
  const token = await open({ openai: { tokensPerSecond: 15 } });
  const { id, status } = await tollgate.sdk(token).responses.create(BODY);
  expect(status).toBe('queued');
  expect(await heldBy(tollgate, 'worker')).toBeGreaterThan(0);
  expect(await theRow()).toMatchObject({ outcome: 'open', costNanoUsd: null });
  // Nobody asks for it: the proxy does.
  await settled();
  expect(await theRow()).toMatchObject({ outcome: 'settled', outputTokens: 40 });
  await expectLedgerIsBill(tollgate);
  // Asking afterwards is free, however often.
  for (let time = 0; time < 3; time += 1) await tollgate.sdk(token).responses.retrieve(id);
  await expectLedgerIsBill(tollgate);
});

test('A49 it is settled after a restart, and was not charged at its bound', async () => {
  const dataDir = temporaryDir();
  const token = await open({ dataDir, openai: { tokensPerSecond: 15 } });
  await tollgate.sdk(token).responses.create(BODY);
  const held = await heldBy(tollgate, 'worker');
  const { openai } = tollgate;
  await tollgate.engine.close();
  tollgate = { ...(await openTollgate({ dataDir, upstream: openai, config: { latePolling } })), openai };
  expect(await heldBy(tollgate, 'worker')).toBe(held);
  await settled();
  expect(await theRow()).toMatchObject({ outcome: 'settled', outputTokens: 40 });
  await expectLedgerIsBill(tollgate);
  const again = await tollgate.client.apps.get({ app: 'worker' });
  expect(again.limits.map(({ settled: spent }) => spent)).toEqual([openai.bill.totalNanoUsd()]);
  await openai.close();
});

test('A49 a streamed one that its client leaves goes on, and is settled exactly', async () => {
  const token = await open();
  const stream = await tollgate.sdk(token).responses.create({ ...BODY, stream: true });
  for await (const event of stream) if (event.type === 'response.output_text.delta') break;
  await settled();
  expect(await theRow()).toMatchObject({ outcome: 'settled', outputTokens: 40 });
  await expectLedgerIsBill(tollgate);
});

test('A49 one that is cancelled is charged no less than OpenAI bills, and no more than was held', async () => {
  const token = await open({ openai: { tokensPerSecond: 50 } });
  const { id } = await tollgate.sdk(token).responses.create({ ...BODY, input: 'Write 400 tokens' });
  const held = await heldBy(tollgate, 'worker');
  await new Promise((resolve) => setTimeout(resolve, 120));
  await tollgate.sdk(token).responses.cancel(id);
  await settled();
  const row = await theRow();
  expect(row).toMatchObject({ outcome: 'estimated', reason: 'cancelled' });
  expect(row.costNanoUsd).toBeGreaterThanOrEqual(tollgate.openai.bill.totalNanoUsd());
  expect(row.costNanoUsd).toBeLessThanOrEqual(held);
  expect(await heldBy(tollgate, 'worker')).toBe(0);
});

test('A49 one that is deleted while it runs is charged like one that was cancelled', async () => {
  const token = await open({ openai: { tokensPerSecond: 50 } });
  const { id } = await tollgate.sdk(token).responses.create({ ...BODY, input: 'Write 400 tokens' });
  await new Promise((resolve) => setTimeout(resolve, 60));
  await tollgate.sdk(token).responses.delete(id);
  await settled();
  const row = await theRow();
  expect(row).toMatchObject({ outcome: 'estimated', reason: 'object_gone' });
  expect(row.costNanoUsd).toBeGreaterThanOrEqual(tollgate.openai.bill.totalNanoUsd());
});

test('A49 a pause stops it at OpenAI', async () => {
  const token = await open({ openai: { tokensPerSecond: 50 } });
  await tollgate.sdk(token).responses.create({ ...BODY, input: 'Write 400 tokens' });
  await tollgate.client.apps.pause({ app: 'worker' });
  await settled();
  const [bill] = tollgate.openai.bill.rows;
  expect(bill).toMatchObject({ status: 'aborted' });
  expect((await theRow()).costNanoUsd).toBeGreaterThanOrEqual(bill?.costNanoUsd ?? 0);
});

test('F14 while OpenAI cannot be asked, the hold waits', async () => {
  const token = await open();
  tollgate.openai.faults.add({ path: /^\/v1\/responses\/resp_/, times: 3, fault: { kind: 'server-error' } });
  tollgate.openai.faults.add({ path: /^\/v1\/responses\/resp_/, fault: { kind: 'reset-before-headers' } });
  await tollgate.sdk(token).responses.create(BODY);
  await settled();
  await expectLedgerIsBill(tollgate);
});

test('a background response near the cap is bounded as any other', async () => {
  const token = await open();
  await tollgate.client.apps.change({
    app: 'worker',
    setLimits: [{ metric: 'usd', window: 'day', amount: 2_000_000, enforce: 'hard' }],
  });
  const answer = await tollgate.post(token, '/responses', BODY);
  expect(answer.headers.get('x-tollgate-max-output-tokens')).toMatch(/^\d+$/);
  await answer.arrayBuffer();
  await settled();
  await expectLedgerIsBill(tollgate);
});
