import { afterAll, beforeAll, expect, test } from 'vitest';
import type { NewLimit } from '../../../proxy/contract/apps.ts';
import { parseLimit } from '../../../proxy/contract/limits.ts';
import { expectLedgerIsBill, heldBy, ledgerOf } from '../../helpers/ledger.ts';
import { openTollgate, type Tollgate } from '../../helpers/open-tollgate.ts';
import { until } from '../../helpers/until.ts';

let tollgate: Tollgate;
beforeAll(async () => {
  // Long enough that only the changed cap can end the wait.
  tollgate = await openTollgate({ config: { queueMs: 15_000 } });
});
afterAll(() => tollgate.close());

const hard = (text: string): NewLimit => ({ ...parseLimit(text), enforce: 'hard' });

function ask(token: string): Promise<Response> {
  return tollgate.post(token, '/chat/completions', {
    model: 'gpt-5.4-pro',
    max_completion_tokens: 400,
    messages: [{ role: 'user', content: 'Spend.' }],
  });
}

test('A56 a cap lowered below what is pending refuses the next request, and the pending one ends', async () => {
  const token = await tollgate.createApp('lowered', ['usd=1/day']);
  tollgate.openai.faults.add({ fault: { kind: 'latency', ms: 500 } });
  const pending = ask(token);
  await until(async () => (await heldBy(tollgate, 'lowered')) > 0);
  await tollgate.client.apps.change({ app: 'lowered', setLimits: [hard('usd=0.000001/day')] });
  const { limits } = await tollgate.client.apps.get({ app: 'lowered' });
  expect(limits[0]?.free).toBeLessThan(0);
  expect((await ask(token)).status).toBe(429);

  expect((await pending).status).toBe(200);
  const [first] = await ledgerOf(tollgate, 'lowered');
  expect(first?.outcome).toBe('settled');
  await expectLedgerIsBill(tollgate);
});

test('A56 a cap raised while a request waits for it lets that request go', async () => {
  const token = await tollgate.createApp('raised', ['usd=0.1/day']);
  tollgate.openai.faults.add({ fault: { kind: 'latency', ms: 3_000 } });
  const before = tollgate.openai.received.length;
  const first = ask(token);
  await until(() => tollgate.openai.received.length > before);
  const second = ask(token);
  await until(async () => (await tollgate.client.engine.status()).waiting === 1);
  await tollgate.client.apps.change({ app: 'raised', setLimits: [hard('usd=1/day')] });
  // It is answered while the first one still holds what it took.
  expect((await second).status).toBe(200);
  expect(tollgate.openai.received.length).toBe(before + 2);
  expect(await heldBy(tollgate, 'raised')).toBeGreaterThan(0);
  expect((await first).status).toBe(200);
  await expectLedgerIsBill(tollgate);
});

test('a removed limit lets waiting requests go, too', async () => {
  const token = await tollgate.createApp('freed', ['requests=1/day', 'usd=0.1/day']);
  await tollgate.client.apps.change({
    app: 'freed',
    removeLimits: [{ metric: 'requests', window: 'day', enforce: 'hard' }],
  });
  tollgate.openai.faults.add({ fault: { kind: 'latency', ms: 3_000 } });
  const answers = [ask(token), ask(token)];
  await until(async () => (await tollgate.client.engine.status()).waiting === 1);
  await tollgate.client.apps.change({
    app: 'freed',
    removeLimits: [{ metric: 'usd', window: 'day', enforce: 'hard' }],
  });
  expect((await Promise.all(answers)).map(({ status }) => status)).toEqual([200, 200]);
  const { limits } = await tollgate.client.apps.get({ app: 'freed' });
  expect(limits).toEqual([]);
});
