import { type OpenAI, toFile } from 'openai';
import { expect, it } from 'vitest';
import { openSimulation } from './simulation-fixture.ts';

const SEARCH_FEE = 2_500_000;

async function upload(client: OpenAI, name: string, text = 'Halt!'): Promise<string> {
  const file = await toFile(Buffer.from(text), name);
  return (await client.files.create({ file, purpose: 'assistants' })).id;
}

it('is made, listed, changed and deleted for free', async () => {
  const { client, bill } = await openSimulation();
  const fileId = await upload(client, 'a.txt');
  const store = await client.vectorStores.create({ name: 'docs', file_ids: [fileId], metadata: { a: 'b' } });
  expect(store).toMatchObject({
    id: expect.stringMatching(/^vs_/),
    object: 'vector_store',
    name: 'docs',
    usage_bytes: 5,
    status: 'completed',
    file_counts: { completed: 1, in_progress: 0, failed: 0, cancelled: 0, total: 1 },
    metadata: { a: 'b' },
  });
  expect((await client.vectorStores.update(store.id, { name: 'other' })).name).toBe('other');
  expect(await client.vectorStores.retrieve(store.id)).toMatchObject({ name: 'other', metadata: { a: 'b' } });
  const second = await client.vectorStores.create({});
  expect((await client.vectorStores.list()).data.map((each) => each.id)).toEqual([second.id, store.id]);
  expect((await client.vectorStores.delete(store.id)).deleted).toBe(true);
  await expect(client.vectorStores.retrieve(store.id)).rejects.toMatchObject({ status: 404 });
  expect(bill.rows).toEqual([]);
});

it('takes, lists, reads and loses files for free', async () => {
  const { client, bill } = await openSimulation();
  const { id } = await client.vectorStores.create({});
  const at = { vector_store_id: id };
  const [first, second] = [await upload(client, 'a.txt', 'Stop here.'), await upload(client, 'b.txt')];
  const attached = await client.vectorStores.files.create(id, { file_id: first, attributes: { a: 1 } });
  expect(attached).toMatchObject({ id: first, status: 'completed', vector_store_id: id, usage_bytes: 10 });
  await client.vectorStores.files.create(id, { file_id: second });
  const listed = await client.vectorStores.files.list(id, { order: 'asc' });
  expect(listed.data.map((each) => each.id)).toEqual([first, second]);
  expect((await client.vectorStores.files.list(id, { filter: 'failed' })).data).toEqual([]);
  const changed = await client.vectorStores.files.update(first, { ...at, attributes: { a: 2 } });
  expect(changed.attributes).toEqual({ a: 2 });
  expect((await client.vectorStores.files.retrieve(first, at)).attributes).toEqual({ a: 2 });
  expect((await client.vectorStores.files.content(first, at)).data).toEqual([
    { type: 'text', text: 'Stop here.' },
  ]);
  expect((await client.vectorStores.files.delete(first, at)).deleted).toBe(true);
  await expect(client.vectorStores.files.retrieve(first, at)).rejects.toMatchObject({ status: 404 });
  await client.files.delete(second);
  expect((await client.vectorStores.files.list(id)).data).toEqual([]);
  await expect(client.vectorStores.files.create(id, { file_id: 'file-0' })).rejects.toMatchObject({
    status: 404,
  });
  expect(bill.rows).toEqual([]);
});

it('takes many files at once, which can be cancelled until they are read', async () => {
  let now = Date.UTC(2026, 10, 23);
  const { client } = await openSimulation({ now: () => now, batchMs: 1000 });
  const { id } = await client.vectorStores.create({});
  const at = { vector_store_id: id };
  const ids = [await upload(client, 'a.txt'), await upload(client, 'b.txt')];
  const batch = await client.vectorStores.fileBatches.create(id, { file_ids: ids });
  expect(batch).toMatchObject({ status: 'in_progress', file_counts: { in_progress: 2, total: 2 } });
  now += 1000;
  expect(await client.vectorStores.fileBatches.retrieve(batch.id, at)).toMatchObject({
    status: 'completed',
    file_counts: { completed: 2 },
  });
  const other = await client.vectorStores.fileBatches.create(id, { files: [{ file_id: ids[0] ?? '' }] });
  expect((await client.vectorStores.fileBatches.cancel(other.id, at)).status).toBe('cancelled');
  const files = await client.vectorStores.fileBatches.listFiles(other.id, at);
  expect(files.data).toMatchObject([{ id: ids[0], status: 'cancelled' }]);
  await expect(
    client.vectorStores.fileBatches.create(id, { file_ids: [ids[0] ?? '', 'file-0'] }),
  ).rejects.toMatchObject({ status: 404 });
});

it('costs one fee for each search, whatever it finds', async () => {
  const { client, bill } = await openSimulation();
  const fileId = await upload(client, 'a.txt', 'A toll gate has one owner.');
  const { id } = await client.vectorStores.create({ file_ids: [fileId] });
  const found = await client.vectorStores.search(id, { query: 'Who owns it?' });
  expect(found.data).toMatchObject([
    { file_id: fileId, filename: 'a.txt', content: [{ text: 'A toll gate has one owner.' }] },
  ]);
  const empty = await client.vectorStores.create({});
  expect((await client.vectorStores.search(empty.id, { query: ['a', 'b'] })).data).toEqual([]);
  expect(bill.rows).toMatchObject([
    { path: `/v1/vector_stores/${id}/search`, usage: null, costNanoUsd: SEARCH_FEE, responseId: id },
    { costNanoUsd: SEARCH_FEE },
  ]);
  await expect(client.vectorStores.search('vs_0', { query: 'x' })).rejects.toMatchObject({ status: 404 });
  expect(bill.rows).toHaveLength(2);
});
