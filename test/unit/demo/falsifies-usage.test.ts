import { expect, it } from 'vitest';
import type { UsageFault } from '../../../proxy/demo/faults.ts';
import { CHAT, eventData, openSimulation, post } from './simulation-fixture.ts';

const truth = { prompt_tokens: 12, completion_tokens: 3, total_tokens: 15 };
const BODY = { ...CHAT, max_tokens: 3 };
const STREAM = { ...BODY, stream: true, stream_options: { include_usage: true } };

const EXPECTED: Readonly<Record<Exclude<UsageFault, 'missing' | 'null' | 'twice'>, string>> = {
  zero: '"usage":{"prompt_tokens":0,"completion_tokens":0,',
  negative: '"usage":{"prompt_tokens":-13,"completion_tokens":-4,',
  float: '"usage":{"prompt_tokens":12.5,"completion_tokens":3.5,',
  string: '"usage":{"prompt_tokens":"12","completion_tokens":"3",',
  nan: '"usage":{"prompt_tokens":NaN,"completion_tokens":NaN,',
  infinite: '"usage":{"prompt_tokens":1e999,"completion_tokens":1e999,',
  absurd: '"usage":{"prompt_tokens":9223372036854775808,"completion_tokens":9223372036854775808,',
  'above-bound': '"usage":{"prompt_tokens":1012000,"completion_tokens":1003000,',
};

it.each(Object.entries(EXPECTED))('A54 %s, while the bill keeps the truth', async (as, text) => {
  const { baseUrl, bill, faults } = await openSimulation();
  for (const body of [BODY, STREAM]) {
    faults.add({ fault: { kind: 'usage', as: as as UsageFault } });
    expect(await (await post(baseUrl, '/chat/completions', body)).text()).toContain(text);
  }
  expect(bill.rows).toMatchObject([{ usage: truth }, { usage: truth }]);
  expect(bill.rows[1]?.costNanoUsd).toBe(12 * 2500 + 3 * 10_000);
});

it('A43 leaves the usage out, or sends null', async () => {
  const { baseUrl, faults } = await openSimulation();
  faults.add({ times: 2, fault: { kind: 'usage', as: 'missing' } });
  expect(await (await post(baseUrl, '/chat/completions', BODY)).json()).not.toHaveProperty('usage');
  const events = eventData(await (await post(baseUrl, '/chat/completions', STREAM)).text());
  expect(events.at(-1)).toBe('[DONE]');
  expect(events.slice(0, -1).every((each) => JSON.parse(each).usage === null)).toBe(true);
  faults.add({ fault: { kind: 'usage', as: 'null' } });
  expect(await (await post(baseUrl, '/chat/completions', BODY)).json()).toMatchObject({ usage: null });
  faults.add({ path: '/responses', fault: { kind: 'usage', as: 'missing' } });
  const response = await (
    await post(baseUrl, '/responses', { model: 'gpt-4o', input: 'hi', stream: true })
  ).text();
  const last = JSON.parse(eventData(response).at(-1) ?? '') as { type: string; response: object };
  expect(last.type).toBe('response.completed');
  expect(last.response).not.toHaveProperty('usage');
});

it('A43 sends the usage twice', async () => {
  const { baseUrl, bill, faults } = await openSimulation();
  faults.add({ times: 2, fault: { kind: 'usage', as: 'twice' } });
  expect((await (await post(baseUrl, '/chat/completions', BODY)).text()).match(/"usage":\{/g)).toHaveLength(
    2,
  );
  const events = eventData(await (await post(baseUrl, '/chat/completions', STREAM)).text());
  expect(events.filter((each) => each.includes('"choices":[]'))).toHaveLength(2);
  expect(bill.rows).toHaveLength(2);
});

it('A55 answers and bills as a dearer model', async () => {
  const { baseUrl, bill, faults } = await openSimulation();
  faults.add({ times: 2, fault: { kind: 'response-model', model: 'gpt-5.4' } });
  for (const body of [BODY, STREAM]) {
    expect(await (await post(baseUrl, '/chat/completions', body)).text()).toContain('"model":"gpt-5.4"');
  }
  expect(bill.rows.map((each) => [each.model, each.costNanoUsd])).toEqual(
    Array(2).fill(['gpt-5.4', 12 * 2500 + 3 * 15_000]),
  );
});

it('A51 answers and bills in a tier nobody asked for', async () => {
  const { baseUrl, bill, faults } = await openSimulation();
  faults.add({ fault: { kind: 'service-tier', tier: 'priority' } });
  const body = { model: 'gpt-5.4', messages: CHAT.messages, max_completion_tokens: 10 };
  expect(await (await post(baseUrl, '/chat/completions', body)).json()).toMatchObject({
    service_tier: 'priority',
  });
  expect(bill.rows[0]?.costNanoUsd).toBe((12 * 2500 + 10 * 15_000) * 2);
});
