import { expect, test } from 'vitest';
import { type OutputKind, readUsage } from '../../../proxy/gateway/metering/usage-shapes.ts';

const counts = { prompt_tokens: 100, completion_tokens: 50 };
const tokens = { input_tokens: 100, output_tokens: 50 };

const SHAPES: readonly (readonly [name: string, usage: object, output: OutputKind, expected: object])[] = [
  [
    'a chat with every detail',
    {
      ...counts,
      prompt_tokens_details: { cached_tokens: 40, cache_write_tokens: 10, audio_tokens: 5, image_tokens: 6 },
      completion_tokens_details: { reasoning_tokens: 20, audio_tokens: 8, rejected_prediction_tokens: 3 },
    },
    'text',
    {
      inputTokens: 100,
      cachedInputTokens: 40,
      cacheWrite30mTokens: 10,
      audioInputTokens: 5,
      imageInputTokens: 6,
      outputTokens: 50,
      reasoningTokens: 20,
      audioOutputTokens: 8,
    },
  ],
  [
    'cache writes by their life',
    {
      ...tokens,
      input_tokens_details: {
        cache_write_tokens: 30,
        cache_write_tokens_details: { ttl_30m_tokens: 10, ttl_12h_tokens: 20 },
      },
    },
    'text',
    { cacheWrite30mTokens: 10, cacheWrite12hTokens: 20 },
  ],
  [
    'cache writes without their sum',
    {
      ...tokens,
      input_tokens_details: { cache_write_tokens_details: { ttl_30m_tokens: 10, ttl_12h_tokens: 20 } },
    },
    'text',
    { cacheWrite30mTokens: 10, cacheWrite12hTokens: 20 },
  ],
  [
    'realtime, in the singular',
    {
      ...tokens,
      input_token_details: {
        audio_tokens: 60,
        cached_tokens: 30,
        cached_tokens_details: { audio_tokens: 20, image_tokens: 1 },
      },
      output_token_details: { audio_tokens: 45 },
    },
    'text',
    {
      audioInputTokens: 60,
      cachedInputTokens: 30,
      cachedAudioInputTokens: 20,
      cachedImageInputTokens: 1,
      audioOutputTokens: 45,
    },
  ],
  ['an image without details', tokens, 'image', { imageOutputTokens: 50, audioOutputTokens: 0 }],
  [
    'an image with text',
    { ...tokens, output_tokens_details: { text_tokens: 9 } },
    'image',
    { imageOutputTokens: 41 },
  ],
  [
    'an image in detail',
    { ...tokens, output_tokens_details: { image_tokens: 30 } },
    'image',
    { imageOutputTokens: 30 },
  ],
  ['speech', tokens, 'audio', { audioOutputTokens: 50 }],
  ['embeddings', { prompt_tokens: 100, total_tokens: 100 }, 'none', { inputTokens: 100, outputTokens: 0 }],
  ['a completion of nothing', { prompt_tokens: 100, total_tokens: 100 }, 'text', { outputTokens: 0 }],
  ['a total only', { prompt_tokens: 100, total_tokens: 130 }, 'text', { outputTokens: 30 }],
  ['seconds', { type: 'duration', seconds: 2.25 }, 'text', { seconds: 2.25, inputTokens: 0 }],
  [
    'fields that are new',
    { ...tokens, quantum_tokens: 'x', input_tokens_details: { x: -1 } },
    'text',
    { inputTokens: 100 },
  ],
  ['details that are null', { ...counts, prompt_tokens_details: null }, 'text', { inputTokens: 100 }],
];

test.each(SHAPES)('%s', (_name, usage, output, expected) => {
  expect(readUsage(usage, output)).toMatchObject({ ok: true, usage: expected });
});

const IMPOSSIBLE: readonly unknown[] = [
  -1,
  1.5,
  '100',
  true,
  {},
  [],
  2 ** 63,
  1e9 + 1,
  Number.MAX_SAFE_INTEGER,
  Number.NaN,
  Number.POSITIVE_INFINITY,
];
const FIELDS: readonly ((value: unknown) => object)[] = [
  (value) => ({ ...counts, prompt_tokens: value }),
  (value) => ({ ...counts, completion_tokens: value }),
  (value) => ({ ...tokens, input_tokens: value }),
  (value) => ({ ...tokens, output_tokens: value }),
  (value) => ({ ...counts, prompt_tokens_details: { cached_tokens: value } }),
  (value) => ({ ...counts, prompt_tokens_details: { cache_write_tokens: value } }),
  (value) => ({ ...counts, completion_tokens_details: { audio_tokens: value } }),
  (value) => ({ prompt_tokens: 100, total_tokens: value }),
  // Seconds may have a fraction.
  (value) => ({ type: 'duration', seconds: value === 1.5 ? -1.5 : value }),
];

test.each(IMPOSSIBLE.map((value) => [value]))('A54 a count of %o is impossible', (value) => {
  for (const usageOf of FIELDS) expect(readUsage(usageOf(value)).ok).toBe(false);
});

test.each<[string, unknown]>([
  ['nothing', {}],
  ['no input', { output_tokens: 5 }],
  ['no output, and no total that would tell', { prompt_tokens: 5 }],
  ['a text', 'usage'],
  ['an array', [1, 2]],
  ['null', null],
  ['more cached than input', { ...counts, prompt_tokens_details: { cached_tokens: 101 } }],
  [
    'more cached and written than input',
    { ...counts, prompt_tokens_details: { cached_tokens: 60, cache_write_tokens: 41 } },
  ],
  ['more audio than input', { ...counts, prompt_tokens_details: { audio_tokens: 101 } }],
  ['more reasoning than output', { ...counts, completion_tokens_details: { reasoning_tokens: 51 } }],
  ['more pictures than output', { ...tokens, output_tokens_details: { image_tokens: 51 } }],
  ['a year of seconds', { type: 'duration', seconds: 31_536_000 }],
  ['no seconds', { type: 'duration' }],
])('A54 %s is no usage', (_name, usage) => {
  expect(readUsage(usage)).toMatchObject({ ok: false, problem: expect.stringMatching(/^usage/) });
});
