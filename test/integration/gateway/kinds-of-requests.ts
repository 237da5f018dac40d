import { picturePng } from '../../../proxy/demo/picture.ts';
import type { FormPart } from '../../helpers/form-data.ts';
import { wavFile } from '../../helpers/wav-file.ts';

const messages = [{ role: 'user', content: 'Say hello' }];
const tools = [
  {
    type: 'function',
    function: {
      name: 'get_weather',
      parameters: { type: 'object', properties: { city: { type: 'string' } }, required: ['city'] },
    },
  },
];
const wav = wavFile(3);
const png = picturePng(7);
const mini = { model: 'gpt-5.4-mini' };

export interface KindOfRequest {
  readonly name: string;
  readonly path: string;
  readonly json?: unknown;
  readonly form?: readonly FormPart[];
  /** `settled` unless told; `free` where OpenAI bills nothing. */
  readonly cost?: 'free' | 'estimated';
}

const chat = (name: string, more: object): KindOfRequest => ({
  name,
  path: '/chat/completions',
  json: { ...mini, messages, ...more },
});
const responses = (name: string, more: object): KindOfRequest => ({
  name,
  path: '/responses',
  json: { ...mini, input: 'Say hello', ...more },
});

/** One request of every kind that is carried. */
export const KINDS_OF_REQUESTS: readonly KindOfRequest[] = [
  chat('a chat', {}),
  chat('a chat with several choices', { n: 3 }),
  chat('a chat with a tool call', { tools, tool_choice: 'required' }),
  chat('a streamed chat', { stream: true }),
  chat('a streamed chat with usage', { stream: true, stream_options: { include_usage: true } }),
  chat('a streamed chat without usage by choice', { stream: true, stream_options: { include_usage: false } }),
  chat('a streamed chat with several choices', { stream: true, n: 3 }),
  chat('a streamed chat with a tool call', { stream: true, tools, tool_choice: 'required' }),
  chat('a streamed chat with log probabilities', { stream: true, logprobs: true, top_logprobs: 2 }),
  chat('a streamed chat without obfuscation', {
    stream: true,
    stream_options: { include_obfuscation: false },
  }),
  {
    name: 'a streamed chat that speaks',
    path: '/chat/completions',
    json: {
      model: 'gpt-audio-1.5',
      messages,
      stream: true,
      modalities: ['text', 'audio'],
      audio: { voice: 'alloy', format: 'pcm16' },
    },
  },
  {
    name: 'a legacy completion',
    path: '/completions',
    json: { model: 'gpt-3.5-turbo-instruct', prompt: 'Say hello', max_tokens: 40 },
  },
  {
    name: 'a streamed legacy completion of two prompts',
    path: '/completions',
    json: { model: 'gpt-3.5-turbo-instruct', prompt: ['One', 'Two'], max_tokens: 40, stream: true },
  },
  responses('a response', {}),
  responses('a streamed response', { stream: true }),
  responses('a response with a function call', {
    tools: [{ type: 'function', name: 'get_weather', parameters: tools[0]?.function.parameters }],
    tool_choice: 'required',
    stream: true,
  }),
  {
    name: 'embeddings as numbers',
    path: '/embeddings',
    json: { model: 'text-embedding-3-small', input: ['one', 'two', 'three'] },
  },
  {
    name: 'embeddings as base64',
    path: '/embeddings',
    json: { model: 'text-embedding-3-large', input: 'one', encoding_format: 'base64' },
  },
  { name: 'moderation', path: '/moderations', json: { input: 'I will kill time.' }, cost: 'free' },
  { name: 'the list of models', path: '/models', cost: 'free' },
  { name: 'one model', path: '/models/gpt-5.4-mini', cost: 'free' },
  {
    name: 'counting of input tokens',
    path: '/responses/input_tokens',
    json: { ...mini, input: 'Hi' },
    cost: 'free',
  },
  {
    name: 'pictures',
    path: '/images/generations',
    json: { model: 'gpt-image-2', prompt: 'A toll gate', n: 2, quality: 'low' },
  },
  {
    name: 'a streamed picture',
    path: '/images/generations',
    json: { model: 'gpt-image-2', prompt: 'A toll gate', stream: true, partial_images: 2, quality: 'low' },
  },
  {
    name: 'pictures priced by the piece',
    path: '/images/generations',
    json: { model: 'dall-e-3', prompt: 'A toll gate', size: '1024x1792', quality: 'hd' },
  },
  {
    name: 'an edited picture',
    path: '/images/edits',
    form: [
      ['model', 'gpt-image-2'],
      ['prompt', 'Add a gate'],
      ['quality', 'low'],
      ['image', 'a.png', png],
    ],
  },
  {
    name: 'a variation of a picture',
    path: '/images/variations',
    form: [
      ['model', 'dall-e-2'],
      ['n', '2'],
      ['size', '512x512'],
      ['image', 'a.png', png],
    ],
  },
  {
    name: 'speech priced by the character',
    path: '/audio/speech',
    json: {
      model: 'tts-1',
      voice: 'alloy',
      input: 'Halt! Über die Brücke kostet es 5 €.',
      response_format: 'wav',
    },
  },
  {
    name: 'speech priced by its sound',
    path: '/audio/speech',
    json: {
      model: 'gpt-4o-mini-tts',
      voice: 'alloy',
      input: 'Halt, who goes there?',
      response_format: 'pcm',
    },
    cost: 'estimated',
  },
  {
    name: 'speech as events',
    path: '/audio/speech',
    json: { model: 'gpt-4o-mini-tts', voice: 'alloy', input: 'Halt, who goes there?', stream_format: 'sse' },
  },
  {
    name: 'a transcript priced by tokens',
    path: '/audio/transcriptions',
    form: [
      ['model', 'gpt-4o-transcribe'],
      ['file', 'a.wav', wav],
    ],
  },
  {
    name: 'a streamed transcript',
    path: '/audio/transcriptions',
    form: [
      ['model', 'gpt-4o-mini-transcribe'],
      ['stream', 'true'],
      ['file', 'a.wav', wav],
    ],
  },
  {
    name: 'a transcript priced by the minute',
    path: '/audio/transcriptions',
    form: [
      ['model', 'whisper-1'],
      ['file', 'a.wav', wav],
    ],
  },
  {
    name: 'subtitles',
    path: '/audio/transcriptions',
    form: [
      ['model', 'whisper-1'],
      ['response_format', 'srt'],
      ['file', 'a.wav', wav],
    ],
    cost: 'estimated',
  },
  {
    name: 'a translation',
    path: '/audio/translations',
    form: [
      ['model', 'whisper-1'],
      ['file', 'a.wav', wav],
    ],
    cost: 'estimated',
  },
];
