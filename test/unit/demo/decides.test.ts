import type { DecisionCreateParams } from 'openai/resources/decisions';
import { expect, it } from 'vitest';
import { openSimulation, post } from './simulation-fixture.ts';

const QUESTIONS: DecisionCreateParams['questions'] = [
  { type: 'predicate', instructions: 'Is it about gates?', name: 'gates' },
  {
    type: 'choice',
    instructions: 'Which one?',
    choices: [{ value: 'toll' }, { value: true }, { value: 'garden', description: 'with flowers' }],
  },
  {
    type: 'score',
    instructions: [{ type: 'input_text', text: 'How good?' }],
    levels: [{ label: 'bad' }, { label: 'good' }],
  },
];

it('answers every question, and bills by the row of the model', async () => {
  const { client, bill } = await openSimulation();
  const decision = await client.decisions.create({
    model: 'gpt-6.2-sol',
    input: 'A toll gate.',
    questions: QUESTIONS,
  });
  expect(decision).toMatchObject({
    model: 'gpt-6.2-sol',
    answers: [
      { type: 'predicate', name: 'gates', probability: expect.any(Number) },
      {
        type: 'choice',
        name: null,
        probabilities: [{ value: 'toll' }, { value: true }, { value: 'garden' }],
      },
      {
        type: 'score',
        probabilities: [
          { label: 'bad', value: 0 },
          { label: 'good', value: 1 },
        ],
      },
    ],
    usage: {
      input_tokens_details: { cached_tokens: 0, cache_write_tokens: 0 },
      output_tokens: 12,
      output_tokens_details: { reasoning_tokens: 0 },
    },
  });
  const { input_tokens, total_tokens } = decision.usage;
  expect(total_tokens).toBe(input_tokens + 12);
  expect(bill.rows).toMatchObject([
    { path: '/v1/decisions', usage: decision.usage, costNanoUsd: input_tokens * 2000 + 12 * 10_000 },
  ]);
});

it('reads messages, JSON, pictures and tool calls, and finds a long input again', async () => {
  const { client } = await openSimulation();
  const decide = async (input: DecisionCreateParams['input']) =>
    (await client.decisions.create({ model: 'gpt-6.2-sol', input, questions: QUESTIONS })).usage;
  const plain = await decide([{ role: 'user', content: 'hi' }]);
  const rich = await decide([
    {
      role: 'user',
      content: [
        { type: 'input_json', data: { gate: 'toll', euros: 5 } },
        { type: 'input_image', image_url: 'https://example.com/a.png' },
      ],
    },
    { type: 'function_call', call_id: 'c', name: 'open', arguments: '{}' },
    { type: 'function_call_output', call_id: 'c', output: 'opened' },
  ]);
  // A picture of four tiles behind a link: 70 and 140 tokens each.
  expect(rich.input_tokens).toBeGreaterThan(plain.input_tokens + 70 + 4 * 140);
  const long = `A toll gate. ${'word '.repeat(2000)}`;
  const first = await decide(long);
  const again = await decide(long);
  expect(first.input_tokens_details.cache_write_tokens).toBeGreaterThan(1024);
  expect(again.input_tokens_details.cached_tokens).toBe(first.input_tokens_details.cache_write_tokens);
});

it.each([
  ['no questions', { questions: [] }, 'questions'],
  ['too many', { questions: Array(401).fill(QUESTIONS[0]) }, 'questions'],
  ['a choice of nothing', { questions: [{ type: 'choice', instructions: 'x' }] }, 'questions[0].choices'],
  ['no instructions', { questions: [{ type: 'predicate' }] }, 'questions[0].instructions'],
  ['no input', { input: null }, 'input'],
])('refuses %s', async (_name, more, param) => {
  const { baseUrl, bill } = await openSimulation();
  const body = { model: 'gpt-4o', input: 'x', questions: QUESTIONS, ...more };
  const response = await post(baseUrl, '/decisions', body);
  expect([response.status, await response.json()]).toMatchObject([400, { error: { param } }]);
  expect(bill.rows).toEqual([]);
});
