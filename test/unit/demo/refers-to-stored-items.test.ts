import type { ResponseInputItem } from 'openai/resources/responses/responses';
import { expect, it } from 'vitest';
import { loadTokenizer } from '../../../proxy/demo/tokenizer.ts';
import { openSimulation } from './simulation-fixture.ts';

it('reads items of a stored response as if they were sent', async () => {
  const { client, bill } = await openSimulation();
  const { count } = await loadTokenizer();
  const first = await client.responses.create({ model: 'gpt-4o', input: 'Write 300 tokens.' });
  const messageId = (first.output[0] as { id: string }).id;
  const [asked] = (await client.responses.inputItems.list(first.id)).data;
  const input = [
    { type: 'item_reference', id: asked?.id ?? '' },
    { id: messageId },
    { role: 'user', content: 'go on' },
  ] as ResponseInputItem[];
  const second = await client.responses.create({ model: 'gpt-4o', input });
  expect(second.usage?.input_tokens).toBe(
    3 + (4 + count('Write 300 tokens.')) + (4 + 300) + (4 + count('go on')),
  );
  expect(bill.rows[1]?.usage).toEqual(second.usage);
  const listed = await client.responses.inputItems.list(second.id, { order: 'asc' });
  expect(listed.data.map((each) => each.id).slice(0, 2)).toEqual([asked?.id, messageId]);
});

it('reads items of a conversation, even of one that is gone', async () => {
  const { client } = await openSimulation();
  const { id } = await client.conversations.create({ items: [{ role: 'user', content: 'Speak of gates.' }] });
  const [item] = (await client.conversations.items.list(id)).data;
  const ask = async (): Promise<number | undefined> =>
    (await client.responses.create({ model: 'gpt-4o', input: [{ id: item?.id ?? '' }] })).usage?.input_tokens;
  const tokens = await ask();
  expect(tokens).toBeGreaterThan(3 + 4);
  await client.conversations.delete(id);
  expect(await ask()).toBe(tokens);
});

it('counts a picture that an earlier response drew', async () => {
  const { client } = await openSimulation();
  const drawn = await client.responses.create({
    model: 'gpt-4o',
    input: 'draw a cat',
    tools: [{ type: 'image_generation' }],
  });
  const picture = drawn.output.find((each) => each.type === 'image_generation_call');
  const { usage } = await client.responses.create({
    model: 'gpt-4o',
    input: [{ id: picture?.id ?? '' }, { role: 'user', content: 'hi' }],
  });
  // One tile: 85 and 170 tokens.
  expect(usage?.input_tokens).toBe(3 + (4 + 255) + (4 + 1));
});

it('does not know items that were never stored, or are gone', async () => {
  const { client, bill } = await openSimulation();
  const secret = await client.responses.create({ model: 'gpt-4o', input: 'hi', store: false });
  const gone = await client.responses.create({ model: 'gpt-4o', input: 'hi' });
  await client.responses.delete(gone.id);
  bill.reset();
  for (const id of ['msg_0', secret.output[0]?.id ?? '', gone.output[0]?.id ?? '']) {
    await expect(client.responses.create({ model: 'gpt-4o', input: [{ id }] })).rejects.toMatchObject({
      status: 404,
      param: 'input',
      message: expect.stringContaining(`Item with id '${id}' not found.`),
    });
  }
  expect(bill.rows).toEqual([]);
});
