import { afterAll, beforeAll, expect, test } from 'vitest';
import type { AppPolicyPatch } from '../../../proxy/contract/apps.ts';
import { type LimitSpec, parseLimit } from '../../../proxy/contract/limits.ts';
import { expectLedgerIsBill, ledgerOf, untilIdle } from '../../helpers/ledger.ts';
import { openTollgate, type Tollgate } from '../../helpers/open-tollgate.ts';

let tollgate: Tollgate;
beforeAll(async () => {
  tollgate = await openTollgate({ config: { queueMs: 0 } });
});
afterAll(() => tollgate.close());

const body = { model: 'gpt-4o', messages: [{ role: 'user', content: 'Hi' }] };

async function observe(
  name: string,
  limits: readonly string[],
  policy: AppPolicyPatch = {},
): Promise<string> {
  const token = await tollgate.createApp(name, limits, policy);
  await tollgate.client.apps.change({ app: name, mode: 'observe' });
  return token;
}

const setKeyLimit = (limit: LimitSpec) =>
  tollgate.client.limits.set({ limits: [{ ...limit, enforce: 'hard' }] });

test('an observing app is refused nothing, and the ledger says what it would have been refused for', async () => {
  const token = await observe('watched', ['usd=0.000001/day'], { models: ['gpt-5*'] });
  const answer = await tollgate.post(token, '/chat/completions', body);
  expect(answer.status).toBe(200);
  expect(answer.headers.get('x-tollgate-max-output-tokens')).toBeNull();
  await untilIdle(tollgate);
  await tollgate.client.apps.change({ app: 'watched', policy: { models: [] } });
  await tollgate.post(token, '/chat/completions', body);
  const rows = await ledgerOf(tollgate, 'watched');
  expect(rows.map(({ outcome, reason }) => [outcome, reason])).toEqual([
    ['settled', 'would_refuse:usd/day'],
    ['settled', 'would_refuse:usd/day'],
  ]);
  await expectLedgerIsBill(tollgate);
});

test('a rule of its policy is named when no limit is crossed', async () => {
  const token = await observe('globs', [], { models: ['gpt-5*'], tpm: 1 });
  await tollgate.post(token, '/chat/completions', body);
  const [row] = await ledgerOf(tollgate, 'globs');
  expect(row).toMatchObject({ outcome: 'settled', reason: 'would_refuse:model_not_allowed' });
});

test('what an observing app asks for is not shortened', async () => {
  const token = await observe('long', [], { maxOutputTokens: 1 });
  const answer = await tollgate.post(token, '/chat/completions', body);
  expect(answer.headers.get('x-tollgate-max-output-tokens')).toBeNull();
  expect(tollgate.openai.received.at(-1)?.body.toString()).toBe(JSON.stringify(body));
});

test('a limit on the whole key holds for an observing app, too', async () => {
  const token = await observe('bound', []);
  await setKeyLimit(parseLimit('usd=0.000001/total'));
  const refused = await tollgate.post(token, '/chat/completions', body);
  expect(refused.status).toBe(429);
  expect(await refused.text()).toContain('the whole key');
  await tollgate.client.limits.remove({ metric: 'usd', window: 'total', enforce: 'hard' });
});

test('under a dollar limit on the whole key an observing app cannot use a model without a price', async () => {
  const token = await observe('unpriced', ['usd=1/day']);
  const ask = { ...body, model: 'gpt-7-unheard-of' };
  await setKeyLimit(parseLimit('usd=100/total'));
  const refused = await tollgate.post(token, '/chat/completions', ask);
  expect(refused.status).toBe(403);
  expect(refused.headers.get('x-tollgate-error')).toBe('model_price_unknown');
  await tollgate.client.limits.remove({ metric: 'usd', window: 'total', enforce: 'hard' });
  // Of its own limit it is only told; OpenAI then says that there is no such model.
  expect((await tollgate.post(token, '/chat/completions', ask)).status).toBe(404);
});
