import { expect, it } from 'vitest';
import { loadTokenizer } from '../../../proxy/demo/tokenizer.ts';
import { wavFile } from '../../helpers/wav-file.ts';
import { openSimulation } from './simulation-fixture.ts';

const ask = (content: string) => [{ role: 'user' as const, content }];

it('answers and bills exactly what it reports', async () => {
  const { client, bill } = await openSimulation();
  const answer = await client.chat.completions.create({ model: 'gpt-4o', messages: ask('hi') });
  const text = answer.choices[0]?.message.content ?? '';
  // "hi" is one token in a frame of seven.
  expect(answer.usage?.prompt_tokens).toBe(8);
  expect(answer.usage?.completion_tokens).toBe((await loadTokenizer()).count(text));
  expect(answer.usage?.total_tokens).toBe(8 + (answer.usage?.completion_tokens ?? 0));
  expect(answer.model).toBe('gpt-4o-2024-08-06');
  expect(answer.service_tier).toBe('default');
  expect(answer.choices[0]?.finish_reason).toBe('stop');
  expect(bill.rows).toEqual([
    {
      id: 'bill_1',
      at: expect.any(Number),
      path: '/v1/chat/completions',
      model: 'gpt-4o-2024-08-06',
      serviceTier: 'default',
      status: 'completed',
      usage: answer.usage,
      costNanoUsd: 8 * 2500 + (answer.usage?.completion_tokens ?? 0) * 10_000,
      responseId: answer.id,
    },
  ]);
  expect(bill.totalNanoUsd()).toBe(bill.rows[0]?.costNanoUsd);
});

it('says the same to the same prompt, and something else to another', async () => {
  const { client } = await openSimulation();
  const say = async (content: string) =>
    (await client.chat.completions.create({ model: 'gpt-4o', messages: ask(content) })).choices[0]?.message
      .content;
  const first = await say('one');
  expect(await say('one')).toBe(first);
  expect(await say('two')).not.toBe(first);
});

it('stays between 20 and 400 tokens, or at the number the user asks for', async () => {
  const { client } = await openSimulation();
  for (let index = 0; index < 30; index++) {
    const { usage } = await client.chat.completions.create({
      model: 'gpt-4o',
      messages: ask(`question ${index}`),
    });
    expect(usage?.completion_tokens).toBeGreaterThanOrEqual(20);
    expect(usage?.completion_tokens).toBeLessThanOrEqual(400);
  }
  const long = await client.chat.completions.create({ model: 'gpt-4o', messages: ask('Write 1500 tokens.') });
  expect(long.usage?.completion_tokens).toBe(1500);
});

it('stops at the maximum and says so', async () => {
  const { client } = await openSimulation();
  for (const limit of [{ max_tokens: 7 }, { max_completion_tokens: 7 }]) {
    const answer = await client.chat.completions.create({ model: 'gpt-4o', messages: ask('hi'), ...limit });
    expect(answer.usage?.completion_tokens).toBe(7);
    expect(answer.choices[0]?.finish_reason).toBe('length');
  }
});

it('ends before a stop sequence', async () => {
  const { client } = await openSimulation();
  const answer = await client.chat.completions.create({
    model: 'gpt-4o',
    messages: ask('hi'),
    stop: [' the'],
  });
  expect(answer.choices[0]?.message.content).not.toContain(' the');
  expect(answer.choices[0]?.finish_reason).toBe('stop');
});

it('bills every choice', async () => {
  const { client, bill } = await openSimulation();
  const answer = await client.chat.completions.create({ model: 'gpt-4o', messages: ask('hi'), n: 3 });
  const tokenizer = await loadTokenizer();
  const counted = answer.choices.map((each) => tokenizer.count(each.message.content ?? ''));
  expect(answer.choices.map((each) => each.index)).toEqual([0, 1, 2]);
  expect(new Set(counted).size).toBeGreaterThan(1);
  expect(answer.usage?.completion_tokens).toBe(counted.reduce((sum, each) => sum + each, 0));
  expect(bill.totalNanoUsd()).toBe(8 * 2500 + (answer.usage?.completion_tokens ?? 0) * 10_000);
});

it('thinks in secret and counts it', async () => {
  const { client, bill } = await openSimulation();
  const answer = await client.chat.completions.create({ model: 'gpt-5.4', messages: ask('hi') });
  const visible = (await loadTokenizer()).count(answer.choices[0]?.message.content ?? '');
  const reasoning = answer.usage?.completion_tokens_details?.reasoning_tokens ?? 0;
  expect(reasoning).toBeGreaterThan(0);
  expect(answer.usage?.completion_tokens).toBe(visible + reasoning);
  expect(bill.totalNanoUsd()).toBe(8 * 2500 + (visible + reasoning) * 15_000);
});

it('thinks away the whole maximum when it is small', async () => {
  const { client } = await openSimulation();
  const answer = await client.chat.completions.create({
    model: 'gpt-5.4',
    messages: ask('hi'),
    max_completion_tokens: 20,
  });
  expect(answer.choices[0]).toMatchObject({ finish_reason: 'length', message: { content: '' } });
  expect(answer.usage?.completion_tokens).toBe(20);
});

const WEATHER = {
  type: 'function' as const,
  function: {
    name: 'get_weather',
    parameters: {
      type: 'object',
      properties: { city: { type: 'string' }, days: { type: 'integer', minimum: 1, maximum: 3 } },
    },
  },
};

