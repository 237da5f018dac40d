import { readFile } from 'node:fs/promises';
import { calcPrice, type Usage as SeedUsage } from '@pydantic/genai-prices';
import { describe, expect, it } from 'vitest';
import { type PriceRow, priceBookSchema } from '../../../proxy/contract/prices.ts';
import { costOfUsage, roundUpNanoUsd } from '../../../proxy/pricing/cost.ts';
import { PriceBook } from '../../../proxy/pricing/price-book.ts';
import { type Usage, usageOf } from '../../../proxy/pricing/usage.ts';
import { priceOverlaySchema } from '../../../scripts/price-book/price-overlay.ts';
import { readSeed } from '../../../scripts/price-book/read-seed.ts';

/*
 * genai-prices is where most rates come from; this compares what it makes of a usage with what our cost
 * makes of the built row, so that neither the conversion nor the formula can drift. Left out is only what
 * the overlay corrects: the audio of the audio-preview models.
 */

const PRICING = new URL('../../../proxy/pricing/', import.meta.url);
const data = priceBookSchema.parse(JSON.parse(await readFile(new URL('price-book.json', PRICING), 'utf8')));
const overlay = priceOverlaySchema.parse(
  JSON.parse(await readFile(new URL('price-overlay.json', PRICING), 'utf8')),
);
const book = new PriceBook(data);

function rowOf(model: string): PriceRow {
  const row = book.find(model);
  if (!row) throw new Error(`${model} has no price.`);
  return row;
}

function ourNanoUsd(model: string, usage: Partial<Usage>): number | null {
  const cost = costOfUsage(rowOf(model), usageOf(usage), 1000);
  return cost === null ? null : roundUpNanoUsd(cost);
}

function seedNanoUsd(model: string, usage: Partial<Usage>): number {
  const counted: SeedUsage = {
    input_tokens: usage.inputTokens,
    output_tokens: usage.outputTokens,
    cache_read_tokens: usage.cachedInputTokens,
    cache_write_tokens: usage.cacheWrite30mTokens,
    input_audio_tokens: usage.audioInputTokens,
    output_audio_tokens: usage.audioOutputTokens,
    input_image_tokens: usage.imageInputTokens,
    audio_seconds: usage.seconds,
    input_audio_seconds: usage.seconds,
  };
  const given = Object.fromEntries(Object.entries(counted).filter(([, count]) => count !== undefined));
  const price = calcPrice(given, model, {
    providerId: 'openai',
    timestamp: new Date(`${data.asOf}T12:00:00Z`),
  });
  if (!price) throw new Error(`genai-prices does not know ${model}.`);
  // Its sums are binary fractions, good for about twelve digits: what is nearly a whole number is one.
  const nanoUsd = price.total_price * 1e9;
  return Math.abs(nanoUsd - Math.round(nanoUsd)) < 1e-6 * Math.max(1, nanoUsd / 1e6)
    ? Math.round(nanoUsd)
    : Math.ceil(nanoUsd);
}

describe('against genai-prices, standard tier', () => {
  const dropped = new Set(overlay.drop.map(({ seed }) => seed));
  const seed = [...readSeed(data.asOf).values()].filter(({ id }) => !dropped.has(id));
  /** Every name, dated snapshots too, that both sides know. */
  const names = seed.flatMap((model) =>
    model.names.filter((name) => calcPrice({}, name, { providerId: 'openai' })),
  );
  const speaks = names.filter((name) => rowOf(name).rates.input !== undefined);
  const answers = speaks.filter((name) => rowOf(name).rates.output !== undefined);
  const hears = answers.filter(
    (name) => rowOf(name).rates.audioInput !== undefined && !/audio-preview/.test(name),
  );
  const sees = answers.filter((name) => rowOf(name).rates.imageInput !== undefined);
  const writes = answers.filter((name) => rowOf(name).rates.cacheWrite30m !== undefined);
  const minutes = names.filter((name) => rowOf(name).rates.minute !== undefined);

  it('has enough to compare', () => {
    expect(new Set(names.map((name) => rowOf(name).model)).size).toBeGreaterThanOrEqual(80);
    expect([hears.length, sees.length, writes.length, minutes.length].every((count) => count >= 2)).toBe(
      true,
    );
  });

  it.each([
    ['text in', speaks, { inputTokens: 12_345 }],
    ['text in and out', answers, { inputTokens: 1001, outputTokens: 777 }],
    ['one token', answers, { inputTokens: 1, outputTokens: 1 }],
    [
      'a cached prompt',
      answers.filter((name) => rowOf(name).rates.cachedInput !== undefined),
      { inputTokens: 200_000, cachedInputTokens: 150_016 },
    ],
    ['a cache write', writes, { inputTokens: 90_000, cachedInputTokens: 1024, cacheWrite30mTokens: 60_000 }],
    ['audio in', hears, { inputTokens: 5000, audioInputTokens: 4321, outputTokens: 50 }],
    [
      'audio out',
      hears.filter((name) => rowOf(name).rates.audioOutput !== undefined),
      { inputTokens: 500, outputTokens: 900, audioOutputTokens: 800 },
    ],
    ['pictures in', sees, { inputTokens: 3000, imageInputTokens: 2500 }],
    ['minutes', minutes, { seconds: 90 }],
  ] satisfies [string, string[], Partial<Usage>][])('%s costs the same', (_, models, usage) => {
    const ours = models.map((model) => [model, ourNanoUsd(model, usage)]);
    const theirs = models.map((model) => [model, seedNanoUsd(model, usage)]);
    expect(ours).toEqual(theirs);
  });

  it('agrees with genai-prices one token above the threshold', () => {
    const usage = { inputTokens: 272_001, cachedInputTokens: 100_000, outputTokens: 5000 };
    for (const model of ['gpt-5.4', 'gpt-5.5-pro', 'gpt-5.6-terra', 'gpt-6-sol']) {
      expect(ourNanoUsd(model, usage), model).toBe(seedNanoUsd(model, usage));
    }
  });
});
