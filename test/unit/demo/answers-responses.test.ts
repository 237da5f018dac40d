import type { ResponseStreamEvent } from 'openai/resources/responses/responses';
import { expect, it } from 'vitest';
import { loadTokenizer } from '../../../proxy/demo/tokenizer.ts';
import { openSimulation } from './simulation-fixture.ts';

it('answers, bills and stores', async () => {
  const { client, bill } = await openSimulation();
  const answer = await client.responses.create({ model: 'gpt-4o', input: 'hi', metadata: { a: 'b' } });
  const visible = (await loadTokenizer()).count(answer.output_text);
  expect(answer).toMatchObject({
    object: 'response',
    status: 'completed',
    model: 'gpt-4o-2024-08-06',
    service_tier: 'default',
    incomplete_details: null,
    metadata: { a: 'b' },
    usage: {
      input_tokens: 8,
      input_tokens_details: { cached_tokens: 0, cache_write_tokens: 0 },
      output_tokens: visible,
      output_tokens_details: { reasoning_tokens: 0 },
      total_tokens: 8 + visible,
    },
  });
  expect(bill.rows).toMatchObject([
    { responseId: answer.id, usage: answer.usage, costNanoUsd: 8 * 2500 + visible * 10_000 },
  ]);
  const stored = await client.responses.retrieve(answer.id);
  expect(stored.output).toEqual(answer.output);
  expect(stored.usage).toEqual(answer.usage);
  expect(bill.rows).toHaveLength(1);
});

it('forgets what it must not store, and what is deleted', async () => {
  const { client } = await openSimulation();
  const secret = await client.responses.create({ model: 'gpt-4o', input: 'hi', store: false });
  await expect(client.responses.retrieve(secret.id)).rejects.toMatchObject({ status: 404 });
  const stored = await client.responses.create({ model: 'gpt-4o', input: 'hi' });
  await client.responses.delete(stored.id);
  await expect(client.responses.retrieve(stored.id)).rejects.toMatchObject({ status: 404 });
  await expect(client.responses.delete(stored.id)).rejects.toMatchObject({ status: 404 });
});

it('lists the input it was given', async () => {
  const { client } = await openSimulation();
  const { id } = await client.responses.create({
    model: 'gpt-4o',
    input: [
      { role: 'user', content: 'first' },
      { role: 'user', content: [{ type: 'input_text', text: 'second' }] },
    ],
  });
  const page = await client.responses.inputItems.list(id, { order: 'asc', limit: 1 });
  expect(page.data).toMatchObject([{ type: 'message', role: 'user', content: [{ text: 'first' }] }]);
  const texts: unknown[] = [];
  for await (const item of page) texts.push((item as { content?: { text?: string }[] }).content?.[0]?.text);
  expect(texts).toEqual(['first', 'second']);
});

it('bills the history that a response continues', async () => {
  const { client, bill } = await openSimulation();
  const first = await client.responses.create({ model: 'gpt-4o', input: 'hi', instructions: 'Be brief.' });
  const second = await client.responses.create({
    model: 'gpt-4o',
    input: 'and?',
    previous_response_id: first.id,
  });
  const tokenizer = await loadTokenizer();
  const said = tokenizer.count(first.output_text);
  // Three tokens open the reply; each message has four of framing; instructions do not carry over.
  const expected = 3 + (4 + 1) + (4 + said) + (4 + tokenizer.count('and?'));
  expect(second.usage?.input_tokens).toBe(expected);
  expect(second.previous_response_id).toBe(first.id);
  expect(bill.rows[1]?.costNanoUsd).toBe(expected * 2500 + (second.usage?.output_tokens ?? 0) * 10_000);
});

it('is incomplete at the maximum', async () => {
  const { client, bill } = await openSimulation();
  const answer = await client.responses.create({ model: 'gpt-4o', input: 'hi', max_output_tokens: 16 });
  expect(answer).toMatchObject({
    status: 'incomplete',
    incomplete_details: { reason: 'max_output_tokens' },
    usage: { output_tokens: 16 },
  });
  const thought = await client.responses.create({ model: 'gpt-5.4', input: 'hi', max_output_tokens: 17 });
  expect(thought.output.map((each) => each.type)).toEqual(['reasoning']);
  expect(thought.usage?.output_tokens_details.reasoning_tokens).toBe(17);
  expect(bill.rows[1]?.costNanoUsd).toBe(8 * 2500 + 17 * 15_000);
});

