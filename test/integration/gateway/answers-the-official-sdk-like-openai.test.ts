import { createReadStream } from 'node:fs';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import OpenAI, { toFile } from 'openai';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { picturePng } from '../../../proxy/demo/picture.ts';
import { lastBill, onlyRowOf } from '../../helpers/ledger.ts';
import { CANARY_KEY, openTollgate, type Tollgate } from '../../helpers/open-tollgate.ts';
import { wavFile } from '../../helpers/wav-file.ts';
import { withoutIds } from '../../helpers/without-ids.ts';

const NOW_MS = Date.UTC(2026, 10, 24, 12);
const model = 'gpt-5.4-mini';
const messages = [{ role: 'user' as const, content: 'What is the weather in Paris?' }];

let tollgate: Tollgate;
let folder: string;
beforeAll(async () => {
  tollgate = await openTollgate({ openai: { now: () => NOW_MS } });
  folder = await mkdtemp(join(tmpdir(), 'tollgate-sdk-'));
  await writeFile(join(folder, 'clip.wav'), wavFile(2));
});
afterAll(async () => {
  await tollgate.close();
  await rm(folder, { recursive: true });
});

const clip = () => createReadStream(join(folder, 'clip.wav'));
const picture = () => toFile(picturePng(3), 'gate.png', { type: 'image/png' });
const weather = {
  type: 'function' as const,
  function: {
    name: 'get_weather',
    parameters: { type: 'object', properties: { city: { type: 'string' } }, required: ['city'] },
  },
};

async function collect<Event>(events: AsyncIterable<Event>): Promise<Event[]> {
  const all: Event[] = [];
  for await (const event of events) all.push(event);
  return all;
}

/** A whole tool conversation: the call, its result, the answer. */
async function useTool(sdk: OpenAI): Promise<unknown> {
  const first = await sdk.chat.completions.create({
    model,
    messages,
    tools: [weather],
    tool_choice: 'required',
  });
  const call = first.choices[0]?.message;
  const id = call?.tool_calls?.[0]?.id;
  if (!call || id === undefined) throw new Error('the model called no tool');
  const second = await sdk.chat.completions.create({
    model,
    tools: [weather],
    messages: [...messages, call, { role: 'tool', tool_call_id: id, content: '{"celsius":12}' }],
  });
  return [first, second];
}

async function speak(sdk: OpenAI): Promise<string> {
  const path = join(folder, 'speech.wav');
  const answer = await sdk.audio.speech.create({
    model: 'tts-1',
    voice: 'alloy',
    input: 'Halt!',
    response_format: 'wav',
  });
  await writeFile(path, Buffer.from(await answer.arrayBuffer()));
  return (await readFile(path)).toString('base64');
}

const CALLS: readonly (readonly [name: string, call: (sdk: OpenAI) => Promise<unknown>])[] = [
  ['a chat', (sdk) => sdk.chat.completions.create({ model, messages })],
  [
    'a streamed chat',
    async (sdk) => collect(await sdk.chat.completions.create({ model, messages, stream: true })),
  ],
  [
    'a streamed chat with usage',
    async (sdk) =>
      collect(
        await sdk.chat.completions.create({
          model,
          messages,
          stream: true,
          stream_options: { include_usage: true },
        }),
      ),
  ],
  [
    'the helper that adds up a stream',
    (sdk) => sdk.chat.completions.stream({ model, messages }).finalChatCompletion(),
  ],
  ['a conversation with a tool', useTool],
  [
    'a legacy completion',
    (sdk) => sdk.completions.create({ model: 'gpt-3.5-turbo-instruct', prompt: 'Once' }),
  ],
  ['a response', (sdk) => sdk.responses.create({ model, input: 'Hello' })],
  [
    'a streamed response',
    async (sdk) => collect(await sdk.responses.create({ model, input: 'Hello', stream: true })),
  ],
  [
    'embeddings, which the SDK asks for as base64',
    (sdk) => sdk.embeddings.create({ model: 'text-embedding-3-small', input: ['a', 'b'] }),
  ],
  [
    'embeddings as numbers',
    (sdk) => sdk.embeddings.create({ model: 'text-embedding-3-small', input: 'a', encoding_format: 'float' }),
  ],
  ['moderation', (sdk) => sdk.moderations.create({ input: 'kill' })],
  ['the list of models', (sdk) => collect(sdk.models.list())],
  ['one model', (sdk) => sdk.models.retrieve(model)],
  ['a picture', (sdk) => sdk.images.generate({ model: 'gpt-image-2', prompt: 'A gate', quality: 'low' })],
  [
    'an edited picture',
    async (sdk) => sdk.images.edit({ model: 'gpt-image-2', prompt: 'A gate', image: await picture() }),
  ],
  [
    'a variation of a picture',
    async (sdk) => sdk.images.createVariation({ model: 'dall-e-2', image: await picture(), size: '256x256' }),
  ],
  ['speech, written to a file', speak],
  ['a transcript', (sdk) => sdk.audio.transcriptions.create({ model: 'gpt-4o-transcribe', file: clip() })],
  [
    'a streamed transcript',
    async (sdk) =>
      collect(
        await sdk.audio.transcriptions.create({ model: 'gpt-4o-transcribe', file: clip(), stream: true }),
      ),
  ],
  ['a translation', (sdk) => sdk.audio.translations.create({ model: 'whisper-1', file: clip() })],
];

const shown = (value: unknown): string => withoutIds(JSON.stringify(value));

test.for(CALLS)('the SDK sees the same with and without the proxy: %s', async ([, call], { task }) => {
  const app = `sdk-${task.id.replace(/\W/g, '')}`;
  const token = await tollgate.createApp(app);
  const direct = await call(new OpenAI({ apiKey: CANARY_KEY, baseURL: tollgate.openai.baseUrl }));
  tollgate.openai.bill.reset();
  const carried = await call(tollgate.sdk(token));
  expect(shown(carried)).toBe(shown(direct));
  expect(shown(direct).length).toBeGreaterThan(10);
  const { total } = await tollgate.client.usage.report({ app, by: 'app' });
  expect(total.costNanoUsd).toBe(tollgate.openai.bill.totalNanoUsd());
});

test('the SDK reads the id of a request and what it cost', async () => {
  const token = await tollgate.createApp('headers');
  const { response, request_id } = await tollgate
    .sdk(token)
    .chat.completions.create({ model, messages })
    .withResponse();
  const row = await onlyRowOf(tollgate, 'headers');
  expect(request_id).toMatch(/^req_/);
  expect(row.upstreamId).toBe(request_id);
  expect(response.headers.get('x-tollgate-request-id')).toBe(row.id);
  const costUsd = Number(response.headers.get('x-tollgate-cost-usd'));
  expect(Math.round(costUsd * 1e9)).toBe(lastBill(tollgate).costNanoUsd);
  expect(response.headers.get('openai-organization')).toBe('demo-org');
  expect(response.headers.get('x-ratelimit-remaining-requests')).toBe('9999');
});
