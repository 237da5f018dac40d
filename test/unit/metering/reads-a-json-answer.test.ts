import fc from 'fast-check';
import { expect, test } from 'vitest';
import { PassingJsonMeter, readJsonAnswer } from '../../../proxy/gateway/metering/json-answer.ts';
import type { MeterKind } from '../../../proxy/gateway/route.ts';
import { anyCuts, cutAt } from './cut-chunks.ts';

function passing(kind: MeterKind, chunks: readonly Buffer[]) {
  const meter = new PassingJsonMeter(kind);
  for (const chunk of chunks) meter.push(chunk);
  return meter.result().metered;
}

const chat = { prompt_tokens: 11, completion_tokens: 7, total_tokens: 18 };
const tokens = { input_tokens: 11, output_tokens: 7, total_tokens: 18 };
const ANSWERS: readonly (readonly [MeterKind, object, object])[] = [
  ['chat', { choices: [{ message: { content: 'Grüße "x"' } }], usage: chat }, { outputTokens: 7 }],
  ['completions', { choices: [{ text: '{"usage":1}' }], usage: chat }, { outputTokens: 7 }],
  ['completions', { usage: { prompt_tokens: 11, total_tokens: 11 } }, { inputTokens: 11, outputTokens: 0 }],
  ['responses', { output: [{ type: 'function_call' }], usage: tokens }, { outputTokens: 7 }],
  ['embeddings', { data: [{ embedding: [0.5] }], usage: { prompt_tokens: 11 } }, { inputTokens: 11 }],
  ['images', { data: [{ b64_json: 'x' }], usage: tokens }, { imageOutputTokens: 7 }],
  ['speech', { usage: tokens }, { audioOutputTokens: 7 }],
  ['transcription', { text: 'a', usage: { type: 'tokens', ...tokens } }, { outputTokens: 7 }],
  ['translation', { text: 'a', usage: { type: 'duration', seconds: 3.5 } }, { seconds: 3.5 }],
];

test.each(ANSWERS)('an answer of %s is the same whole and in passing', (kind, rest, expected) => {
  const answer = { id: 'x', model: 'gpt-5.4', service_tier: 'default', ...rest };
  fc.assert(
    fc.property(anyCuts, fc.constantFrom(0, 2), (cuts, indent) => {
      const bytes = Buffer.from(JSON.stringify(answer, null, indent));
      const whole = readJsonAnswer(kind, bytes.toString('latin1')).metered;
      expect(whole).toMatchObject({ kind: 'usage', serviceTier: 'default', parts: [{ model: 'gpt-5.4' }] });
      expect(whole).toMatchObject({ parts: [{ usage: expected }] });
      expect(passing(kind, cutAt(bytes, cuts))).toEqual(whole);
    }),
    { numRuns: 30 },
  );
});

test('F16 an answer that was cut has no usage, not even one that was seen', () => {
  const text = JSON.stringify({ model: 'gpt-4o', usage: chat, choices: [{ text: 'a' }] });
  for (let end = 0; end < text.length; end += 1) {
    const cut = text.slice(0, end);
    expect(readJsonAnswer('chat', cut).metered.kind).toBe('missing');
    expect(passing('chat', [Buffer.from(cut)]).kind).toBe('missing');
  }
});

test.each([
  ['<html></html>'],
  [''],
  ['[]'],
  ['null'],
  ['"usage"'],
  ['{"error":{"message":"x"}}'],
  ['{"usage":null}'],
])('F16 %j is an answer without usage', (text) => {
  expect(readJsonAnswer('chat', text).metered.kind).toBe('missing');
  expect(passing('chat', [Buffer.from(text)]).kind).toBe('missing');
});

test('usage after megabytes of an answer is found', () => {
  const picture = Buffer.alloc(1024 * 1024, 0x41);
  const chunks = [Buffer.from('{"data":[{"b64_json":"'), ...Array.from({ length: 20 }, () => picture)];
  chunks.push(Buffer.from(`"}],"usage":${JSON.stringify(tokens)}}`));
  expect(passing('images', chunks)).toMatchObject({ kind: 'usage', parts: [{ usage: { inputTokens: 11 } }] });
});
