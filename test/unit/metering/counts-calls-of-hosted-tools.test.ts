import { expect, test } from 'vitest';
import { PassingJsonMeter, readJsonAnswer } from '../../../proxy/gateway/metering/json-answer.ts';
import { measure, namedEvent } from './run-meter.ts';

const usage = { input_tokens: 5, output_tokens: 3 };
const search = { type: 'web_search_call', action: { type: 'search', query: 'x' } };
const opened = { type: 'web_search_call', action: { type: 'open_page' } };
const files = { type: 'file_search_call' };
const code = (id: string) => ({ type: 'code_interpreter_call', container_id: id });
const NONE = { webSearchCalls: 0, fileSearchCalls: 0, containerSessions: 0 };
const told = (web: number, pictures = 0) => ({
  tool_usage: { web_search: { num_requests: web }, image_gen: { total_tokens: pictures } },
});

/** The three ways in which a response arrives. */
function meterAll(answer: object) {
  const text = JSON.stringify({ model: 'gpt-5.4', usage, ...answer });
  const passing = new PassingJsonMeter('responses');
  passing.push(Buffer.from(text));
  const stream = namedEvent({ type: 'response.completed', response: JSON.parse(text) });
  return [
    readJsonAnswer('responses', text).metered,
    passing.result().metered,
    measure('responses', stream).result,
  ];
}

test.each<[string, object, object]>([
  ['none', { output: [{ type: 'message' }, { type: 'function_call' }] }, NONE],
  ['none, said so', told(0), NONE],
  ['searches by the count', told(3), { ...NONE, webSearchCalls: 3 }],
  ['searches by their items', { output: [search, opened, search] }, { ...NONE, webSearchCalls: 2 }],
  ['the larger of the two', { ...told(1), output: [search, search] }, { ...NONE, webSearchCalls: 2 }],
  [
    'a search that says nothing more',
    { output: [{ type: 'web_search_call' }] },
    { ...NONE, webSearchCalls: 1 },
  ],
  ['file searches', { output: [files, files, files] }, { ...NONE, fileSearchCalls: 3 }],
  ['each container once', { output: [code('a'), code('b'), code('a')] }, { ...NONE, containerSessions: 2 }],
  [
    'a shell in a container',
    { output: [{ type: 'shell_call', container_id: 'c' }] },
    { ...NONE, containerSessions: 1 },
  ],
  ['a shell of the client', { output: [{ type: 'shell_call' }] }, NONE],
])('A50 of hosted tools counts: %s', (_name, answer, tools) => {
  for (const metered of meterAll(answer)) expect(metered).toMatchObject({ kind: 'usage', tools });
});

test.each<[string, object]>([
  ['pictures, whose usage is not told right', told(0, 900)],
  ['a picture without a word of its usage', { output: [{ type: 'image_generation_call', id: 'ig_1' }] }],
  ['a negative count', told(-1)],
  ['a count that is a text', { tool_usage: { web_search: { num_requests: '1' } } }],
])('A50 what cannot be priced leaves the bound: %s', (_name, answer) => {
  for (const metered of meterAll(answer)) expect(metered.kind).toBe('bad');
});
