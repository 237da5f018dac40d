import { expect, test } from 'vitest';
import type { MeterKind } from '../../../proxy/gateway/route.ts';
import { measure, namedEvent } from './run-meter.ts';

const usage = { input_tokens: 5, output_tokens: 3, total_tokens: 8 };
const response = (more: object = {}) => ({ model: 'gpt-5.4', service_tier: 'flex', usage, ...more });
const completed = (more: object = {}) => namedEvent({ type: 'response.completed', response: response(more) });
const delta = (text: string) => namedEvent({ type: 'response.output_text.delta', delta: text });

test.each(['response.completed', 'response.incomplete', 'response.failed'])('%s tells the usage', (type) => {
  const text = delta('a') + namedEvent({ type, response: response() });
  expect(measure('responses', text).result).toMatchObject({
    kind: 'usage',
    serviceTier: 'flex',
    parts: [{ model: 'gpt-5.4', usage: { inputTokens: 5, outputTokens: 3 } }],
  });
});

test.each<[MeterKind, string, object, object]>([
  ['images', 'image_generation.completed', { usage }, { outputTokens: 3, imageOutputTokens: 3 }],
  ['images', 'image_edit.completed', { usage }, { outputTokens: 3, imageOutputTokens: 3 }],
  ['speech', 'speech.audio.done', { usage }, { outputTokens: 3, audioOutputTokens: 3 }],
  ['transcription', 'transcript.text.done', { text: 'a', usage }, { inputTokens: 5, outputTokens: 3 }],
  [
    'transcription',
    'transcript.text.done',
    { usage: { type: 'duration', seconds: 7 } },
    { seconds: 7, inputTokens: 0 },
  ],
])('%s by %s', (kind, type, rest, expected) => {
  expect(measure(kind, namedEvent({ type, ...rest })).result).toMatchObject({
    kind: 'usage',
    parts: [{ usage: expected }],
  });
});

test.each([
  ['nothing at all', ''],
  ['only the beginning', namedEvent({ type: 'response.created', response: response() })],
  ['a failure without usage', namedEvent({ type: 'response.failed', response: { usage: null } })],
  [
    'an error',
    'event: error\ndata: {"type":"error","code":"x","usage":{"input_tokens":1,"output_tokens":1}}\n\n',
  ],
  ['a text that spells the last event', delta('response.completed')],
  ['a last event that was cut', completed().slice(0, -10)],
  ['a last event that is no JSON', 'data: "response.completed" {"usage":{}}\n\n'],
])('A43 %s is no usage', (_name, text) => {
  expect(measure('responses', text).result.kind).toBe('missing');
});

test('A43 a text that spells the last event takes nothing back', () => {
  const { result } = measure('responses', completed() + delta('response.completed'));
  expect(result).toMatchObject({ kind: 'usage', parts: [{ usage: { outputTokens: 3 } }] });
});

const more = { ...usage, output_tokens: 900 };
const bad = { ...usage, output_tokens: -1 };
test.each([
  ['more after less', completed() + completed({ usage: more }), 900],
  ['less after more', completed({ usage: more }) + completed(), 900],
  ['nothing after something', completed() + completed({ usage: null }), 3],
])('A43 of two usages the dearer counts: %s', (_name, text, outputTokens) => {
  expect(measure('responses', text).result).toMatchObject({
    kind: 'usage',
    parts: [{ usage: { outputTokens } }],
  });
});

test.each([
  ['before', completed({ usage: bad }) + completed()],
  ['after', completed() + completed({ usage: bad })],
])('A54 an impossible usage %s a good one leaves the bound', (_name, text) => {
  expect(measure('responses', text).result.kind).toBe('bad');
});

test('a last event without its blank line counts', () => {
  expect(measure('responses', completed().trimEnd()).result.kind).toBe('usage');
});

test('a vector image adds the text model that drew it', () => {
  const type = 'image_generation.completed';
  const svg = { model: 'gpt-5.4', input_tokens: 10, output_tokens: 20 };
  expect(measure('images', namedEvent({ type, usage, svg_usage: svg })).result).toMatchObject({
    parts: [
      { model: null, usage: { imageOutputTokens: 3 } },
      { model: 'gpt-5.4', usage: { inputTokens: 10, outputTokens: 20 } },
    ],
  });
  const broken = { ...svg, input_tokens: 'ten' };
  expect(measure('images', namedEvent({ type, usage, svg_usage: broken })).result.kind).toBe('bad');
});

test('a chat names its model and tier even where it never says its usage', () => {
  const text =
    'data: {"model":"gpt-4o","service_tier":"priority","choices":[{}]}\n\ndata: {"choices":[{}]}\n\n';
  expect(measure('chat', text, true).result).toEqual({
    kind: 'missing',
    model: 'gpt-4o',
    serviceTier: 'priority',
  });
});

test('A55 the tier that the last chunk names is the one that was served', () => {
  const chunk = (tier: string, rest: string): string =>
    `data: {"model":"gpt-4o","service_tier":"${tier}",${rest}}\n\n`;
  const last = '"choices":[],"usage":{"prompt_tokens":1,"completion_tokens":1}';
  const { result } = measure('chat', chunk('default', '"choices":[{}]') + chunk('priority', last));
  expect(result).toMatchObject({ kind: 'usage', serviceTier: 'priority' });
});
