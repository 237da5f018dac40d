import { afterAll, beforeAll, expect, test } from 'vitest';
import { demoPrices } from '../../../proxy/demo/demo-prices.ts';
import { ledgerOf, onlyRowOf } from '../../helpers/ledger.ts';
import { openTollgate, type Tollgate } from '../../helpers/open-tollgate.ts';

/** OpenAI has it, and Tollgate knows no price of it. */
const UNPRICED = 'gpt-7-unheard-of';

let tollgate: Tollgate;
beforeAll(async () => {
  const [some] = demoPrices.models.filter(({ model }) => model === 'gpt-4o');
  if (!some) throw new Error('the price book has no gpt-4o');
  const models = [...demoPrices.models, { ...some, model: UNPRICED }];
  tollgate = await openTollgate({ openai: { prices: { ...demoPrices, models } } });
});
afterAll(() => tollgate.close());

const messages = [{ role: 'user', content: 'Write 500 tokens' }];
const ask = (token: string, model: string, more: object = {}) =>
  tollgate.post(token, '/chat/completions', { model, messages, ...more });

test('a model outside the globs of an app is refused before anything is sent', async () => {
  const token = await tollgate.createApp('picky', [], { models: ['gpt-4o-mini', 'gpt-5*'] });
  const before = tollgate.openai.received.length;
  for (const model of ['gpt-4o', 'gpt-4o-mini-2024-07-18', 'GPT-4O-MINI', 'xgpt-5.4']) {
    const answer = await ask(token, model);
    expect(answer.status, model).toBe(403);
    expect(answer.headers.get('x-tollgate-error')).toBe('model_not_allowed');
    expect(answer.headers.get('x-should-retry')).toBe('false');
  }
  expect(tollgate.openai.received.length).toBe(before);
  for (const model of ['gpt-4o-mini', 'gpt-5.4-mini'])
    expect((await ask(token, model)).status, model).toBe(200);
});

test.for([
  { name: 'no-maximum', more: {}, field: 'max_completion_tokens' },
  { name: 'higher-maximum', more: { max_completion_tokens: 400 }, field: 'max_completion_tokens' },
  { name: 'higher-old-maximum', more: { max_tokens: 400 }, field: 'max_tokens' },
])('a request with $name is lowered to the most the app may ask for', async ({ name, more, field }) => {
  const token = await tollgate.createApp(name, [], { maxOutputTokens: 50 });
  const answer = await ask(token, 'gpt-4o', more);
  expect(answer.headers.get('x-tollgate-max-output-tokens')).toBe('50');
  const body = JSON.parse(tollgate.openai.received.at(-1)?.body.toString() ?? '') as Record<string, unknown>;
  expect(body).toEqual({ model: 'gpt-4o', messages, [field]: 50 });
  expect((await onlyRowOf(tollgate, name)).outputTokens).toBe(50);
});

test('a request that asks for less than the app may is left alone', async () => {
  const token = await tollgate.createApp('modest', [], { maxOutputTokens: 50 });
  const answer = await ask(token, 'gpt-4o', { max_completion_tokens: 20 });
  expect(answer.headers.get('x-tollgate-max-output-tokens')).toBeNull();
  expect((await onlyRowOf(tollgate, 'modest')).outputTokens).toBe(20);
});

test('A47 a model without a price is refused under a dollar limit, with the way to set one', async () => {
  const token = await tollgate.createApp('careful', ['usd=1/day']);
  const before = tollgate.openai.received.length;
  for (const model of [UNPRICED, 'ft:gpt-4o:acme::1', 'gpt-4о', 'gpt-4o-20240806']) {
    const answer = await ask(token, model);
    expect([403, 400], model).toContain(answer.status);
    if (answer.status === 403) expect(answer.headers.get('x-tollgate-error')).toBe('model_price_unknown');
  }
  expect(await (await ask(token, UNPRICED)).text()).toContain(`tollgate price set ${UNPRICED}`);
  expect(tollgate.openai.received.length).toBe(before);
  await tollgate.client.prices.set({
    model: UNPRICED,
    rates: { input: 1_000_000_000, output: 2_000_000_000 },
  });
  expect((await ask(token, UNPRICED)).status).toBe(200);
  await tollgate.client.prices.unset({ model: UNPRICED });
  expect((await ask(token, UNPRICED)).status).toBe(403);
});

test('A47 a priced model is refused under a dollar limit where the price of what it asks for is unknown', async () => {
  const token = await tollgate.createApp('sizes', ['usd=1/day']);
  const picture = { model: 'dall-e-3', prompt: 'A gate', size: '4096x4096' };
  const answer = await tollgate.post(token, '/images/generations', picture);
  expect(answer.status).toBe(403);
  expect(answer.headers.get('x-tollgate-error')).toBe('model_price_unknown');
});

test('A47 an app that takes unpriced models pays the dearest known rate for them', async () => {
  const token = await tollgate.createApp('brave', ['usd=100/day'], { unpriced: 'dearest' });
  expect((await ask(token, UNPRICED, { max_completion_tokens: 100 })).status).toBe(200);
  const row = await onlyRowOf(tollgate, 'brave');
  const dearest = Math.max(...demoPrices.models.map(({ rates }) => rates.output ?? 0));
  expect(row.outcome).toBe('settled');
  expect(row.costNanoUsd).toBeGreaterThanOrEqual(((row.outputTokens ?? 0) * dearest) / 1e6);
});

test('A47 without a dollar limit an unpriced model passes and its cost is unknown, not zero', async () => {
  const token = await tollgate.createApp('carefree', ['tokens=1m/day']);
  const answer = await ask(token, UNPRICED);
  expect(answer.status).toBe(200);
  expect(answer.headers.get('x-tollgate-cost-usd')).toBeNull();
  const row = await onlyRowOf(tollgate, 'carefree');
  expect(row).toMatchObject({ outcome: 'settled', costNanoUsd: null, holdNanoUsd: null });
  expect(row.outputTokens).toBeGreaterThanOrEqual(500);
  const { total } = await tollgate.client.usage.report({ by: 'app', app: 'carefree' });
  expect(total).toMatchObject({ unpricedRequests: 1, costNanoUsd: 0, requests: 1 });
});

test('a request is booked for the end user it names', async () => {
  const token = await tollgate.createApp('users');
  await ask(token, 'gpt-4o', { user: 'old', max_completion_tokens: 1 });
  await ask(token, 'gpt-4o', { user: 'old', safety_identifier: 'new', max_completion_tokens: 1 });
  expect((await ledgerOf(tollgate, 'users')).map(({ user }) => user)).toEqual(['old', 'new']);
});
