import { afterAll, beforeAll, expect, test } from 'vitest';
import { NANO_PER_USD, parseUsd } from '../../../proxy/contract/money.ts';
import { expectLedgerIsBill } from '../../helpers/ledger.ts';
import { openTollgate, type Tollgate } from '../../helpers/open-tollgate.ts';

let tollgate: Tollgate;
beforeAll(async () => {
  tollgate = await openTollgate({ config: { queueMs: 5_000 }, openai: { firstTokenMs: 10 } });
});
afterAll(() => tollgate.close());

const CAP_NANO_USD = parseUsd('0.5') ?? 0;

function ask(token: string, more: object = {}): Promise<Response> {
  return tollgate.post(token, '/chat/completions', {
    model: 'gpt-5.4-pro',
    max_completion_tokens: 400,
    messages: [{ role: 'user', content: 'Spend.' }],
    ...more,
  });
}

test('A58 five apps race for one cap on the whole key and cannot cross it together', async () => {
  await tollgate.client.limits.set({
    limits: [{ metric: 'usd', amount: CAP_NANO_USD, window: 'total', enforce: 'hard' }],
  });
  const names = ['a', 'b', 'c', 'd', 'e'];
  const tokens = await Promise.all(names.map((name) => tollgate.createApp(name, ['usd=100/day'])));
  const answers = await Promise.all(tokens.flatMap((token) => Array.from({ length: 20 }, () => ask(token))));
  const texts = await Promise.all(answers.map((answer) => answer.text()));

  const refused = texts.filter((_, index) => answers[index]?.status === 429);
  expect(refused.length).toBeGreaterThan(0);
  expect(refused.length).toBeLessThan(answers.length);
  for (const text of refused) expect(text).toContain('for the whole key would be exceeded');
  const billed = tollgate.openai.bill.totalNanoUsd();
  expect(billed).toBeLessThanOrEqual(CAP_NANO_USD);
  expect(billed).toBeGreaterThan(CAP_NANO_USD / 4);
  await expectLedgerIsBill(tollgate);
  const { limits } = await tollgate.client.limits.list();
  expect(limits[0]).toMatchObject({ scope: 'key', settled: billed, held: 0 });
});

test('A56 a new name, a new token or a new app of the same name gives nothing back of the cap', async () => {
  const settled = tollgate.openai.bill.totalNanoUsd();
  await tollgate.client.limits.set({
    limits: [{ metric: 'usd', amount: settled + 1, window: 'total', enforce: 'hard' }],
  });
  const spent = async (): Promise<number> => {
    const { limits } = await tollgate.client.apps.get({ app: 'renamed' });
    return limits[0]?.settled ?? 0;
  };
  await tollgate.client.apps.change({ app: 'a', name: 'renamed' });
  const before = await spent();
  expect(before).toBeGreaterThan(0);
  const { token } = await tollgate.client.apps.rotate({ app: 'renamed' });
  expect(await spent()).toBe(before);
  expect((await ask(token)).status).toBe(429);

  await tollgate.client.apps.remove({ app: 'renamed' });
  const fresh = await tollgate.createApp('renamed', ['usd=100/day']);
  expect(await spent()).toBe(0);
  const answer = await ask(fresh);
  expect(answer.status).toBe(429);
  expect(await answer.text()).toContain('the whole key');
  expect(tollgate.openai.bill.totalNanoUsd()).toBe(settled);
});

test('a limit of the app itself holds beside a wide one of the key', async () => {
  await tollgate.client.limits.set({
    limits: [{ metric: 'usd', amount: 100 * NANO_PER_USD, window: 'total', enforce: 'hard' }],
  });
  const token = await tollgate.createApp('narrow', ['requests=1/day']);
  expect((await ask(token)).status).toBe(200);
  const answer = await ask(token);
  expect(answer.status).toBe(429);
  expect(await answer.text()).toContain('app \\"narrow\\"');
});
