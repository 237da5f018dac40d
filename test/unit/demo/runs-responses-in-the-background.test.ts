import { expect, it } from 'vitest';
import { until } from '../../helpers/until.ts';
import { KEY, openSimulation } from './simulation-fixture.ts';

const BODY = { model: 'gpt-4o', input: 'Write 60 tokens.', background: true } as const;

it('is queued, then found complete, and billed once', async () => {
  const { client, bill } = await openSimulation({ tokensPerSecond: 300 });
  const queued = await client.responses.create(BODY);
  expect(queued).toMatchObject({ status: 'queued', usage: null, output: [] });
  expect(bill.rows).toEqual([]);
  await until(() => bill.rows.length > 0);
  const done = await client.responses.retrieve(queued.id);
  expect(done).toMatchObject({ status: 'completed', usage: { output_tokens: 60 } });
  await client.responses.retrieve(queued.id);
  expect(bill.rows).toMatchObject([{ status: 'completed', responseId: queued.id, usage: done.usage }]);
});

it('is billed for what it had when it is cancelled', async () => {
  const { client, bill } = await openSimulation({ tokensPerSecond: 100 });
  const { id } = await client.responses.create({ ...BODY, input: 'Write 600 tokens.' });
  await new Promise((resolve) => setTimeout(resolve, 200));
  const cancelled = await client.responses.cancel(id);
  expect(cancelled).toMatchObject({ status: 'cancelled', usage: null });
  const [row] = bill.rows;
  const generated = (row?.usage as { output_tokens: number } | undefined)?.output_tokens;
  expect(row?.status).toBe('aborted');
  expect(generated).toBeGreaterThan(5);
  expect(generated).toBeLessThan(600);
  await client.responses.cancel(id);
  await new Promise((resolve) => setTimeout(resolve, 100));
  expect(bill.rows).toHaveLength(1);
});

it('does not cancel what was answered on the spot', async () => {
  const { client } = await openSimulation();
  const { id } = await client.responses.create({ model: 'gpt-4o', input: 'hi' });
  await expect(client.responses.cancel(id)).rejects.toMatchObject({ status: 400 });
});

it('goes on when its stream is left, and can be resumed', async () => {
  const { client, bill } = await openSimulation({ tokensPerSecond: 200 });
  const stream = await client.responses.create({ ...BODY, stream: true });
  let id = '';
  let last = -1;
  for await (const event of stream) {
    if (event.type === 'response.created') id = event.response.id;
    last = event.sequence_number;
    if (event.type === 'response.output_text.delta') break;
  }
  const rest: string[] = [];
  let expected = last;
  for await (const event of await client.responses.retrieve(id, { stream: true, starting_after: last })) {
    expected += 1;
    expect(event.sequence_number).toBe(expected);
    rest.push(event.type);
  }
  expect(rest.filter((each) => each === 'response.output_text.delta')).toHaveLength(59);
  expect(rest.at(-1)).toBe('response.completed');
  expect(bill.rows).toMatchObject([{ status: 'completed', responseId: id }]);
});

it('stops with the simulation', async () => {
  const simulation = await openSimulation({ tokensPerSecond: 10 });
  await fetch(`${simulation.baseUrl}/responses`, {
    method: 'POST',
    headers: { authorization: `Bearer ${KEY}`, 'content-type': 'application/json' },
    body: JSON.stringify(BODY),
  });
  await simulation.close();
  expect(simulation.bill.rows).toMatchObject([{ status: 'aborted' }]);
});
