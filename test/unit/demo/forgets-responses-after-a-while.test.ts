import { expect, it } from 'vitest';
import { until } from '../../helpers/until.ts';
import { openSimulation } from './simulation-fixture.ts';

it('does not know a stored response after its lifetime', async () => {
  let now = Date.UTC(2026, 10, 23);
  const { client } = await openSimulation({ responseLifetimeMs: 1000, now: () => now });
  const first = await client.responses.create({ model: 'gpt-4o', input: 'hi' });
  now += 999;
  expect((await client.responses.retrieve(first.id)).status).toBe('completed');
  now += 1;
  await expect(client.responses.retrieve(first.id)).rejects.toMatchObject({ status: 404 });
  await expect(
    client.responses.create({ model: 'gpt-4o', input: 'and?', previous_response_id: first.id }),
  ).rejects.toMatchObject({ code: 'previous_response_not_found' });
  await expect(
    client.responses.create({ model: 'gpt-4o', input: [{ id: first.output[0]?.id ?? '' }] }),
  ).rejects.toMatchObject({ status: 404 });
});

it('bills a background response that nobody can ask for any more', async () => {
  let now = Date.UTC(2026, 10, 23);
  const { client, bill } = await openSimulation({
    responseLifetimeMs: 1000,
    now: () => now,
    tokensPerSecond: 300,
  });
  const { id } = await client.responses.create({
    model: 'gpt-4o',
    input: 'Write 60 tokens.',
    background: true,
  });
  now += 1000;
  await expect(client.responses.retrieve(id)).rejects.toMatchObject({ status: 404 });
  await until(() => bill.rows.length > 0);
  expect(bill.rows).toMatchObject([{ status: 'completed', responseId: id }]);
});

it('bills a background response for what it had when it is deleted', async () => {
  const { client, bill } = await openSimulation({ tokensPerSecond: 100 });
  const { id } = await client.responses.create({
    model: 'gpt-4o',
    input: 'Write 500 tokens.',
    background: true,
  });
  await new Promise((resolve) => setTimeout(resolve, 100));
  await client.responses.delete(id);
  expect(bill.rows).toMatchObject([{ status: 'aborted', responseId: id }]);
  await expect(client.responses.retrieve(id)).rejects.toMatchObject({ status: 404 });
});
