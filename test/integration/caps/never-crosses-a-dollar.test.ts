import OpenAI from 'openai';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { NANO_PER_USD } from '../../../proxy/contract/money.ts';
import { expectLedgerIsBill } from '../../helpers/ledger.ts';
import { openTollgate, type Tollgate } from '../../helpers/open-tollgate.ts';
import { until } from '../../helpers/until.ts';

const NOON_MS = Date.UTC(2026, 10, 24, 12);
const now = (): number => NOON_MS;
const REQUESTS = 200;

let tollgate: Tollgate;
beforeAll(async () => {
  tollgate = await openTollgate({
    now,
    config: { zone: 'UTC', queueMs: 5_000 },
    openai: { now, firstTokenMs: 20 },
  });
});
afterAll(() => tollgate.close());

test('200 parallel requests of an app with one dollar a day never cost more, and the rest are told why', async () => {
  const token = await tollgate.createApp('greedy', ['usd=1/day']);
  const sdk = tollgate.sdk(token, { maxRetries: 2 });
  const ask = () =>
    sdk.chat.completions.create({
      model: 'gpt-5.4-pro',
      max_completion_tokens: 600,
      messages: [{ role: 'user', content: 'Think hard about budgets.' }],
    });
  let mostNanoUsd = 0;
  const results = await Promise.allSettled(
    Array.from({ length: REQUESTS }, async () => {
      await ask();
      const { limits } = await tollgate.client.apps.get({ app: 'greedy' });
      for (const { settled, held } of limits) mostNanoUsd = Math.max(mostNanoUsd, settled + held);
    }),
  );

  const billed = tollgate.openai.bill.totalNanoUsd();
  expect(billed).toBeLessThanOrEqual(NANO_PER_USD);
  expect(billed).toBeGreaterThan(NANO_PER_USD / 4);
  expect(mostNanoUsd).toBeLessThanOrEqual(NANO_PER_USD);
  await expectLedgerIsBill(tollgate);

  const errors = results.flatMap((result) =>
    result.status === 'rejected' ? [result.reason as unknown] : [],
  );
  const passed = REQUESTS - errors.length;
  expect(passed).toBeGreaterThan(5);
  expect(tollgate.openai.received).toHaveLength(passed);
  for (const error of errors) {
    expect(error).toBeInstanceOf(OpenAI.RateLimitError);
    const { status, type, code, headers, message } = error as InstanceType<typeof OpenAI.RateLimitError>;
    expect({ status, type, code }).toEqual({
      status: 429,
      type: 'insufficient_quota',
      code: 'insufficient_quota',
    });
    expect(headers.get('x-should-retry')).toBe('false');
    expect(headers.get('retry-after')).toBeNull();
    expect(headers.get('retry-after-ms')).toBeNull();
    expect(headers.get('x-tollgate-error')).toBe('quota_exceeded');
    expect(message).toMatch(/Limit of \$1\.00 per day for app "greedy" would be exceeded: \$0\.\d+ used/);
    expect(message).toMatch(
      /this request of app "greedy" could take up to \$0\.\d+; resets 2026-11-25T00:00/,
    );
    expect(message).toContain('not OpenAI');
  }

  // One refusal each: the SDK, which would repeat a 429 twice, has repeated none of them.
  await until(async () => {
    const { total } = await tollgate.client.usage.report({ by: 'app' });
    return total.refused === errors.length && total.requests === passed;
  });
});
