import { toFile } from 'openai';
import { expect, it } from 'vitest';
import { picturePng } from '../../../proxy/demo/picture.ts';
import { openSimulation } from './simulation-fixture.ts';

it('stores, lists, reads and deletes for free', async () => {
  const { client, bill } = await openSimulation();
  const upload = async (name: string, purpose: 'user_data' | 'vision', text: string) =>
    client.files.create({ file: await toFile(Buffer.from(text), name), purpose });
  const first = await upload('a.txt', 'user_data', 'Halt!');
  const second = await upload('b.txt', 'vision', 'Über die Brücke');
  expect(first).toMatchObject({
    id: expect.stringMatching(/^file-/),
    object: 'file',
    bytes: 5,
    filename: 'a.txt',
    purpose: 'user_data',
    status: 'processed',
  });
  const listed = await client.files.list();
  expect(listed.data.map((each) => each.id)).toEqual([second.id, first.id]);
  const ids: string[] = [];
  for await (const each of client.files.list({ order: 'asc', limit: 1 })) ids.push(each.id);
  expect(ids).toEqual([first.id, second.id]);
  expect((await client.files.list({ purpose: 'vision' })).data).toMatchObject([{ id: second.id }]);
  expect(await (await client.files.content(second.id)).text()).toBe('Über die Brücke');
  expect(await client.files.retrieve(first.id)).toEqual(first);
  expect(await client.files.delete(first.id)).toEqual({ id: first.id, object: 'file', deleted: true });
  await expect(client.files.retrieve(first.id)).rejects.toMatchObject({ status: 404 });
  await expect(client.files.content(first.id)).rejects.toMatchObject({ status: 404 });
  await expect(client.files.delete(first.id)).rejects.toMatchObject({ status: 404 });
  expect(bill.rows).toEqual([]);
});

it('refuses what is no file for its purpose', async () => {
  const { client } = await openSimulation();
  const file = await toFile(Buffer.from('{}'), 'a.txt');
  await expect(client.files.create({ file, purpose: 'poems' as 'vision' })).rejects.toMatchObject({
    param: 'purpose',
  });
  await expect(client.files.create({ file, purpose: 'batch' })).rejects.toMatchObject({
    message: expect.stringContaining('Must be .jsonl'),
  });
});

it('is a document or a picture in a request that names it', async () => {
  const { client, bill } = await openSimulation();
  const document = await client.files.create({
    file: await toFile(Buffer.alloc(120_000, 'x'), 'a.pdf'),
    purpose: 'user_data',
  });
  const picture = await client.files.create({
    file: await toFile(picturePng(1), 'a.png'),
    purpose: 'vision',
  });
  const answer = await client.responses.create({
    model: 'gpt-4o',
    input: [
      {
        role: 'user',
        content: [
          { type: 'input_file', file_id: document.id },
          { type: 'input_image', file_id: picture.id, detail: 'auto' },
        ],
      },
    ],
  });
  // Three pages of 850 tokens, and a picture of one tile.
  expect(answer.usage?.input_tokens).toBe(3 + 4 + 3 * 850 + 255);
  const chat = await client.chat.completions.create({
    model: 'gpt-4o',
    messages: [{ role: 'user', content: [{ type: 'file', file: { file_id: document.id } }] }],
  });
  expect(chat.usage?.prompt_tokens).toBe(3 + 4 + 3 * 850);
  expect(bill.rows.map((each) => each.usage)).toEqual([answer.usage, chat.usage]);
});

it('is not found in a request once it is gone', async () => {
  const { client, bill } = await openSimulation();
  const missing = { status: 404, code: 'file_not_found' };
  for (const part of [
    { type: 'input_file' as const, file_id: 'file-0' },
    { type: 'input_image' as const, file_id: 'file-0', detail: 'auto' as const },
  ]) {
    const input = [{ role: 'user' as const, content: [part] }];
    await expect(client.responses.create({ model: 'gpt-4o', input })).rejects.toMatchObject(missing);
  }
  await expect(
    client.chat.completions.create({
      model: 'gpt-4o',
      messages: [{ role: 'user', content: [{ type: 'file', file: { file_id: 'file-0' } }] }],
    }),
  ).rejects.toMatchObject({ ...missing, param: 'messages[0].content[0].file.file_id' });
  expect(bill.rows).toEqual([]);
});
