import { readFile } from 'node:fs/promises';
import { describe, expect, it } from 'vitest';
import { type PriceRates, type PriceRow, priceBookSchema } from '../../../proxy/contract/prices.ts';
import { PriceBook } from '../../../proxy/pricing/price-book.ts';

const PRICING = new URL('../../../proxy/pricing/', import.meta.url);
const data = priceBookSchema.parse(JSON.parse(await readFile(new URL('price-book.json', PRICING), 'utf8')));
const book = new PriceBook(data);

function rowOf(model: string): PriceRow {
  const row = book.find(model);
  if (!row) throw new Error(`${model} has no price.`);
  return row;
}

type UsdRates = { [name in Exclude<keyof PriceRates, 'images'>]?: number };

/** Exact for the prices below: none has more than six places. */
function nano(usd: UsdRates): PriceRates {
  return Object.fromEntries(Object.entries(usd).map(([name, value]) => [name, Math.round(value * 1e9)]));
}

const IMAGE: UsdRates = {
  input: 5,
  cachedInput: 1.25,
  imageInput: 8,
  cachedImageInput: 2,
  output: 30,
  imageOutput: 30,
};
const REALTIME: UsdRates = {
  input: 4,
  cachedInput: 0.4,
  audioInput: 32,
  cachedAudioInput: 0.4,
  imageInput: 5,
  cachedImageInput: 0.5,
  audioOutput: 64,
};
const REALTIME_MINI: UsdRates = {
  input: 0.6,
  cachedInput: 0.06,
  output: 2.4,
  audioInput: 10,
  cachedAudioInput: 0.3,
  audioOutput: 20,
  imageInput: 0.8,
  cachedImageInput: 0.08,
};

/** OpenAI's prices in US dollars as of November 2026, written out by hand. */
const PUBLISHED: Readonly<Record<string, UsdRates>> = {
  'gpt-6.2-astra': { input: 8, cachedInput: 0.4, cacheWrite30m: 10, output: 40 },
  'gpt-6.2-sol': { input: 2, cachedInput: 0.1, cacheWrite30m: 2.5, cacheWrite12h: 5, output: 10 },
  'gpt-6-astra': { input: 10, cachedInput: 1, cacheWrite30m: 12.5, output: 50 },
  'gpt-6.1-sol': { input: 2, cachedInput: 0.1, cacheWrite30m: 2.5, output: 10 },
  'gpt-6.1-terra': { input: 1, cachedInput: 0.05, cacheWrite30m: 1.25, cacheWrite12h: 2.5, output: 5 },
  'gpt-6-sol': { input: 2, cachedInput: 0.2, cacheWrite30m: 2.5, output: 10 },
  'gpt-6-luna': { input: 0.1, cachedInput: 0.01, cacheWrite30m: 0.125, output: 0.5 },
  'gpt-5.6-sol': { input: 4, cachedInput: 0.4, cacheWrite30m: 5, output: 20 },
  'gpt-5.6-terra': { input: 2, cachedInput: 0.2, cacheWrite30m: 2.5, output: 12 },
  'gpt-5.6-luna': { input: 0.2, cachedInput: 0.02, cacheWrite30m: 0.25, output: 1.2 },
  'gpt-5.5': { input: 5, cachedInput: 0.5, output: 30 },
  'gpt-5.5-pro': { input: 30, output: 180 },
  'gpt-5.4': { input: 2.5, cachedInput: 0.25, output: 15 },
  'gpt-5.4-mini': { input: 0.75, cachedInput: 0.075, output: 4.5 },
  'gpt-5.4-nano': { input: 0.2, cachedInput: 0.02, output: 1.25 },
  'gpt-5.2': { input: 1.75, cachedInput: 0.175, output: 14 },
  'gpt-5.1': { input: 1.25, cachedInput: 0.125, output: 10 },
  'gpt-5': { input: 1.25, cachedInput: 0.125, output: 10 },
  'gpt-5-mini': { input: 0.25, cachedInput: 0.025, output: 2 },
  'gpt-5-nano': { input: 0.05, cachedInput: 0.005, output: 0.4 },
  'gpt-4.1': { input: 2, cachedInput: 0.5, output: 8 },
  'gpt-4.1-mini': { input: 0.4, cachedInput: 0.1, output: 1.6 },
  'gpt-4o': { input: 2.5, cachedInput: 1.25, output: 10 },
  'gpt-4o-mini': { input: 0.15, cachedInput: 0.075, output: 0.6 },
  o3: { input: 2, cachedInput: 0.5, output: 8 },
  'text-embedding-3-small': { input: 0.02 },
  'text-embedding-3-large': { input: 0.13 },
  'gpt-image-2': IMAGE,
  'gpt-image-2.5-sunburst': IMAGE,
  'gpt-image-2.5-flare': IMAGE,
  'gpt-image-2.6-sunburst': IMAGE,
  'gpt-image-2.6-flare': IMAGE,
  'gpt-realtime-2': { ...REALTIME, output: 24 },
  'gpt-realtime-2.1': { ...REALTIME, output: 24 },
  'gpt-realtime': { ...REALTIME, output: 16 },
  'gpt-realtime-1.5': { ...REALTIME, output: 16 },
  'gpt-realtime-mini': REALTIME_MINI,
  'gpt-realtime-2.1-mini': REALTIME_MINI,
  'gpt-audio-1.5': { input: 2.5, output: 10, audioInput: 32, audioOutput: 64 },
  'gpt-4o-audio-preview': { input: 2.5, output: 10, audioInput: 40, audioOutput: 80 },
  'gpt-4o-transcribe': { input: 2.5, audioInput: 6, output: 10 },
  'gpt-4o-mini-transcribe': { input: 1.25, audioInput: 3, output: 5 },
  'gpt-4o-mini-tts': { input: 0.6, output: 12, audioOutput: 12 },
  'whisper-1': { minute: 0.006 },
  'gpt-transcribe': { minute: 0.0045 },
  'gpt-live-transcribe': { minute: 0.017 },
  'gpt-realtime-translate': { minute: 0.034 },
  'gpt-live-1': { minute: 0.05 },
  'gpt-live-1.1': { minute: 0.05 },
  'tts-1': { characters: 15 },
  'tts-1-hd': { characters: 30 },
  'omni-moderation-latest': { input: 0, output: 0, imageInput: 0 },
};

