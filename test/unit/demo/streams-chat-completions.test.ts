import { describe, expect, it } from 'vitest';
import { CHAT, eventData, openSimulation, post } from './simulation-fixture.ts';

const streamed = async (baseUrl: string, more: object): Promise<string[]> => {
  const response = await post(baseUrl, '/chat/completions', { ...CHAT, stream: true, ...more });
  expect(response.headers.get('content-type')).toBe('text/event-stream; charset=utf-8');
  return eventData(await response.text());
};

describe('usage in a stream', () => {
  it('is null on each chunk and alone in one more chunk when it is asked for', async () => {
    const { baseUrl, bill } = await openSimulation();
    const data = await streamed(baseUrl, { stream_options: { include_usage: true } });
    expect(data.at(-1)).toBe('[DONE]');
    const chunks = data.slice(0, -1).map((each) => JSON.parse(each));
    const last = chunks.pop();
    expect(last.choices).toEqual([]);
    expect(last.usage).toEqual(bill.rows[0]?.usage);
    expect(chunks.every((chunk) => chunk.usage === null && chunk.choices.length === 1)).toBe(true);
    expect(chunks.at(-1).choices[0]).toMatchObject({ delta: {}, finish_reason: 'stop' });
  });

  it.each([{}, { stream_options: {} }, { stream_options: { include_usage: false } }])(
    'is nowhere with %j',
    async (more) => {
      const { baseUrl, bill } = await openSimulation();
      const data = await streamed(baseUrl, more);
      const chunks = data.slice(0, -1).map((each) => JSON.parse(each));
      expect(chunks.every((chunk) => !('usage' in chunk) && chunk.choices.length === 1)).toBe(true);
      expect(bill.rows[0]?.status).toBe('completed');
    },
  );
});

it('says in a stream what it says at once, and bills the same', async () => {
  const { client, bill } = await openSimulation();
  const body = { model: 'gpt-5.4', messages: [{ role: 'user' as const, content: 'hi' }] };
  const whole = await client.chat.completions.create(body);
  let text = '';
  for await (const chunk of await client.chat.completions.create({ ...body, stream: true })) {
    text += chunk.choices[0]?.delta.content ?? '';
  }
  expect(text).toBe(whole.choices[0]?.message.content);
  expect(bill.rows[1]?.usage).toEqual(bill.rows[0]?.usage);
  expect(bill.rows[1]?.costNanoUsd).toBe(bill.rows[0]?.costNanoUsd);
});

it('is put together by the SDK with tools, choices and log probabilities', async () => {
  const { client } = await openSimulation();
  const tool = {
    type: 'function' as const,
    function: { name: 'add', parameters: { type: 'object', properties: { a: { type: 'integer' } } } },
  };
  const called = await client.chat.completions
    .stream({
      model: 'gpt-4o',
      messages: [{ role: 'user', content: 'hi' }],
      tools: [tool],
      tool_choice: 'required',
    })
    .finalChatCompletion();
  const call = called.choices[0]?.message.tool_calls?.[0];
  expect(called.choices[0]?.finish_reason).toBe('tool_calls');
  expect(call?.type === 'function' && JSON.parse(call.function.arguments)).toEqual({ a: expect.any(Number) });
  const many = await client.chat.completions
    .stream({ model: 'gpt-4o', messages: [{ role: 'user', content: 'hi' }], n: 3, logprobs: true })
    .finalChatCompletion();
  expect(many.choices).toHaveLength(3);
  for (const choice of many.choices) {
    expect(choice.logprobs?.content?.map((each) => each.token).join('')).toBe(choice.message.content);
  }
});

it('takes as long as its tokens take', async () => {
  const { client } = await openSimulation({ tokensPerSecond: 200, firstTokenMs: 100 });
  const startedAtMs = performance.now();
  let firstMs = 0;
  let chunks = 0;
  for await (const _ of await client.chat.completions.create({
    model: 'gpt-4o',
    messages: [{ role: 'user', content: 'hi' }],
    max_tokens: 60,
    stream: true,
  })) {
    firstMs ||= performance.now() - startedAtMs;
    chunks += 1;
  }
  const totalMs = performance.now() - startedAtMs;
  expect(chunks).toBe(62);
  expect(firstMs).toBeGreaterThanOrEqual(99);
  expect(totalMs).toBeGreaterThanOrEqual(395);
  expect(totalMs).toBeLessThan(10_000);
});

it('speaks in pieces', async () => {
  const { client } = await openSimulation();
  let transcript = '';
  let bytes = 0;
  for await (const chunk of await client.chat.completions.create({
    model: 'gpt-audio-1.5',
    modalities: ['text', 'audio'],
    audio: { voice: 'alloy', format: 'pcm16' },
    messages: [{ role: 'user', content: 'hi' }],
    max_completion_tokens: 45,
    stream: true,
  })) {
    const audio = (chunk.choices[0]?.delta as { audio?: { transcript?: string; data?: string } } | undefined)
      ?.audio;
    transcript += audio?.transcript ?? '';
    bytes += Buffer.from(audio?.data ?? '', 'base64').length;
  }
  expect(transcript.trim().split(' ')).toHaveLength(5);
  expect(bytes).toBe(5 * 19_200);
});
