import { expect, it } from 'vitest';
import { loadTokenizer } from '../../../proxy/demo/tokenizer.ts';
import { openSimulation, post } from './simulation-fixture.ts';

const user = (text: string) => ({ role: 'user' as const, content: text });

it('is created, changed and deleted for free', async () => {
  const { client, bill } = await openSimulation();
  const made = await client.conversations.create({ metadata: { topic: 'a' }, items: [user('hi')] });
  expect(made).toMatchObject({
    id: expect.stringMatching(/^conv_/),
    object: 'conversation',
    metadata: { topic: 'a' },
  });
  expect((await client.conversations.update(made.id, { metadata: { topic: 'b' } })).metadata).toEqual({
    topic: 'b',
  });
  expect((await client.conversations.retrieve(made.id)).metadata).toEqual({ topic: 'b' });
  expect(await client.conversations.delete(made.id)).toEqual({
    id: made.id,
    object: 'conversation.deleted',
    deleted: true,
  });
  await expect(client.conversations.retrieve(made.id)).rejects.toMatchObject({ status: 404 });
  expect((await client.conversations.create()).metadata).toEqual({});
  expect(bill.rows).toEqual([]);
});

it('lists, adds, reads and deletes items', async () => {
  const { client } = await openSimulation();
  const { id } = await client.conversations.create({ items: [user('one')] });
  const added = await client.conversations.items.create(id, { items: [user('two'), user('three')] });
  expect(added).toMatchObject({ object: 'list', has_more: false, last_id: added.data[1]?.id });
  const texts: unknown[] = [];
  for await (const item of client.conversations.items.list(id, { order: 'asc', limit: 2 })) {
    texts.push(item.type === 'message' ? (item.content[0] as { text: string }).text : null);
  }
  expect(texts).toEqual(['one', 'two', 'three']);
  const newest = await client.conversations.items.list(id, { limit: 1 });
  expect(newest.data[0]).toEqual(added.data[1]);
  const itemId = added.data[0]?.id ?? '';
  expect(await client.conversations.items.retrieve(itemId, { conversation_id: id })).toEqual(added.data[0]);
  expect((await client.conversations.items.delete(itemId, { conversation_id: id })).id).toBe(id);
  await expect(client.conversations.items.retrieve(itemId, { conversation_id: id })).rejects.toMatchObject({
    status: 404,
  });
  expect((await client.conversations.items.list(id)).data).toHaveLength(2);
});

it('is read before each response, and grows by each that has ended', async () => {
  const { client, bill } = await openSimulation();
  const { count } = await loadTokenizer();
  const { id } = await client.conversations.create({ items: [user('Speak of gates.')] });
  const first = await client.responses.create({ model: 'gpt-4o', conversation: id, input: 'hi' });
  // Three tokens open the reply; each message has four of framing.
  const before = 3 + (4 + count('Speak of gates.'));
  expect(first.usage?.input_tokens).toBe(before + 4 + count('hi'));
  expect(first.conversation).toEqual({ id });
  const items = await client.conversations.items.list(id, { order: 'asc' });
  expect(items.data.map((each) => (each.type === 'message' ? each.role : each.type))).toEqual([
    'user',
    'user',
    'assistant',
  ]);
  expect(items.data[2]).toEqual(first.output[0]);
  const stream = client.responses.stream({ model: 'gpt-4o', conversation: { id }, input: 'and?' });
  const second = await stream.finalResponse();
  expect(second.usage?.input_tokens).toBe(
    before + (4 + count('hi')) + (4 + count(first.output_text)) + (4 + count('and?')),
  );
  expect((await client.conversations.items.list(id)).data).toHaveLength(5);
  expect(bill.rows.map((each) => each.usage)).toEqual([first.usage, second.usage]);
});

it('counts for free what it would be as input', async () => {
  const { client, bill } = await openSimulation();
  const { id } = await client.conversations.create({ items: [user('Speak of gates.')] });
  const counted = await client.responses.inputTokens.count({
    model: 'gpt-4o',
    conversation: id,
    input: 'hi',
  });
  expect(bill.rows).toEqual([]);
  const answer = await client.responses.create({ model: 'gpt-4o', conversation: id, input: 'hi' });
  expect(counted.input_tokens).toBe(answer.usage?.input_tokens);
});

it('does not grow by a response that was stopped', async () => {
  const { client } = await openSimulation({ tokensPerSecond: 50 });
  const { id } = await client.conversations.create();
  const { id: responseId } = await client.responses.create({
    model: 'gpt-4o',
    conversation: id,
    input: 'Write 500 tokens.',
    background: true,
  });
  await client.responses.cancel(responseId);
  expect((await client.conversations.items.list(id)).data).toEqual([]);
});

it('is unknown to OpenAI if it was never made', async () => {
  const { client, baseUrl, bill } = await openSimulation();
  const body = { model: 'gpt-4o', input: 'hi' };
  await expect(client.responses.create({ ...body, conversation: 'conv_0' })).rejects.toMatchObject({
    status: 404,
    param: 'conversation',
  });
  await expect(client.conversations.items.list('conv_0')).rejects.toMatchObject({ status: 404 });
  const { id } = await client.conversations.create();
  const both = await post(baseUrl, '/responses', {
    ...body,
    conversation: id,
    previous_response_id: 'resp_0',
  });
  expect([both.status, await both.json()]).toMatchObject([
    400,
    { error: { code: 'mutually_exclusive_parameters' } },
  ]);
  expect(bill.rows).toEqual([]);
});

it('refuses what cannot be an item', async () => {
  const { client } = await openSimulation();
  const create = (items: unknown): Promise<unknown> => client.conversations.create({ items: items as never });
  await expect(create([{ role: 'king', content: 'x' }])).rejects.toMatchObject({ param: 'items[0].role' });
  await expect(create([{ role: 'user', content: [{ type: 'poem' }] }])).rejects.toMatchObject({
    param: 'items[0].content[0].type',
  });
  await expect(create(Array(21).fill(user('x')))).rejects.toMatchObject({ code: 'array_above_max_length' });
});
