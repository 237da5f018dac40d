import { expect, it } from 'vitest';
import { openSimulation, post } from './simulation-fixture.ts';

const model = 'text-embedding-3-small';

it('embeds texts and token ids, and bills the input', async () => {
  const { client, bill } = await openSimulation();
  const answer = await client.embeddings.create({ model, input: ['hello world', 'x'] });
  expect(answer.usage).toEqual({ prompt_tokens: 3, total_tokens: 3 });
  expect(answer.data.map((each) => each.embedding.length)).toEqual([1536, 1536]);
  const length = Math.hypot(...(answer.data[0]?.embedding ?? []));
  expect(length).toBeCloseTo(1, 4);
  expect(bill.totalNanoUsd()).toBe(3 * 20);
  const ids = await client.embeddings.create({ model, input: [[1, 2, 3], [4]] });
  expect(ids.usage.prompt_tokens).toBe(4);
});

it('gives the same vector in both encodings and every time', async () => {
  const { baseUrl } = await openSimulation();
  const read = async (encoding_format: string): Promise<unknown> => {
    const response = await post(baseUrl, '/embeddings', {
      model,
      input: 'same',
      dimensions: 8,
      encoding_format,
    });
    const { data } = (await response.json()) as { data: { embedding: unknown }[] };
    return data[0]?.embedding;
  };
  const floats = await read('float');
  const packed = Buffer.from(String(await read('base64')), 'base64');
  expect(floats).toHaveLength(8);
  expect([...new Float32Array(packed.buffer, packed.byteOffset, 8)]).toEqual(floats);
});

it('bills nothing for moderation', async () => {
  const { client, bill } = await openSimulation();
  const answer = await client.moderations.create({ input: ['have a nice day', 'I will kill you'] });
  expect(answer.model).toBe('omni-moderation-2024-09-26');
  expect(answer.results.map((each) => each.flagged)).toEqual([false, true]);
  expect(answer.results[1]?.categories.violence).toBe(true);
  expect(bill.rows).toEqual([]);
});

it('lists models and shows one', async () => {
  const { client } = await openSimulation();
  const names = (await client.models.list()).data.map((each) => each.id);
  expect(names).toContain('gpt-4o');
  expect(await client.models.retrieve('gpt-4o-2024-08-06')).toMatchObject({
    object: 'model',
    id: 'gpt-4o-2024-08-06',
  });
});
