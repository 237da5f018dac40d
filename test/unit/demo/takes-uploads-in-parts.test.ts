import { toFile } from 'openai';
import { expect, it } from 'vitest';
import { openSimulation } from './simulation-fixture.ts';

const WISH = { bytes: 6, filename: 'big.txt', mime_type: 'text/plain', purpose: 'user_data' } as const;
const data = (text: string) => toFile(Buffer.from(text), 'part');

it('joins the parts in the order that was asked for', async () => {
  const { client, bill } = await openSimulation();
  const upload = await client.uploads.create(WISH);
  expect(upload).toMatchObject({ object: 'upload', status: 'pending', file: null });
  const second = await client.uploads.parts.create(upload.id, { data: await data('def') });
  const first = await client.uploads.parts.create(upload.id, { data: await data('abc') });
  expect(first).toMatchObject({ object: 'upload.part', upload_id: upload.id });
  const done = await client.uploads.complete(upload.id, { part_ids: [first.id, second.id] });
  expect(done).toMatchObject({ status: 'completed', file: { bytes: 6, filename: 'big.txt' } });
  expect(await (await client.files.content(done.file?.id ?? '')).text()).toBe('abcdef');
  expect(bill.rows).toEqual([]);
});

it('holds to the announced length and takes nothing after its end', async () => {
  const { client } = await openSimulation();
  const upload = await client.uploads.create(WISH);
  const part = await client.uploads.parts.create(upload.id, { data: await data('abc') });
  await expect(client.uploads.complete(upload.id, { part_ids: [part.id] })).rejects.toMatchObject({
    status: 400,
  });
  await expect(client.uploads.complete(upload.id, { part_ids: ['part_0'] })).rejects.toMatchObject({
    status: 404,
  });
  expect((await client.uploads.cancel(upload.id)).status).toBe('cancelled');
  await expect(client.uploads.parts.create(upload.id, { data: await data('x') })).rejects.toMatchObject({
    status: 400,
  });
  await expect(client.uploads.cancel('upload_0')).rejects.toMatchObject({ status: 404 });
});
