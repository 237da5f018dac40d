import { toFile } from 'openai';
import { expect, it } from 'vitest';
import { openSimulation, post } from './simulation-fixture.ts';

const SESSION = 30_000_000;

it.each([
  ['1g', 1],
  ['4g', 4],
  ['16g', 16],
  ['64g', 64],
] as const)('costs a session when it is made, by its memory: %s', async (memory_limit, factor) => {
  const { client, bill } = await openSimulation();
  const made = await client.containers.create({ name: 'box', memory_limit });
  expect(made).toMatchObject({
    id: expect.stringMatching(/^cntr_/),
    object: 'container',
    status: 'running',
    memory_limit,
    expires_after: { anchor: 'last_active_at', minutes: 20 },
  });
  expect(bill.rows).toMatchObject([
    { path: '/v1/containers', responseId: made.id, model: '', costNanoUsd: factor * SESSION },
  ]);
});

it('is listed, read and deleted for free', async () => {
  const { client, bill } = await openSimulation();
  const made = await client.containers.create({ name: 'a' });
  const other = await client.containers.create({ name: 'b' });
  bill.reset();
  expect(await client.containers.retrieve(made.id)).toEqual(made);
  expect((await client.containers.list()).data.map((each) => each.id)).toEqual([other.id, made.id]);
  expect((await client.containers.list({ name: 'a' })).data).toMatchObject([{ id: made.id }]);
  await client.containers.delete(made.id);
  await expect(client.containers.retrieve(made.id)).rejects.toMatchObject({ status: 404 });
  expect(bill.rows).toEqual([]);
});

it('expires when it is not used', async () => {
  let now = Date.UTC(2026, 10, 23);
  const { client } = await openSimulation({ now: () => now });
  const { id } = await client.containers.create({
    name: 'a',
    expires_after: { anchor: 'last_active_at', minutes: 5 },
  });
  now += 5 * 60_000 - 1;
  expect((await client.containers.retrieve(id)).status).toBe('running');
  now += 1;
  expect((await client.containers.retrieve(id)).status).toBe('expired');
});

it('holds files, sent or copied, for free', async () => {
  const { client, bill } = await openSimulation();
  const known = await client.files.create({
    file: await toFile(Buffer.from('known'), 'known.txt'),
    purpose: 'user_data',
  });
  const { id } = await client.containers.create({ name: 'a', file_ids: [known.id] });
  bill.reset();
  const at = { container_id: id };
  const sent = await client.containers.files.create(id, {
    file: await toFile(Buffer.from('sent'), 'sent.txt'),
  });
  expect(sent).toMatchObject({ object: 'container.file', path: '/mnt/data/sent.txt', bytes: 4, ...at });
  const copied = await post(client.baseURL, `/containers/${id}/files`, { file_id: known.id });
  expect(await copied.json()).toMatchObject({ path: '/mnt/data/known.txt', source: 'user' });
  expect((await client.containers.files.list(id)).data).toHaveLength(3);
  expect(await (await client.containers.files.content.retrieve(sent.id, at)).text()).toBe('sent');
  expect((await client.containers.files.retrieve(sent.id, at)).id).toBe(sent.id);
  await client.containers.files.delete(sent.id, at);
  await expect(client.containers.files.retrieve(sent.id, at)).rejects.toMatchObject({ status: 404 });
  expect(bill.rows).toEqual([]);
});

it('refuses what it cannot be', async () => {
  const { baseUrl, bill } = await openSimulation();
  const status = async (body: unknown): Promise<number> => (await post(baseUrl, '/containers', body)).status;
  expect(await status({})).toBe(400);
  expect(await status({ name: 'a', memory_limit: '2g' })).toBe(400);
  expect(await status({ name: 'a', expires_after: { anchor: 'last_active_at', minutes: 0 } })).toBe(400);
  expect(await status({ name: 'a', file_ids: ['file-0'] })).toBe(404);
  expect(bill.rows).toEqual([]);
});
