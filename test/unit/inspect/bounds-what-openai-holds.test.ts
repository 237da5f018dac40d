import { expect, test } from 'vitest';
import { inspectChat, inspectResponses } from '../../../proxy/gateway/inspect/text-endpoints.ts';
import { book, boundOf, factsOf, refusalOf } from './inspect-body.ts';

const CONTEXT = 128_000;
const response = (more: object) => ({ model: 'gpt-4o', input: 'hello', ...more });
const items = (...input: object[]) => response({ input });

test.each<[string, object]>([
  ['a stored prompt', response({ prompt: { id: 'pmpt_1' } })],
  ['a file by its id', items({ role: 'user', content: [{ type: 'input_file', file_id: 'file-1' }] })],
  ['an item by its id', items({ type: 'item_reference', id: 'msg_1' })],
  ['an id and nothing else', items({ id: 'msg_1' })],
  ['an id whose type is null', items({ type: null, id: 'msg_1' })],
  ['reasoning that is not enclosed', items({ type: 'reasoning', id: 'rs_1', summary: [] })],
  ['reasoning with null', items({ type: 'reasoning', id: 'rs_1', summary: [], encrypted_content: null })],
  ['an earlier picture', items({ type: 'image_generation_call', id: 'ig_1' })],
  ['what a hosted tool found', items({ type: 'web_search_call', id: 'ws_1' })],
  ['an item of a kind that is new', items({ type: 'dream', id: 'dr_1' })],
])('A52 the input of a response with %s may fill the context', async (_name, body) => {
  const facts = await factsOf(inspectResponses, body);
  expect(facts.countable).toBeNull();
  expect(boundOf(facts).inputTokens).toBe(CONTEXT);
});

test.each<[string, object]>([
  ['messages', items({ role: 'user', content: 'a' }, { type: 'message', role: 'assistant', content: [] })],
  ['calls of functions', items({ type: 'function_call', call_id: 'c', name: 'f', arguments: '{}' })],
  ['their results', items({ type: 'function_call_output', call_id: 'c', output: 'x' })],
  ['calls of custom tools', items({ type: 'custom_tool_call', call_id: 'c', name: 'f', input: '' })],
  ['reasoning enclosed', items({ type: 'reasoning', id: 'rs_1', summary: [], encrypted_content: 'gAAA' })],
  ['a compaction enclosed', items({ type: 'compaction', encrypted_content: 'gAAA' })],
  ['nulls', response({ previous_response_id: null, conversation: null, prompt: null })],
  ['a text', response({})],
])('A52 the input of a response with %s is what its body has', async (_name, body) => {
  const facts = await factsOf(inspectResponses, body);
  expect(facts.countable).not.toBeNull();
  expect(boundOf(facts).inputTokens).toBe(Buffer.byteLength(JSON.stringify(body)));
});

test.each<[string, object, string]>([
  ['an earlier response', response({ previous_response_id: 'resp_1' }), 'resp_1'],
  ['a conversation', response({ conversation: 'conv_1' }), 'conv_1'],
  ['a conversation as an object', response({ conversation: { id: 'conv_1' } }), 'conv_1'],
])(
  'A52 a response that continues %s reads what is known of it, else its context',
  async (_name, body, id) => {
    const facts = await factsOf(inspectResponses, body);
    expect([facts.continues, facts.references]).toEqual([id, [id]]);
    expect(boundOf(facts).inputTokens).toBe(CONTEXT);
    const own = Buffer.byteLength(JSON.stringify(body));
    expect(boundOf(facts, {}, { continuedTokens: 500 }).inputTokens).toBe(own + 500);
    expect(boundOf(facts, {}, { continuedTokens: 127_999 }).inputTokens).toBe(CONTEXT);
  },
);

test('A52 what is held may be sound or pictures where the model takes them', async () => {
  const facts = await factsOf(
    inspectResponses,
    response({ model: 'gpt-realtime', previous_response_id: 'resp_1' }),
  );
  // The dearest input there is: audio at $32 a million; output at $16.
  expect(boundOf(facts).nanoUsd).toBe(32_000 * 32_000 + 4_096 * 16_000);
});

test('A52 a stored prompt that names the model may take any, so the dearest counts', async () => {
  const facts = await factsOf(inspectResponses, { prompt: { id: 'pmpt_1' } });
  expect(facts.model).toBe('');
  const dearest = book.dearest();
  expect(boundOf(facts)).toMatchObject({
    inputTokens: dearest.contextTokens,
    outputTokens: dearest.maxOutputTokens,
    nanoUsd:
      (dearest.contextTokens * (dearest.rates.input ?? 0)) / 1e6 +
      (dearest.maxOutputTokens * (dearest.rates.output ?? 0)) / 1e6,
  });
});

test('A52 without a stored prompt a response needs a model', async () => {
  expect(await refusalOf(inspectResponses, { input: 'a' })).toBe('invalid_body: model');
  expect(await refusalOf(inspectResponses, { prompt: 'pmpt_1' })).toBe('invalid_body: prompt');
});

test('A52 what a chat model has said aloud before is named by an id', async () => {
  const messages = [
    { role: 'user', content: 'a' },
    { role: 'assistant', audio: { id: 'audio_1' } },
  ];
  const facts = await factsOf(inspectChat, { model: 'gpt-audio', messages, max_completion_tokens: 0 });
  expect(boundOf(facts)).toMatchObject({ inputTokens: 128_000, nanoUsd: 128_000 * 32_000 });
});

test.each<[string, object]>([
  ['an earlier response', response({ previous_response_id: 'r'.repeat(201) })],
  ['a conversation', response({ conversation: { id: 'c'.repeat(100_000) } })],
  ['a file', items({ role: 'user', content: [{ type: 'input_file', file_id: 'f'.repeat(201) }] })],
])('T9 an id that is too long to be looked up is not passed on unseen: %s', async (_name, body) => {
  expect(await refusalOf(inspectResponses, body)).toMatch(/^invalid_body: /);
});

test('T9 what an answer has quoted, and what the client likes, are no references', async () => {
  const annotations = [{ type: 'file_citation', file_id: 'file-quoted' }];
  const said = { role: 'assistant', content: [{ type: 'output_text', text: 'x', annotations }] };
  const facts = await factsOf(inspectResponses, items(said, { role: 'user', content: 'file_id' }));
  expect(facts.references).toEqual([]);
});
