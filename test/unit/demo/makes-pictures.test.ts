import { inflateSync } from 'node:zlib';
import { toFile } from 'openai';
import { expect, it } from 'vitest';
import { picturePng } from '../../../proxy/demo/picture.ts';
import { openSimulation } from './simulation-fixture.ts';

const model = 'gpt-image-2';

it('makes a real PNG and bills its tokens by size and quality', async () => {
  const { client, bill } = await openSimulation();
  const answer = await client.images.generate({
    model,
    prompt: 'a cat',
    n: 2,
    size: '1024x1536',
    quality: 'high',
  });
  expect(answer.usage).toMatchObject({
    input_tokens: 2,
    output_tokens: 2 * 6240,
    total_tokens: 2 + 2 * 6240,
  });
  expect(answer).toMatchObject({ size: '1024x1536', quality: 'high', output_format: 'png' });
  expect(answer.data).toHaveLength(2);
  const png = Buffer.from(answer.data?.[0]?.b64_json ?? '', 'base64');
  const start = png.indexOf('IDAT') + 4;
  const length = png.readUInt32BE(start - 8);
  // 64 rows of 64 RGB pixels, each with its filter byte.
  expect(inflateSync(png.subarray(start, start + length))).toHaveLength(64 * (1 + 64 * 3));
  expect(bill.totalNanoUsd()).toBe(2 * 5000 + 2 * 6240 * 30_000);
});

it('streams partial pictures at a hundred tokens each', async () => {
  const { client, bill } = await openSimulation();
  const events: { type: string; usage?: unknown }[] = [];
  const body = { model, prompt: 'a cat', quality: 'low', partial_images: 2, stream: true } as const;
  for await (const event of await client.images.generate(body)) events.push(event);
  expect(events.map((each) => each.type)).toEqual([
    'image_generation.partial_image',
    'image_generation.partial_image',
    'image_generation.completed',
  ]);
  expect(events.at(-1)?.usage).toMatchObject({ input_tokens: 2, output_tokens: 272 + 200 });
  expect(bill.rows[0]?.usage).toEqual(events.at(-1)?.usage);
});

it('counts the pictures that are edited', async () => {
  const { client, bill } = await openSimulation();
  const image = await toFile(picturePng(1), 'a.png', { type: 'image/png' });
  const answer = await client.images.edit({ model, image: [image, image], prompt: 'blue', quality: 'low' });
  // Two pictures of one tile: 65 + 129 each.
  expect(answer.usage?.input_tokens_details).toEqual({ text_tokens: 1, image_tokens: 388 });
  expect(bill.totalNanoUsd()).toBe(5000 + 388 * 8000 + 272 * 30_000);
  const events: string[] = [];
  for await (const event of await client.images.edit({ model, image, prompt: 'blue', stream: true })) {
    events.push(event.type);
  }
  expect(events).toEqual(['image_edit.completed']);
});

it('varies a picture', async () => {
  const { client } = await openSimulation();
  const image = await toFile(picturePng(1), 'a.png', { type: 'image/png' });
  const answer = await client.images.createVariation({ model, image, n: 2 });
  expect(answer.data).toHaveLength(2);
  expect(answer.usage?.input_tokens_details.text_tokens).toBe(0);
});

it('prices older models by the picture and links to it', async () => {
  const { client, bill } = await openSimulation();
  const answer = await client.images.generate({ model: 'dall-e-3', prompt: 'a cat', quality: 'hd' });
  expect(answer.usage).toBeUndefined();
  expect(bill.rows).toMatchObject([{ usage: null, costNanoUsd: 80_000_000 }]);
  const picture = await fetch(answer.data?.[0]?.url ?? '');
  expect(picture.headers.get('content-type')).toBe('image/png');
  await expect(
    client.images.generate({ model: 'dall-e-3', prompt: 'x', size: '512x512' }),
  ).rejects.toMatchObject({
    status: 400,
    param: 'size',
  });
});