it('streams every event in order, with the usage in the last one', async () => {
  const { client, bill } = await openSimulation();
  const events: ResponseStreamEvent[] = [];
  const body = { model: 'gpt-5.4', input: 'hi', service_tier: 'flex' } as const;
  for await (const event of await client.responses.create({ ...body, stream: true })) events.push(event);
  const types = events.map((each) => each.type);
  expect(events.map((each) => (each as { sequence_number: number }).sequence_number)).toEqual([
    ...events.keys(),
  ]);
  expect([...new Set(types)]).toEqual([
    'response.created',
    'response.in_progress',
    'response.output_item.added',
    'response.output_item.done',
    'response.content_part.added',
    'response.output_text.delta',
    'response.output_text.done',
    'response.content_part.done',
    'response.completed',
  ]);
  const [created] = events;
  expect(created).toMatchObject({
    response: { status: 'in_progress', usage: null, output: [], service_tier: 'flex' },
  });
  const last = events.at(-1);
  if (last?.type !== 'response.completed') throw new Error('expected completion');
  const text = events.map((each) => (each.type === 'response.output_text.delta' ? each.delta : '')).join('');
  const message = last.response.output.find((each) => each.type === 'message');
  expect(message).toMatchObject({ content: [{ type: 'output_text', text }] });
  expect(last.response.usage).toEqual(bill.rows[0]?.usage);
  expect(last.response.service_tier).toBe('flex');
  const stored = await client.responses.retrieve(last.response.id);
  expect(stored.usage).toEqual(last.response.usage);
});

it('ends an incomplete stream as such', async () => {
  const { client } = await openSimulation();
  const types: string[] = [];
  for await (const event of await client.responses.create({
    model: 'gpt-4o',
    input: 'hi',
    max_output_tokens: 20,
    stream: true,
  })) {
    types.push(event.type);
  }
  expect(types.at(-1)).toBe('response.incomplete');
  expect(types.filter((each) => each === 'response.output_text.delta')).toHaveLength(20);
});

const ADD = {
  type: 'function' as const,
  name: 'add',
  strict: false,
  parameters: { type: 'object', properties: { a: { type: 'integer' } } },
};

it('calls functions, streamed or not', async () => {
  const { client, bill } = await openSimulation();
  const body = { model: 'gpt-4o', input: 'hi', tools: [ADD], tool_choice: 'required' } as const;
  const whole = await client.responses.create({ ...body, tools: [ADD] });
  const [call] = whole.output;
  if (call?.type !== 'function_call') throw new Error('expected a call');
  expect(JSON.parse(call.arguments)).toEqual({ a: expect.any(Number) });
  const final = await client.responses.stream({ ...body, tools: [ADD] }).finalResponse();
  expect(final.output).toMatchObject([{ type: 'function_call', name: 'add', arguments: call.arguments }]);
  expect(bill.rows[1]?.usage).toEqual(bill.rows[0]?.usage);
  const answered = await client.responses.create({
    model: 'gpt-4o',
    tools: [ADD],
    previous_response_id: whole.id,
    input: [{ type: 'function_call_output', call_id: call.call_id, output: '3' }],
  });
  expect(answered.output_text).not.toBe('');
});

