import { describe, expect, it } from 'vitest';
import { createSimulation } from '../../../proxy/demo/create-simulation.ts';
import { createModelCatalog } from '../../../proxy/demo/model-catalog.ts';
import { findRoutes } from '../../../proxy/demo/route-table.ts';
import { loadTokenizer } from '../../../proxy/demo/tokenizer.ts';
import { PRICES } from './simulation-fixture.ts';

const tokenizer = await loadTokenizer();
const simulation = createSimulation({ tokenizer, catalog: createModelCatalog(PRICES), now: () => 0 });

const tools = [
  {
    type: 'function',
    name: 'add_numbers',
    function: {
      name: 'add_numbers',
      parameters: { type: 'object', properties: { größe: { enum: ['日本', '語'] } } },
    },
    parameters: { type: 'object', properties: { größe: { enum: ['日本', '語'] } } },
  },
];
const chat = (more: object) =>
  ['/v1/chat/completions', { messages: [{ role: 'user', content: 'hi' }], ...more }] as const;
const response = (more: object) =>
  ['/v1/responses', { input: 'search python files and draw', ...more }] as const;

const BODIES: readonly (readonly [path: string, body: object])[] = [
  chat({ model: 'gpt-4o' }),
  chat({ model: 'gpt-4o', n: 5, stop: ['the'] }),
  chat({ model: 'gpt-5.4', n: 3 }),
  ...[1, 20, 70, 200].map((max) => chat({ model: 'gpt-5.4', n: 2, max_completion_tokens: max })),
  ...[1, 6, 9, 14, 400].map((max) =>
    chat({ model: 'gpt-4o', tools, tool_choice: 'required', max_tokens: max }),
  ),
  chat({ model: 'gpt-4o', logprobs: true, response_format: { type: 'json_object' } }),
  ...[1, 8, 9, 10, 100].map((max) =>
    chat({ model: 'gpt-audio-1.5', modalities: ['text', 'audio'], max_tokens: max }),
  ),
  ['/v1/completions', { model: 'gpt-3.5-turbo-instruct', prompt: ['a', 'b'], n: 3, max_tokens: 40 }],
  response({ model: 'gpt-5.4' }),
  ...[16, 64, 65, 300].map((max) => response({ model: 'gpt-5.4', max_output_tokens: max })),
  ...[16, 17, 40].map((max) =>
    response({ model: 'gpt-5.4', tools, tool_choice: 'required', max_output_tokens: max }),
  ),
  response({
    model: 'gpt-4o',
    tools: [
      { type: 'web_search' },
      { type: 'file_search' },
      { type: 'code_interpreter', container: { type: 'auto' } },
      { type: 'image_generation' },
    ],
  }),
  ['/v1/images/generations', { model: 'gpt-image-2', prompt: 'x', partial_images: 3 }],
  [
    '/v1/audio/speech',
    { model: 'gpt-4o-mini-tts', voice: 'a', input: 'x'.repeat(100), stream_format: 'sse' },
  ],
];

describe('a streamed generation', () => {
  it.each(BODIES)('adds up to its usage and within its maximum: %s %j', (path, body) => {
    const route = findRoutes(path)?.entries.find((each) => each.method === 'POST')?.route;
    const answer = route?.(
      {
        ids: [],
        query: new URLSearchParams(),
        contentType: 'application/json',
        body: Buffer.from(JSON.stringify({ ...body, stream: true })),
        answerAs: { model: null, serviceTier: null },
        origin: '',
        held: null,
        isBatched: false,
      },
      simulation,
    );
    if (answer?.kind !== 'streamed') throw new Error('expected a stream');
    const { generation } = answer;
    const once = [...generation.steps()];
    expect(once.reduce((sum, step) => sum + step.outputTokens, 0)).toBe(generation.totalOutputTokens);
    expect([...generation.steps()].map((step) => step.outputTokens)).toEqual(
      once.map((step) => step.outputTokens),
    );
    const { max_tokens, max_completion_tokens, max_output_tokens, n = 1 } = body as Record<string, number>;
    const maximum = max_tokens ?? max_completion_tokens ?? max_output_tokens;
    if (maximum !== undefined && path !== '/v1/completions') {
      expect(generation.totalOutputTokens).toBeLessThanOrEqual(maximum * n);
    }
    // Whatever was generated when it stops, the bill can be written.
    for (let tokens = 0; tokens <= generation.totalOutputTokens; tokens += 7) {
      expect(generation.charge(tokens).parts[0]?.used.outputTokens).toBe(tokens);
    }
  });
});
