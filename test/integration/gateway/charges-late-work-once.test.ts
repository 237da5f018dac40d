import { afterEach, expect, test } from 'vitest';
import { expectLedgerIsBill, heldBy, ledgerOf } from '../../helpers/ledger.ts';
import { openTollgate, type Tollgate, type TollgateOptions } from '../../helpers/open-tollgate.ts';
import { until } from '../../helpers/until.ts';
import { SOON } from './batch-fixture.ts';

let tollgate: Tollgate;
afterEach(() => tollgate.close());

async function open(limit = 'usd=5/day', options: TollgateOptions = {}): Promise<string> {
  const { config, openai, ...rest } = options;
  tollgate = await openTollgate({
    ...rest,
    openai: { tokensPerSecond: 100, ...openai },
    config: { latePolling: SOON, ...config },
  });
  return tollgate.createApp('worker', [limit]);
}

const BODY = { model: 'gpt-4o-mini', input: 'Write 40 tokens', max_output_tokens: 60, background: true };

const settled = (): Promise<void> =>
  until(async () => (await ledgerOf(tollgate)).every(({ outcome }) => outcome !== 'open'));
const charged = async () =>
  (await ledgerOf(tollgate)).filter(({ costNanoUsd }) => costNanoUsd !== null && costNanoUsd > 0);

test('A51 a background response that its client asks for all the time is charged once', async () => {
  const token = await open();
  const sdk = tollgate.sdk(token);
  const { id } = await sdk.responses.create(BODY);
  const watch = async (): Promise<void> => {
    while ((await sdk.responses.retrieve(id)).status !== 'completed');
  };
  const follow = async (): Promise<void> => {
    for await (const event of await sdk.responses.retrieve(id, { stream: true })) void event;
  };
  await Promise.all([watch(), watch(), watch(), follow(), follow()]);
  await settled();
  expect(await charged()).toMatchObject([
    { outcome: 'settled', outputTokens: 40, endpoint: '/v1/responses' },
  ]);
  await expectLedgerIsBill(tollgate);
});

test('A51 one that its client follows to the end by its stream is charged once', async () => {
  const token = await open();
  const sdk = tollgate.sdk(token);
  const stream = await sdk.responses.create({ ...BODY, stream: true });
  for await (const event of stream) {
    if (event.type === 'response.created') await sdk.responses.retrieve(event.response.id);
  }
  await settled();
  expect(await charged()).toMatchObject([{ outcome: 'settled', outputTokens: 40 }]);
  await expectLedgerIsBill(tollgate);
});

test('A49 background responses at once never cross the cap together', async () => {
  const token = await open('usd=0.0002/day', { config: { queueMs: 0 } });
  const sdk = tollgate.sdk(token, { maxRetries: 0 });
  const made = await Promise.allSettled(Array.from({ length: 12 }, () => sdk.responses.create(BODY)));
  const passed = made.filter(({ status }) => status === 'fulfilled').length;
  expect(passed).toBeGreaterThan(0);
  expect(passed).toBeLessThan(12);
  expect(await heldBy(tollgate, 'worker')).toBeLessThanOrEqual(200_000);
  await settled();
  expect(tollgate.openai.bill.totalNanoUsd()).toBeLessThanOrEqual(200_000);
  await expectLedgerIsBill(tollgate);
});

test('A49 one that cannot be found for a moment is settled exactly all the same', async () => {
  const token = await open();
  tollgate.openai.faults.add({ path: /^\/v1\/responses\/resp_/, fault: { kind: 'status', status: 404 } });
  await tollgate.sdk(token).responses.create(BODY);
  await settled();
  expect(await charged()).toMatchObject([{ outcome: 'settled', outputTokens: 40 }]);
  await expectLedgerIsBill(tollgate);
});

test('A49 one that cannot be found any more may go on unseen: it is charged at its bound', async () => {
  const token = await open();
  const fault = { kind: 'status', status: 404 } as const;
  tollgate.openai.faults.add({ path: /^\/v1\/responses\/resp_/, times: 2, fault });
  await tollgate.sdk(token).responses.create(BODY);
  const held = await heldBy(tollgate, 'worker');
  await settled();
  expect(await charged()).toMatchObject([
    { outcome: 'charged-at-bound', reason: 'object_missing', costNanoUsd: held },
  ]);
  await until(() => tollgate.openai.bill.rows.length === 1);
  expect(held).toBeGreaterThanOrEqual(tollgate.openai.bill.totalNanoUsd());
  expect(await heldBy(tollgate, 'worker')).toBe(0);
});

test('A49 one whose usage is not told is charged at its bound', async () => {
  const token = await open();
  const body = { id: 'resp_1', object: 'response', status: 'completed', model: 'gpt-4o-mini' };
  tollgate.openai.faults.add({
    path: /^\/v1\/responses\/resp_/,
    times: Infinity,
    fault: { kind: 'status', status: 200, body },
  });
  await tollgate.sdk(token).responses.create(BODY);
  await settled();
  const [row] = await charged();
  expect(row).toMatchObject({ outcome: 'charged-at-bound', reason: 'usage_missing' });
  await until(() => tollgate.openai.bill.rows.length === 1);
  expect(row?.costNanoUsd).toBeGreaterThanOrEqual(tollgate.openai.bill.totalNanoUsd());
});

/** The stream says its name so slowly that its client has left, or was cut, before. */
async function beginUnnamed(token: string): Promise<AbortController> {
  tollgate.openai.faults.add({ fault: { kind: 'trickle', bytes: 16, everyMs: 5 } });
  const client = new AbortController();
  const answer = await tollgate.post(
    token,
    '/responses',
    { ...BODY, stream: true },
    { signal: client.signal },
  );
  expect(answer.status).toBe(200);
  return client;
}

test('A49 one whose client leaves its stream before it has a name is charged for all it did', async () => {
  const client = await beginUnnamed(await open());
  client.abort();
  await settled();
  expect(await charged()).toMatchObject([{ outcome: 'settled', outputTokens: 40 }]);
  await expectLedgerIsBill(tollgate);
});

test('A49 one that is cut before its stream has said its name is stopped at OpenAI', async () => {
  await beginUnnamed(await open('usd=5/day', { openai: { tokensPerSecond: 5 } }));
  await tollgate.client.apps.pause({ app: 'worker' });
  await settled();
  const [row] = await charged();
  const [bill] = tollgate.openai.bill.rows;
  expect(bill?.status).toBe('aborted');
  expect(row?.costNanoUsd).toBeGreaterThanOrEqual(bill?.costNanoUsd ?? Number.NaN);
  await expectNothingHeld();
});

async function expectNothingHeld(): Promise<void> {
  expect(await heldBy(tollgate, 'worker')).toBe(0);
}
