import fc from 'fast-check';
import { expect, test } from 'vitest';
import { anyCuts, cutAt, singleBytes } from './cut-chunks.ts';
import { measure, runMeter } from './run-meter.ts';

const MODEL = '"model":"gpt-4o"';
const USAGE = '"usage":{"prompt_tokens":3,"completion_tokens":2,"total_tokens":5}';
const SETTLED = { kind: 'usage', parts: [{ model: 'gpt-4o', usage: { inputTokens: 3, outputTokens: 2 } }] };

/** Streams with usage asked for, and what a client that did not ask must get. */
const HIDDEN: readonly (readonly [name: string, upstream: string, client: string])[] = [
  [
    'a chat',
    `data: {${MODEL},"choices":[{"delta":{"content":"a"}}],"usage":null}\n\ndata: {${MODEL},"choices":[],${USAGE}}\n\ndata: [DONE]\n\n`,
    `data: {${MODEL},"choices":[{"delta":{"content":"a"}}]}\n\ndata: [DONE]\n\n`,
  ],
  [
    'a legacy completion',
    `data: {"choices":[{"text":"a"}],${MODEL},"usage":null}\n\ndata: {"choices":[],${MODEL},${USAGE}}\n\n`,
    `data: {"choices":[{"text":"a"}],${MODEL}}\n\n`,
  ],
  [
    'usage at the beginning of a chunk',
    `data: {"usage":null,${MODEL},"choices":[{}]}\n\ndata: { "usage" : null , ${MODEL},"choices":[{}]}\n\ndata: {${USAGE},${MODEL},"choices":[]}\n\n`,
    `data: {${MODEL},"choices":[{}]}\n\ndata: { ${MODEL},"choices":[{}]}\n\n`,
  ],
  [
    'usage in the middle, with spaces',
    `data: {${MODEL}, "usage" : null , "choices":[{}]}\n\ndata: {${MODEL},"choices": [ ] ,${USAGE}}\n\n`,
    `data: {${MODEL} , "choices":[{}]}\n\n`,
  ],
  [
    'usage alone in a chunk',
    `data: {"usage":null}\n\ndata: {${MODEL},"choices":[],${USAGE}}\n\n`,
    'data: {}\n\n',
  ],
  [
    'a last chunk that has choices, too',
    `data: {${MODEL},"choices":[{"delta":{"content":"b"}}],${USAGE}}\n\n`,
    `data: {${MODEL},"choices":[{"delta":{"content":"b"}}]}\n\n`,
  ],
  [
    'an error that reports usage',
    `data: {${MODEL},"choices":[{}],"usage":null}\n\ndata: {"error":{"message":"overloaded"},${USAGE}}\n\n`,
    `data: {${MODEL},"choices":[{}]}\n\ndata: {"error":{"message":"overloaded"}}\n\n`,
  ],
  [
    'a stream whose last blank line is missing',
    `data: {${MODEL},"choices":[{}],"usage":null}\n\ndata: {${MODEL},"choices":[],${USAGE}}`,
    `data: {${MODEL},"choices":[{}]}\n\n`,
  ],
  [
    'comments, names and ids around',
    `: ping\n\nid: 1\nevent: chunk\ndata: {${MODEL},"choices":[{}],"usage":null}\nretry: 5\n\ndata: {${MODEL},"choices":[],${USAGE}}\n\n`,
    `: ping\n\nid: 1\nevent: chunk\ndata: {${MODEL},"choices":[{}]}\nretry: 5\n\n`,
  ],
  [
    'texts that look like usage',
    `data: {${MODEL},"choices":[{"delta":{"content":"\\"usage\\":null},\\"usage\\":null}"}}],"usage":null}\n\ndata: {${MODEL},"choices":[],${USAGE}}\n\n`,
    `data: {${MODEL},"choices":[{"delta":{"content":"\\"usage\\":null},\\"usage\\":null}"}}]}\n\n`,
  ],
  [
    'usage inside a choice, which is none of ours',
    `data: {${MODEL},"choices":[{"usage":null}],"usage":null}\n\ndata: {${MODEL},"choices":[],${USAGE}}\n\n`,
    `data: {${MODEL},"choices":[{"usage":null}]}\n\n`,
  ],
];

const FORMS: readonly (readonly [name: string, change: (text: string) => string])[] = [
  ['LF', (text) => text],
  ['CRLF', (text) => text.replaceAll('\n', '\r\n')],
  ['CR', (text) => text.replaceAll('\n', '\r')],
  ['no space after the colon', (text) => text.replaceAll('data: ', 'data:')],
];

const CASES = HIDDEN.flatMap(([name, upstream, client]) =>
  FORMS.map(([form, change]) => [name, form, change(upstream), change(client)] as const),
);

test.each(CASES)('A43 of %s (%s) a client sees what it asked for', (_name, _form, upstream, client) => {
  const bytes = Buffer.from(upstream);
  expect(runMeter('chat', true, [bytes])).toMatchObject({ text: client, result: SETTLED });
  expect(runMeter('completions', true, singleBytes(bytes))).toMatchObject({ text: client, result: SETTLED });
  fc.assert(
    fc.property(anyCuts, (cuts) => {
      expect(runMeter('chat', true, cutAt(bytes, cuts))).toMatchObject({ text: client, result: SETTLED });
    }),
    { numRuns: 20 },
  );
});

test.each(CASES)('A43 %s (%s) passes untouched where the client asked itself', (_name, _form, upstream) => {
  expect(measure('chat', upstream)).toMatchObject({ text: upstream, result: SETTLED });
});

test('A43 data of several lines, which OpenAI does not send, passes as it is and is read', () => {
  const text = `data: {${MODEL},"choices":[],\ndata: ${USAGE}}\n\n`;
  const { text: shown, result } = measure('chat', `data: {${MODEL},\ndata: "usage":null}\n\n${text}`, true);
  expect(shown).toBe(`data: {${MODEL},\ndata: "usage":null}\n\n`);
  expect(result).toMatchObject(SETTLED);
});

test('A43 a usage too long to be one is taken out whole, and charged at the bound', () => {
  const text = `data: {${MODEL},"choices":[{}],"usage":{"x":"${'y'.repeat(300_000)}"}}\n\n`;
  const { text: shown, result } = measure('chat', text, true);
  expect(result.kind).toBe('bad');
  expect(shown).toBe(`data: {${MODEL},"choices":[{}]}\n\n`);
});