it('searches the web at a fee that is not in the usage', async () => {
  const { client, bill } = await openSimulation();
  const body = {
    model: 'gpt-4o',
    input: 'what is the latest news?',
    tools: [{ type: 'web_search' as const }],
  };
  const answer = await client.responses.create(body);
  const searches = answer.output.filter((each) => each.type === 'web_search_call');
  expect(searches.length).toBeGreaterThan(0);
  expect(searches[0]).toMatchObject({ status: 'completed', action: { type: 'search' } });
  expect(answer.tool_usage?.web_search.num_requests).toBe(searches.length);
  const { input_tokens = 0, output_tokens = 0 } = answer.usage ?? {};
  // What was found is input, too.
  expect(input_tokens).toBeGreaterThan(300);
  expect(bill.totalNanoUsd()).toBe(
    searches.length * 10_000_000 + input_tokens * 2500 + output_tokens * 10_000,
  );
  const events: string[] = [];
  for await (const event of await client.responses.create({ ...body, stream: true })) events.push(event.type);
  expect(events).toContain('response.web_search_call.searching');
  const one = await client.responses.create({ ...body, max_tool_calls: 1 });
  expect(one.tool_usage?.web_search.num_requests).toBe(1);
  const none = await client.responses.create({ ...body, input: 'hello' });
  expect(none.tool_usage).toBeUndefined();
});

it('charges files, containers and pictures of hosted tools', async () => {
  const { client, bill } = await openSimulation();
  const cost = async (tool: object, input: string): Promise<number> => {
    bill.reset();
    const answer = await client.responses.create({
      model: 'gpt-4o',
      input,
      tools: [tool as { type: 'web_search' }],
    });
    const { input_tokens = 0, output_tokens = 0 } = answer.usage ?? {};
    const pictures = answer.tool_usage?.image_gen;
    const picture = pictures ? pictures.input_tokens * 5000 + pictures.output_tokens * 30_000 : 0;
    return bill.totalNanoUsd() - input_tokens * 2500 - output_tokens * 10_000 - picture;
  };
  const { id } = await client.vectorStores.create({});
  expect(await cost({ type: 'file_search', vector_store_ids: [id] }, 'search my files')).toBe(2_500_000);
  expect(await cost({ type: 'code_interpreter', container: { type: 'auto' } }, 'run python')).toBe(
    30_000_000,
  );
  expect(await cost({ type: 'image_generation', quality: 'high' }, 'draw a cat')).toBe(0);
  const drawn = await client.responses.create({
    model: 'gpt-4o',
    input: 'draw a cat',
    tools: [{ type: 'image_generation', quality: 'high' }],
  });
  expect(drawn.tool_usage?.image_gen.output_tokens).toBe(4160);
  expect(drawn.output[0]).toMatchObject({
    type: 'image_generation_call',
    result: expect.stringMatching(/^iVBOR/),
  });
});

it('counts input tokens for free, and as it bills them', async () => {
  const { client, bill } = await openSimulation();
  const body = { model: 'gpt-4o', input: 'How long is this?', instructions: 'Be brief.', tools: [ADD] };
  const counted = await client.responses.inputTokens.count(body);
  expect(bill.rows).toEqual([]);
  const answer = await client.responses.create(body);
  expect(counted.input_tokens).toBe(answer.usage?.input_tokens);
});

it('compacts a conversation at a price', async () => {
  const { client, bill } = await openSimulation();
  const first = await client.responses.create({ model: 'gpt-4o', input: 'Write 300 tokens.' });
  bill.reset();
  const compacted = await client.responses.compact({
    model: 'gpt-4o',
    previous_response_id: first.id,
    input: [{ role: 'user', content: 'go on' }],
  });
  expect(compacted.object).toBe('response.compaction');
  expect(compacted.output.map((each) => each.type)).toEqual(['message', 'compaction']);
  expect(compacted.usage.input_tokens).toBeGreaterThan(300);
  expect(bill.rows).toMatchObject([{ path: '/v1/responses/compact', usage: compacted.usage }]);
  expect(bill.totalNanoUsd()).toBe(
    compacted.usage.input_tokens * 2500 + compacted.usage.output_tokens * 10_000,
  );
  const next = await client.responses.create({
    model: 'gpt-4o',
    input: compacted.output as { type: 'compaction'; encrypted_content: string }[],
  });
  expect(next.usage?.input_tokens).toBeGreaterThan(compacted.usage.output_tokens);
});

it('follows the asked-for format', async () => {
  const { client } = await openSimulation();
  const answer = await client.responses.create({
    model: 'gpt-4o',
    input: 'hi',
    text: {
      format: { type: 'json_schema', name: 'x', schema: { type: 'object', properties: { a: { const: 1 } } } },
    },
  });
  expect(answer.output_text).toBe('{"a":1}');
});
