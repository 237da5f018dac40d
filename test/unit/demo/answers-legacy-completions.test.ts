import { expect, it } from 'vitest';
import { loadTokenizer } from '../../../proxy/demo/tokenizer.ts';
import { openSimulation } from './simulation-fixture.ts';

const model = 'gpt-3.5-turbo-instruct';

it('answers with 16 tokens unless asked for more', async () => {
  const { client, bill } = await openSimulation();
  const answer = await client.completions.create({ model, prompt: 'Once upon a time' });
  expect(answer.usage).toEqual({ prompt_tokens: 4, completion_tokens: 16, total_tokens: 20 });
  expect(answer.choices[0]).toMatchObject({ finish_reason: 'length', index: 0, logprobs: null });
  expect(bill.totalNanoUsd()).toBe(4 * 1500 + 16 * 2000);
});

it('bills every candidate of every prompt, shown or not', async () => {
  const { client, bill } = await openSimulation();
  const answer = await client.completions.create({
    model,
    prompt: ['a', 'b c'],
    n: 2,
    best_of: 5,
    max_tokens: 10,
  });
  expect(answer.choices.map((each) => each.index)).toEqual([0, 1, 2, 3]);
  expect(answer.usage).toEqual({ prompt_tokens: 3, completion_tokens: 100, total_tokens: 103 });
  expect(bill.totalNanoUsd()).toBe(3 * 1500 + 100 * 2000);
});

it('takes token ids', async () => {
  const { client } = await openSimulation();
  const one = await client.completions.create({ model, prompt: [1, 2, 3], max_tokens: 1 });
  expect(one.usage?.prompt_tokens).toBe(3);
  const two = await client.completions.create({ model, prompt: [[1, 2, 3], [4]], max_tokens: 1 });
  expect(two.usage?.prompt_tokens).toBe(4);
  expect(two.choices).toHaveLength(2);
});

it('streams with the rules of chat completions', async () => {
  const { client, bill } = await openSimulation();
  let text = '';
  let usage: unknown;
  for await (const chunk of await client.completions.create({
    model,
    prompt: 'x',
    max_tokens: 30,
    echo: true,
    stream: true,
    stream_options: { include_usage: true },
  })) {
    text += chunk.choices[0]?.text ?? '';
    if (chunk.choices.length === 0) usage = chunk.usage;
    else expect(chunk.usage).toBeNull();
  }
  expect(usage).toEqual({ prompt_tokens: 1, completion_tokens: 30, total_tokens: 31 });
  expect(usage).toEqual(bill.rows[0]?.usage);
  expect(text.startsWith('x')).toBe(true);
  expect((await loadTokenizer()).count(text.slice(1))).toBe(30);
});
