import { expect, test } from 'vitest';
import {
  inspectChat,
  inspectCompletions,
  inspectEmbeddings,
} from '../../../proxy/gateway/inspect/text-endpoints.ts';
import { boundOf, factsOf, refusalOf } from './inspect-body.ts';

const chat = (more: object) => ({ model: 'gpt-4o', messages: [], max_completion_tokens: 100, ...more });
const completion = (more: object) => ({
  model: 'gpt-3.5-turbo-instruct',
  prompt: 'a',
  max_tokens: 100,
  ...more,
});

test.each<[string, object, number]>([
  ['no n', {}, 1],
  ['n as null', { n: null }, 1],
  ['n=7', { n: 7 }, 7],
  ['n=128', { n: 128 }, 128],
])('A45 a chat with %s', async (_name, more, choices) => {
  const [one, many] = [
    boundOf(await factsOf(inspectChat, chat({}))),
    boundOf(await factsOf(inspectChat, chat(more))),
  ];
  expect(many.choices).toBe(choices);
  expect(many.nanoUsd ?? 0).toBeGreaterThanOrEqual((one.nanoUsd ?? 0) * (choices > 1 ? choices / 2 : 1));
});

test.each([0, -1, 129, 1.5, '2', [1], true])('A45 n=%j is refused', async (n) => {
  expect(await refusalOf(inspectChat, chat({ n }))).toBe('invalid_body: n');
  expect(await refusalOf(inspectCompletions, completion({ n }))).toBe('invalid_body: n');
  expect(await refusalOf(inspectCompletions, completion({ best_of: n }))).toBe('invalid_body: best_of');
});

test.each<[string, object, number]>([
  ['one prompt', {}, 1],
  ['n', { n: 4 }, 4],
  ['best_of', { best_of: 20 }, 20],
  ['n and best_of, of which the larger is made', { n: 3, best_of: 20 }, 20],
  ['an array of prompts', { prompt: ['a', 'b', 'c'] }, 3],
  ['prompts times best_of', { prompt: ['a', 'b', 'c'], best_of: 20 }, 60],
  ['a prompt of tokens', { prompt: [1, 2, 3] }, 1],
  ['prompts of tokens', { prompt: [[1, 2], [3]] }, 2],
  ['an array of one', { prompt: ['a'] }, 1],
  ['an empty array', { prompt: [] }, 1],
  ['no prompt', { prompt: null }, 1],
])('A45 a legacy completion with %s', async (_name, more, choices) => {
  const facts = await factsOf(inspectCompletions, completion(more));
  expect(boundOf(facts)).toMatchObject({ choices, outputTokens: 100 });
});

test('A45 logprobs add nothing that is billed', async () => {
  const plain = boundOf(await factsOf(inspectChat, chat({})));
  const logged = boundOf(await factsOf(inspectChat, chat({ logprobs: true, top_logprobs: 20 })));
  expect(logged).toMatchObject({ outputTokens: plain.outputTokens, choices: 1 });
});

test.each<[string, unknown, number]>([
  ['2048 texts', Array.from({ length: 2_048 }, () => 'a text'), 2_048 * 2],
  ['2048 empty texts', Array.from({ length: 2_048 }, () => ''), 2_048],
  ['tokens', Array.from({ length: 5_000 }, (_, index) => index), 5_000],
  ['arrays of tokens', [Array.from({ length: 5_000 }, () => 7), [8]], 5_001],
])('A45 the input of embeddings of %s is no less than its tokens', async (_name, input, tokens) => {
  const facts = await factsOf(inspectEmbeddings, { model: 'text-embedding-3-small', input });
  expect(boundOf(facts)).toMatchObject({ outputTokens: 0, choices: 1 });
  expect(boundOf(facts).inputTokens).toBeGreaterThanOrEqual(tokens);
});

test('A45 many inputs are not cut to one context window', async () => {
  const input = Array.from({ length: 40 }, () => 'x'.repeat(15_000));
  const facts = await factsOf(inspectEmbeddings, { model: 'text-embedding-3-small', input });
  expect(boundOf(facts).inputTokens).toBeGreaterThan(40 * 15_000);
});
