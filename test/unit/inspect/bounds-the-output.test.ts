import { expect, test } from 'vitest';
import {
  inspectChat,
  inspectCompletions,
  inspectEmbeddings,
  inspectResponses,
} from '../../../proxy/gateway/inspect/text-endpoints.ts';
import { boundOf, factsOf, inspect, refusalOf } from './inspect-body.ts';

const messages = [{ role: 'user', content: 'hello' }];
const chat = (more: object) => ({ model: 'gpt-4o', messages, ...more });
const response = (more: object) => ({ model: 'gpt-4o', input: 'hello', ...more });
const completion = (more: object) => ({ model: 'gpt-3.5-turbo-instruct', prompt: 'hello', ...more });
const MODELS_MAX = 16_384;

test.each<[string, object, number, boolean]>([
  ['no maximum', {}, MODELS_MAX, true],
  ['null', { max_completion_tokens: null, max_tokens: null }, MODELS_MAX, true],
  ['a maximum', { max_completion_tokens: 100 }, 100, false],
  ['the older name', { max_tokens: 100 }, 100, false],
  ['0', { max_completion_tokens: 0 }, 0, false],
  ['10^9', { max_completion_tokens: 1e9 }, MODELS_MAX, false],
  ['both, the larger counts', { max_completion_tokens: 100, max_tokens: 200 }, 200, false],
  ['both, the other way round', { max_completion_tokens: 200, max_tokens: 100 }, 200, false],
])('A44 a chat with %s', async (_name, more, outputTokens, canShorten) => {
  expect(boundOf(await factsOf(inspectChat, chat(more)))).toMatchObject({
    outputTokens,
    canShorten,
    choices: 1,
  });
});

test.each<[string, object, number, boolean]>([
  ['no maximum', {}, MODELS_MAX, true],
  ['a maximum', { max_output_tokens: 100 }, 100, false],
  ['0', { max_output_tokens: 0 }, 0, false],
  ['10^9', { max_output_tokens: 1e9 }, MODELS_MAX, false],
  ['the maximum of a chat, which is none here', { max_tokens: 5 }, MODELS_MAX, true],
])('A44 a response with %s', async (_name, more, outputTokens, canShorten) => {
  expect(boundOf(await factsOf(inspectResponses, response(more)))).toMatchObject({
    outputTokens,
    canShorten,
  });
});

test.each<[string, object, number]>([
  ['no maximum, which is 16 there', {}, 16],
  ['a maximum', { max_tokens: 100 }, 100],
  ['0', { max_tokens: 0 }, 0],
  ['10^9', { max_tokens: 1e9 }, 4_096],
])('A44 a legacy completion with %s', async (_name, more, outputTokens) => {
  const facts = await factsOf(inspectCompletions, completion(more));
  expect(boundOf(facts)).toMatchObject({ outputTokens, canShorten: false });
});

test('A44 embeddings have no output, and no maximum to put in', async () => {
  const facts = await factsOf(inspectEmbeddings, {
    model: 'text-embedding-3-small',
    input: 'x',
    max_tokens: 5,
  });
  expect(boundOf(facts, { maxOutputTokens: 1 })).toMatchObject({
    outputTokens: 0,
    canShorten: false,
    policyMaxOutput: null,
  });
});

const WRONG = ['-1', '1.5', '"5"', 'true', '{}', '[5]', '9007199254740991.5', '1e300'];
test.each(WRONG)('A44 a maximum of %s is refused', async (value) => {
  const with_ = (field: string, rest: string): string => `{"model":"gpt-4o",${rest},"${field}":${value}}`;
  expect(await refusalOf(inspectChat, with_('max_tokens', '"messages":[]'))).toBe('invalid_body: max_tokens');
  expect(await refusalOf(inspectChat, with_('max_completion_tokens', '"messages":[]'))).toBe(
    'invalid_body: max_completion_tokens',
  );
  expect(await refusalOf(inspectResponses, with_('max_output_tokens', '"input":""'))).toBe(
    'invalid_body: max_output_tokens',
  );
  expect(await refusalOf(inspectCompletions, with_('max_tokens', '"prompt":""'))).toBe(
    'invalid_body: max_tokens',
  );
});

test.each<[string, object, string]>([
  ['no maximum', {}, 'max_completion_tokens'],
  ['the newer name', { max_completion_tokens: 5 }, 'max_completion_tokens'],
  ['the older name', { max_tokens: 5 }, 'max_tokens'],
  [
    'the older name as null, which reasoning models refuse otherwise',
    { max_tokens: null },
    'max_completion_tokens',
  ],
  ['the newer name as null', { max_completion_tokens: null, max_tokens: 5 }, 'max_tokens'],
])('the maximum of a chat with %s goes where the client put it', async (_name, more, field) => {
  expect((await factsOf(inspectChat, chat(more))).maxOutputField).toBe(field);
});

test.each<[number | null, object, number, number | null]>([
  [100, {}, 100, 100],
  [100, { max_completion_tokens: 500 }, 100, 100],
  [100, { max_completion_tokens: 50 }, 50, null],
  [100, { max_completion_tokens: 100 }, 100, null],
  [null, { max_completion_tokens: 500 }, 500, null],
  [1_000_000, {}, MODELS_MAX, null],
])('a policy of %s lowers %j to %s', async (maxOutputTokens, more, outputTokens, policyMaxOutput) => {
  const facts = await factsOf(inspectChat, chat(more));
  expect(boundOf(facts, { maxOutputTokens })).toMatchObject({ outputTokens, policyMaxOutput });
});

test('A44 a cheaper maximum is a cheaper bound', async () => {
  const cost = async (max: number) =>
    boundOf(await factsOf(inspectChat, chat({ max_completion_tokens: max }))).nanoUsd ?? 0;
  // $10 a million, at the priority tier that nothing excludes: 1.7 x.
  expect((await cost(1_200)) - (await cost(1_100))).toBe(100 * 10_000 * 1.7);
  expect(await inspect(inspectChat, chat({}))).toMatchObject({ isOnePrompt: true });
});
