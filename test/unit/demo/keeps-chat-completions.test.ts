import { expect, it } from 'vitest';
import { CHAT, KEY, openSimulation, post } from './simulation-fixture.ts';

const BODY = { model: 'gpt-4o', messages: [{ role: 'user' as const, content: 'hi' }], store: true };

it('repeats the answer and its usage for free', async () => {
  const { client, bill } = await openSimulation();
  const answer = await client.chat.completions.create({ ...BODY, metadata: { a: 'b' } });
  const { choices, usage, id, model } = answer;
  const stored = await client.chat.completions.retrieve(id);
  expect(stored).toMatchObject({
    object: 'chat.completion',
    id,
    model,
    choices,
    usage,
    metadata: { a: 'b' },
  });
  expect((await client.chat.completions.update(id, { metadata: { a: 'c' } })).metadata).toEqual({ a: 'c' });
  expect(await client.chat.completions.delete(id)).toEqual({
    object: 'chat.completion.deleted',
    id,
    deleted: true,
  });
  await expect(client.chat.completions.retrieve(id)).rejects.toMatchObject({ status: 404 });
  expect(bill.rows).toMatchObject([{ responseId: id, usage }]);
});

it('keeps what was streamed, with the calls it made', async () => {
  const { client, bill } = await openSimulation();
  const tools = [{ type: 'function' as const, function: { name: 'add', parameters: { type: 'object' } } }];
  const stream = client.chat.completions.stream({ ...BODY, tools, tool_choice: 'required' });
  const said = await stream.finalChatCompletion();
  const stored = await client.chat.completions.retrieve(said.id);
  expect(stored.choices[0]?.message.tool_calls).toMatchObject([
    { id: said.choices[0]?.message.tool_calls?.[0]?.id, function: { name: 'add' } },
  ]);
  expect(stored.usage).toEqual(bill.rows[0]?.usage);
});

it('keeps nothing that was not asked for, or broke off', async () => {
  const { client, baseUrl, faults } = await openSimulation();
  const { id } = await client.chat.completions.create({ ...BODY, store: false });
  await expect(client.chat.completions.retrieve(id)).rejects.toMatchObject({ status: 404 });
  faults.add({ fault: { kind: 'end-after-chunks', chunks: 3 } });
  await (await post(baseUrl, '/chat/completions', { ...CHAT, store: true, stream: true })).text();
  expect((await client.chat.completions.list()).data).toEqual([]);
});

it('lists them page by page, by model and by metadata', async () => {
  const { client, baseUrl } = await openSimulation();
  const ids: string[] = [];
  for (const [model, team] of [
    ['gpt-4o', 'a'],
    ['gpt-4o-mini', 'a'],
    ['gpt-4o', 'b'],
  ] as const) {
    ids.push((await client.chat.completions.create({ ...BODY, model, metadata: { team } })).id);
  }
  const raw = await fetch(`${baseUrl}/chat/completions?limit=2`, {
    headers: { authorization: `Bearer ${KEY}` },
  });
  expect(await raw.json()).toMatchObject({
    object: 'list',
    has_more: true,
    first_id: ids[0],
    last_id: ids[1],
  });
  const page = await client.chat.completions.list({ limit: 2 });
  const all: string[] = [];
  for await (const each of page) all.push(each.id);
  expect(all).toEqual(ids);
  const newest = await client.chat.completions.list({ order: 'desc', limit: 1 });
  expect(newest.data[0]?.id).toBe(ids[2]);
  const some = async (query: object): Promise<string[]> =>
    (await client.chat.completions.list(query)).data.map((each) => each.id);
  expect(await some({ model: 'gpt-4o-mini-2024-07-18' })).toEqual([ids[1]]);
  expect(await some({ metadata: { team: 'a' } })).toEqual([ids[0], ids[1]]);
});

it('lists the messages it was given', async () => {
  const { client } = await openSimulation();
  const { id } = await client.chat.completions.create({
    ...BODY,
    messages: [
      { role: 'system', content: 'Be brief.' },
      { role: 'user', content: [{ type: 'text', text: 'hi' }] },
    ],
  });
  const { data } = await client.chat.completions.messages.list(id);
  expect(data).toMatchObject([
    { id: `${id}-0`, role: 'system', content: 'Be brief.', content_parts: null },
    { id: `${id}-1`, role: 'user', content: null, content_parts: [{ type: 'text', text: 'hi' }] },
  ]);
});
