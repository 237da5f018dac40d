import { afterAll, beforeAll, expect, test } from 'vitest';
import { picturePng } from '../../../proxy/demo/picture.ts';
import { FORM_CONTENT_TYPE, type FormPart, formBody } from '../../helpers/form-data.ts';
import { lastBill, onlyRowOf } from '../../helpers/ledger.ts';
import { CANARY_KEY, openTollgate, type Tollgate } from '../../helpers/open-tollgate.ts';
import { wavFile } from '../../helpers/wav-file.ts';

/** Every answer of the simulation differs in its random ids; with the clock stopped, in nothing else. */
const NOW_MS = Date.UTC(2026, 10, 24, 12);
const RANDOM_ID = /\b([a-z]{2,9}[_-])[0-9a-f]{12,48}\b/g;

/** What only the proxy adds, what it must not pass on (DESIGN.md section 2), and what is never the same. */
const ADDED = /^x-tollgate-/;
const DROPPED = ['set-cookie', 'strict-transport-security', 'connection', 'keep-alive', 'transfer-encoding'];
const CHANGING = ['x-request-id', 'openai-processing-ms', 'date'];

let tollgate: Tollgate;
beforeAll(async () => {
  tollgate = await openTollgate({ openai: { now: () => NOW_MS } });
});
afterAll(() => tollgate.close());

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

interface Case {
  readonly name: string;
  readonly path: string;
  readonly json?: unknown;
  readonly form?: readonly FormPart[];
  /** `settled` unless told; `free` where OpenAI bills nothing. */
  readonly cost?: 'free' | 'estimated';
}

const chat = (name: string, more: object): Case => ({
  name,
  path: '/chat/completions',
  json: { ...mini, messages, ...more },
});
const responses = (name: string, more: object): Case => ({
  name,
  path: '/responses',
  json: { ...mini, input: 'Say hello', ...more },
});

const CASES: readonly Case[] = [
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

async function send(base: string, credential: string, { path, json, form }: Case) {
  const body = form ? formBody(form) : json === undefined ? null : JSON.stringify(json);
  const answer = await fetch(base + path, {
    method: body === null ? 'GET' : 'POST',
    headers: {
      authorization: `Bearer ${credential}`,
      ...(body === null ? {} : { 'content-type': form ? FORM_CONTENT_TYPE : 'application/json' }),
    },
    body,
  });
  const text = Buffer.from(await answer.arrayBuffer())
    .toString('latin1')
    .replace(RANDOM_ID, '$1(id)');
  const headers = [...answer.headers].filter(
    ([name]) =>
      !ADDED.test(name) &&
      !DROPPED.includes(name) &&
      !CHANGING.includes(name) &&
      !name.startsWith('access-control-'),
  );
  return { status: answer.status, text, headers: Object.fromEntries(headers), own: answer.headers };
}

test.for(CASES)(
  '$name is the same through the proxy, and costs what the bill says',
  async (each, { task }) => {
    const app = `app-${CASES.indexOf(each)}`;
    const token = await tollgate.createApp(app);
    const direct = await send(tollgate.openai.baseUrl, CANARY_KEY, each);
    const billsBefore = tollgate.openai.bill.rows.length;
    const carried = await send(tollgate.baseUrl, token, each);
    expect(direct.status, task.name).toBe(200);
    expect(carried.text).toBe(direct.text);
    expect({ status: carried.status, ...carried.headers }).toEqual({ status: 200, ...direct.headers });
    for (const name of DROPPED.slice(0, 2)) expect(carried.own.has(name), name).toBe(false);
    expect(carried.own.get('access-control-allow-origin')).toBeNull();
    expect(carried.own.get('x-request-id')).toMatch(/^req_/);

    const row = await onlyRowOf(tollgate, app);
    expect(carried.own.get('x-tollgate-request-id')).toBe(row.id);
    if (each.cost === 'free') {
      expect(tollgate.openai.bill.rows.length).toBe(billsBefore);
      expect(row).toMatchObject({ outcome: 'settled', costNanoUsd: 0 });
      return;
    }
    expect(tollgate.openai.bill.rows.length).toBe(billsBefore + 1);
    const { costNanoUsd } = lastBill(tollgate);
    expect(row.outcome).toBe(each.cost ?? 'settled');
    if (each.cost === 'estimated') expect(row.costNanoUsd).toBeGreaterThanOrEqual(costNanoUsd);
    else expect(row.costNanoUsd).toBe(costNanoUsd);
    expect(row.costNanoUsd).toBeGreaterThan(0);
    expect(row.costNanoUsd).toBeLessThanOrEqual(row.holdNanoUsd ?? 0);
  },
);