it('calls a function when it must or is asked to, and answers once it has the result', async () => {
  const { client } = await openSimulation();
  const shared = { model: 'gpt-4o', tools: [WEATHER] };
  const forced = await client.chat.completions.create({
    ...shared,
    messages: ask('hi'),
    tool_choice: 'required',
  });
  const [call] = forced.choices[0]?.message.tool_calls ?? [];
  if (call?.type !== 'function') throw new Error('expected a function call');
  expect(forced.choices[0]?.finish_reason).toBe('tool_calls');
  expect(call.function.name).toBe('get_weather');
  expect(JSON.parse(call.function.arguments)).toEqual({ city: expect.any(String), days: expect.any(Number) });
  const asked = await client.chat.completions.create({ ...shared, messages: ask('use a tool') });
  expect(asked.choices[0]?.finish_reason).toBe('tool_calls');
  const idle = await client.chat.completions.create({ ...shared, messages: ask('hi') });
  expect(idle.choices[0]?.finish_reason).toBe('stop');
  const named = await client.chat.completions.create({
    ...shared,
    messages: ask('hi'),
    tool_choice: { type: 'function', function: { name: 'get_weather' } },
  });
  expect(named.choices[0]?.finish_reason).toBe('stop');
  expect(named.choices[0]?.message.tool_calls).toHaveLength(1);
  const answered = await client.chat.completions.create({
    ...shared,
    messages: [
      ...ask('use a tool'),
      { role: 'assistant', tool_calls: [call] },
      { role: 'tool', tool_call_id: call.id, content: '{"ok":true}' },
    ],
  });
  expect(answered.choices[0]?.message.content).toBeTruthy();
});

it('answers in JSON when asked, to a schema if there is one', async () => {
  const { client } = await openSimulation();
  const free = await client.chat.completions.create({
    model: 'gpt-4o',
    messages: ask('hi'),
    response_format: { type: 'json_object' },
  });
  expect(JSON.parse(free.choices[0]?.message.content ?? '')).toBeTypeOf('object');
  const strict = await client.chat.completions.create({
    model: 'gpt-4o',
    messages: ask('hi'),
    response_format: {
      type: 'json_schema',
      json_schema: {
        name: 'x',
        schema: { type: 'object', properties: { größe: { enum: ['S', 'M'] }, on: { type: 'boolean' } } },
      },
    },
  });
  const text = strict.choices[0]?.message.content ?? '';
  expect(JSON.parse(text)).toEqual({ größe: expect.stringMatching(/^[SM]$/), on: expect.any(Boolean) });
  expect(strict.usage?.completion_tokens).toBe((await loadTokenizer()).count(text));
});

it('gives log probabilities for each token', async () => {
  const { client } = await openSimulation();
  const answer = await client.chat.completions.create({
    model: 'gpt-4o',
    messages: ask('hi'),
    logprobs: true,
    top_logprobs: 2,
  });
  const content = answer.choices[0]?.logprobs?.content ?? [];
  expect(content.map((each) => each.token).join('')).toBe(answer.choices[0]?.message.content);
  expect(content.every((each) => each.top_logprobs.length === 2)).toBe(true);
});

it('counts pictures by their size', async () => {
  const { client, bill } = await openSimulation();
  const picture = (url: string, detail: 'auto' | 'low' = 'auto') =>
    client.chat.completions.create({
      model: 'gpt-4o',
      max_tokens: 5,
      messages: [{ role: 'user', content: [{ type: 'image_url', image_url: { url, detail } }] }],
    });
  const header = Buffer.alloc(24);
  header.writeUInt32BE(0x89504e47, 0);
  header.writeUInt32BE(2048, 16);
  header.writeUInt32BE(4096, 20);
  // OpenAI's own examples: 1024 × 1024 is 765 tokens, 2048 × 4096 is 1,105, and low detail is 85.
  const remote = await picture('https://example.com/a.png');
  expect(remote.usage?.prompt_tokens_details).toMatchObject({ image_tokens: 765 });
  const inline = await picture(`data:image/png;base64,${header.toString('base64')}`);
  expect(inline.usage?.prompt_tokens_details).toMatchObject({ image_tokens: 1105 });
  const low = await picture('https://example.com/a.png', 'low');
  expect(low.usage?.prompt_tokens_details).toMatchObject({ image_tokens: 85 });
  expect(bill.rows[0]?.costNanoUsd).toBe((7 + 765) * 2500 + 5 * 10_000);
});

it('hears ten tokens a second, and speaks', async () => {
  const { client, bill } = await openSimulation();
  const audio = { data: wavFile(3.25).toString('base64'), format: 'wav' as const };
  const answer = await client.chat.completions.create({
    model: 'gpt-audio-1.5',
    modalities: ['text', 'audio'],
    audio: { voice: 'alloy', format: 'wav' },
    max_completion_tokens: 90,
    messages: [{ role: 'user', content: [{ type: 'input_audio', input_audio: audio }] }],
  });
  expect(answer.usage?.prompt_tokens_details?.audio_tokens).toBe(33);
  expect(answer.usage?.completion_tokens).toBe(90);
  expect(answer.usage?.completion_tokens_details?.audio_tokens).toBe(80);
  expect(answer.choices[0]?.message.audio?.transcript.split(/\b/).length).toBeGreaterThan(5);
  expect(Buffer.from(answer.choices[0]?.message.audio?.data ?? '', 'base64').toString('latin1', 0, 4)).toBe(
    'RIFF',
  );
  expect(bill.totalNanoUsd()).toBe(7 * 2500 + 33 * 32_000 + 10 * 10_000 + 80 * 64_000);
});

it('refuses audio where the model has no ears', async () => {
  const { client } = await openSimulation();
  const input_audio = { data: wavFile(1).toString('base64'), format: 'wav' as const };
  const error = await client.chat.completions
    .create({
      model: 'gpt-4o',
      messages: [{ role: 'user', content: [{ type: 'input_audio', input_audio }] }],
    })
    .catch((cause) => cause);
  expect([error.status, error.param]).toEqual([400, 'messages[0].content[0].type']);
});
