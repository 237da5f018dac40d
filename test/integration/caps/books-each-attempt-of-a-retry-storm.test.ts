import OpenAI from 'openai';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { expectLedgerIsBill, lastBill, ledgerOf } from '../../helpers/ledger.ts';
import { openTollgate, type Tollgate } from '../../helpers/open-tollgate.ts';

let tollgate: Tollgate;
beforeAll(async () => {
  tollgate = await openTollgate();
});
afterAll(() => tollgate.close());

const ask = { model: 'gpt-5.4-mini', messages: [{ role: 'user' as const, content: 'Hello' }] };

test('A57 each attempt of a retrying SDK is one row, and only the billed one costs', async () => {
  const token = await tollgate.createApp('retrying', ['usd=1/day']);
  const { faults, received } = tollgate.openai;
  faults.add({ fault: { kind: 'rate-limit', retryAfterSeconds: 0.01 } });
  faults.add({ fault: { kind: 'server-error' } });
  faults.add({ fault: { kind: 'rate-limit', retryAfterSeconds: 0.01 } });
  const sdk = tollgate.sdk(token, { maxRetries: 3 });
  const answer = await sdk.chat.completions.create(ask, { headers: { 'idempotency-key': 'one-key' } });
  expect(answer.usage?.total_tokens).toBeGreaterThan(0);

  const keys = received.map(({ rawHeaders }) => {
    const at = rawHeaders.findIndex((name) => name.toLowerCase() === 'idempotency-key');
    return at < 0 ? null : rawHeaders[at + 1];
  });
  expect(keys).toEqual(['one-key', 'one-key', 'one-key', 'one-key']);
  const rows = await ledgerOf(tollgate, 'retrying');
  expect(rows.map(({ outcome, status, costNanoUsd }) => [outcome, status, costNanoUsd])).toEqual([
    ['voided', 429, 0],
    ['voided', 500, 0],
    ['voided', 429, 0],
    ['settled', 200, lastBill(tollgate).costNanoUsd],
  ]);
  await expectLedgerIsBill(tollgate);
});

test('A57 a storm of many clients is booked row by row', async () => {
  const token = await tollgate.createApp('storm', ['usd=10/day']);
  const before = tollgate.openai.received.length;
  tollgate.openai.faults.add({ times: 60, fault: { kind: 'rate-limit', retryAfterSeconds: 0.01 } });
  const sdk = tollgate.sdk(token, { maxRetries: 5 });
  const results = await Promise.allSettled(
    Array.from({ length: 40 }, () =>
      sdk.chat.completions.create(ask, { headers: { 'idempotency-key': 'same' } }),
    ),
  );
  const answered = results.filter(({ status }) => status === 'fulfilled').length;
  const rows = await ledgerOf(tollgate, 'storm');
  expect(rows.filter(({ outcome }) => outcome === 'voided')).toHaveLength(60);
  expect(rows.filter(({ outcome }) => outcome === 'settled')).toHaveLength(answered);
  expect(rows).toHaveLength(tollgate.openai.received.length - before);
  await expectLedgerIsBill(tollgate);
});

test('A57 what may have been billed is not sent again, neither by the proxy nor by the SDK', async () => {
  const token = await tollgate.createApp('broken', ['usd=1/day']);
  const before = tollgate.openai.received.length;
  tollgate.openai.faults.add({ fault: { kind: 'reset-before-headers' } });
  const error = await tollgate
    .sdk(token, { maxRetries: 3 })
    .chat.completions.create(ask)
    .catch((e: unknown) => e);
  expect(error).toBeInstanceOf(OpenAI.InternalServerError);
  expect(error).toMatchObject({ status: 502, code: 'upstream_broken' });
  expect(tollgate.openai.received.length).toBe(before + 1);
  const [row, more] = await ledgerOf(tollgate, 'broken');
  expect(more).toBeUndefined();
  expect(row).toMatchObject({ outcome: 'charged-at-bound', reason: 'upstream_broken' });
  expect(row?.costNanoUsd).toBe(row?.holdNanoUsd);
  expect(row?.costNanoUsd).toBeGreaterThanOrEqual(lastBill(tollgate).costNanoUsd);
});
