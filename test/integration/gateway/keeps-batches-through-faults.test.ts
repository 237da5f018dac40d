import { afterEach, expect, test } from 'vitest';
import { chatLines, startBatch, untilBatchIs } from '../../helpers/batches.ts';
import { expectLedgerIsBill, heldBy, lastBill } from '../../helpers/ledger.ts';
import { temporaryDir } from '../../helpers/ledger-files.ts';
import { openTollgate, type Tollgate } from '../../helpers/open-tollgate.ts';
import { until } from '../../helpers/until.ts';
import {
  batchRow,
  expectSettledAsBilled,
  NEVER,
  openForBatches,
  SOON,
  untilSettled,
} from './batch-fixture.ts';

let tollgate: Tollgate;
afterEach(() => tollgate.close());

async function open(...args: Parameters<typeof openForBatches>): Promise<string> {
  const opened = await openForBatches(...args);
  ({ tollgate } = opened);
  return opened.token;
}

test.each(['pause', 'remove', 'rotate'] as const)(
  'A56 a batch whose app is stopped by %s is stopped at OpenAI, and pays for what had run',
  async (how) => {
    const token = await open('usd=5/day', { openai: { firstTokenMs: 30 } });
    await tollgate.client.limits.set({
      limits: [{ metric: 'usd', amount: 50_000_000_000, window: 'day', enforce: 'hard' }],
    });
    const sdk = tollgate.sdk(token);
    const { id } = await startBatch(sdk, chatLines(Array.from({ length: 100 }, () => 20)));
    await until(async () => ((await sdk.batches.retrieve(id)).request_counts?.completed ?? 0) > 2);
    await tollgate.client.apps[how]({ app: 'worker' });
    await until(() => tollgate.openai.bill.rows.length === 1);
    expect(lastBill(tollgate)).toMatchObject({ status: 'aborted' });
    await until(async () => {
      const { total } = await tollgate.client.usage.report({ by: 'app' });
      return total.heldNanoUsd === 0;
    });
    await expectLedgerIsBill(tollgate);
    const [wide] = (await tollgate.client.limits.list()).limits;
    expect(wide).toMatchObject({ settled: tollgate.openai.bill.totalNanoUsd(), held: 0 });
  },
);

test('F23 a key that is rotated while a batch runs does not lose it', async () => {
  const token = await open('usd=5/day', { openai: { firstTokenMs: 20 } });
  await startBatch(tollgate.sdk(token), chatLines(Array.from({ length: 20 }, () => 20)));
  const next = `sk-proj-${'Rotated'.repeat(6)}1234`;
  tollgate.openai.setKey(next);
  await tollgate.client.keys.set({ key: next, verify: true });
  await expectSettledAsBilled(tollgate, { outputTokens: 400 });
});

test('F14 while OpenAI cannot be asked, or its file cannot be read, the hold waits', async () => {
  const token = await open();
  const { faults } = tollgate.openai;
  faults.add({ path: /^\/v1\/batches\/batch_/, times: 2, fault: { kind: 'server-error' } });
  faults.add({ path: /^\/v1\/batches\/batch_/, fault: { kind: 'reset-before-headers' } });
  faults.add({ path: /^\/v1\/files\/.+\/content/, times: 2, fault: { kind: 'overloaded' } });
  faults.add({ path: /^\/v1\/files\/.+\/content/, fault: { kind: 'reset-after-chunks', chunks: 1 } });
  await startBatch(tollgate.sdk(token), chatLines([20, 30]));
  await expectSettledAsBilled(tollgate, { outputTokens: 50 });
});

test('A54 an output file that is cut short leaves the bound', async () => {
  const token = await open();
  tollgate.openai.faults.add({
    path: /^\/v1\/files\/.+\/content/,
    fault: { kind: 'end-after-chunks', chunks: 1 },
  });
  await startBatch(tollgate.sdk(token), chatLines([20, 30, 40]));
  await untilSettled(tollgate);
  const row = await batchRow(tollgate);
  expect(row).toMatchObject({ outcome: 'charged-at-bound', costNanoUsd: row.holdNanoUsd });
  expect(row.costNanoUsd).toBeGreaterThanOrEqual(tollgate.openai.bill.totalNanoUsd());
});

test('A54 an output file that is gone leaves the bound', async () => {
  const token = await open('usd=5/day', { config: { latePolling: NEVER } });
  const sdk = tollgate.sdk(token);
  const { id } = await startBatch(sdk, chatLines([20]));
  // Every look is followed by one of the proxy's: at the last one it is to meet a file that is gone.
  tollgate.openai.faults.add({
    path: /^\/v1\/files\/.+\/content/,
    times: Infinity,
    fault: { kind: 'status', status: 404 },
  });
  await untilBatchIs(sdk, id, 'completed');
  await untilSettled(tollgate);
  expect(await batchRow(tollgate)).toMatchObject({ outcome: 'charged-at-bound', reason: 'usage_missing' });
});

test('a batch that ends while no engine runs is settled at the next start', async () => {
  const dataDir = temporaryDir();
  const token = await open('usd=5/day', { dataDir, openai: { batchMs: 200 } });
  const { openai } = tollgate;
  await startBatch(tollgate.sdk(token), chatLines([30, 50]));
  const held = await heldBy(tollgate, 'worker');
  await tollgate.engine.close();
  await until(() => openai.bill.rows.length === 1);
  tollgate = {
    ...(await openTollgate({ dataDir, upstream: openai, config: { latePolling: SOON } })),
    openai,
  };
  expect(held).toBeGreaterThan(0);
  await expectSettledAsBilled(tollgate, { outputTokens: 80 });
  const { limits } = await tollgate.client.apps.get({ app: 'worker' });
  expect(limits).toMatchObject([{ settled: openai.bill.totalNanoUsd(), held: 0 }]);
  await openai.close();
});

test('a batch of an app that was removed in the meantime is settled, too, for the whole key', async () => {
  const dataDir = temporaryDir();
  const token = await open('usd=5/day', {
    dataDir,
    openai: { batchMs: 300 },
    config: { latePolling: NEVER },
  });
  const { openai } = tollgate;
  await startBatch(tollgate.sdk(token), chatLines([30]));
  await tollgate.engine.close();
  const doorless = await openTollgate({ dataDir, upstream: openai, config: { dataPlane: null } });
  await doorless.client.apps.remove({ app: 'worker' });
  await doorless.close();
  tollgate = {
    ...(await openTollgate({ dataDir, upstream: openai, config: { latePolling: SOON } })),
    openai,
  };
  await until(async () => {
    const { total } = await tollgate.client.usage.report({ by: 'app' });
    return total.heldNanoUsd === 0 && total.costNanoUsd > 0;
  });
  await expectLedgerIsBill(tollgate);
  await openai.close();
});