describe('the price book', () => {
  it.each(Object.entries(PUBLISHED))('has the published rates of %s in a row of that name', (model, usd) => {
    const row = data.models.find((candidate) => candidate.model === model);
    expect(row?.rates).toEqual(nano(usd));
  });

  it('prices hosted tools by the call', () => {
    expect(data.tools).toEqual({
      webSearchCall: 10_000_000,
      fileSearchCall: 2_500_000,
      containerSession: 30_000_000,
    });
  });

  it('prices pictures of dall-e by size and quality', () => {
    expect(rowOf('dall-e-3').rates.images).toMatchObject({
      '1024x1024/standard': 40_000_000,
      '1792x1024/hd': 120_000_000,
    });
    expect(rowOf('dall-e-2').rates.images?.['256x256/standard']).toBe(16_000_000);
  });

  it.each([
    'gpt-4-turbo',
    'gpt-3.5-turbo',
    'o1',
    'o3-mini',
    'o4-mini',
    'davinci-002',
    'text-embedding-ada-002',
    'chatgpt-4o-latest',
    'gpt-4o-2024-05-13',
    'gpt-5.4-mini-2026-03-17',
    'omni-moderation-2024-09-26',
    'text-moderation-stable',
    'gpt-5.6',
  ])('still knows %s', (model) => {
    expect(book.find(model)).not.toBeNull();
  });

  it.each(['gpt-oss-120b', 'gpt-4o:extended', 'ft:gpt-4o-mini:acme::1', 'gpt-7', 'sora-2'])(
    'has no price for %s',
    (model) => {
      expect(book.find(model)).toBeNull();
    },
  );

  it('has every name once, in the order of the models', () => {
    const names = data.models.flatMap(({ model, aliases }) => [model, ...(aliases ?? [])]);
    expect(names.filter((name, index) => names.indexOf(name) !== index)).toEqual([]);
    const models = data.models.map(({ model }) => model);
    expect(models).toEqual([...models].sort());
  });

  it('says for every row where it comes from, when, and how much it can take and give', () => {
    const incomplete = data.models.filter(
      (row) =>
        row.source === '' ||
        !/^\d{4}-\d{2}-\d{2}$/.test(row.asOf) ||
        Object.keys(row.rates).length === 0 ||
        row.contextTokens < 1 ||
        // A rate for output needs a limit of output, or no bound exists.
        ((row.rates.output ?? 0) > 0 && row.maxOutputTokens < 1),
    );
    expect(incomplete.map(({ model }) => model)).toEqual([]);
  });
});

describe('service tiers', () => {
  const plain = (permille: number) => [{ permille }];

  it.each([
    ['gpt-6-sol', { flex: plain(500), batch: plain(500), priority: plain(2000) }],
    ['gpt-5.4-nano', { flex: plain(500), batch: plain(500) }],
    ['gpt-5.5', { flex: plain(500), batch: plain(500), priority: plain(2500) }],
    ['gpt-5-mini', { flex: plain(500), batch: plain(500), priority: plain(1800) }],
    ['gpt-4.1-mini', { batch: plain(500), priority: plain(1750) }],
    ['text-embedding-3-small', { batch: plain(500) }],
  ])('of %s', (model, tiers) => {
    expect(rowOf(model).tiers).toEqual(tiers);
  });

  it('raise ultrafast of gpt-6.2-sol after February 2027 and lack flex', () => {
    expect(rowOf('gpt-6.2-sol').tiers).toEqual({
      batch: plain(500),
      priority: plain(2000),
      ultrafast: [{ permille: 3000 }, { from: '2027-03-01', permille: 6000 }],
    });
  });

  it.each(['gpt-realtime', 'gpt-image-2', 'whisper-1', 'gpt-5-chat-latest'])(
    'are not offered for %s',
    (model) => {
      expect(rowOf(model).tiers).toBeUndefined();
    },
  );
});

describe('long context', () => {
  const rule = { aboveInputTokens: 272_000, inputPermille: 2000, outputPermille: 1500 };

  it('costs twice the input and one and a half the output in every model with such a window', () => {
    const long = data.models.filter(({ longContext }) => longContext).map(({ model }) => model);
    expect(long).toEqual([
      'gpt-5.4',
      'gpt-5.4-pro',
      'gpt-5.5',
      'gpt-5.5-pro',
      'gpt-5.6-luna',
      'gpt-5.6-sol',
      'gpt-5.6-terra',
      'gpt-6-astra',
      'gpt-6-luna',
      'gpt-6-sol',
      'gpt-6.1-sol',
      'gpt-6.1-terra',
      'gpt-6.2-astra',
      'gpt-6.2-sol',
    ]);
    for (const model of long) expect(rowOf(model).longContext, model).toEqual(rule);
  });
});
