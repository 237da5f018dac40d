import { describe, expect, it } from 'vitest';
import type { PriceRow } from '../../../proxy/contract/prices.ts';
import { callCostNanoUsd, NOTHING_USED, type Used } from '../../../proxy/demo/call-cost.ts';
import { PRICES } from './simulation-fixture.ts';

const rowOf = (model: string): PriceRow => {
  const row = PRICES.models.find((each) => each.model === model);
  if (!row) throw new Error(`no row for ${model}`);
  return row;
};
const cost = (model: string, used: Partial<Used>, tierPermille = 1000): number =>
  callCostNanoUsd([{ row: rowOf(model), tierPermille, used: { ...NOTHING_USED, ...used } }], PRICES.tools);

describe('the cost of a call', () => {
  it('is tokens times rates', () => {
    expect(cost('gpt-4o', { inputTokens: 8, outputTokens: 3 })).toBe(8 * 2500 + 3 * 10_000);
  });

  it('takes cached and written tokens out of the input', () => {
    const used = {
      inputTokens: 3000,
      cachedTokens: 1024,
      cacheWrite30mTokens: 128,
      cacheWrite12hTokens: 256,
      outputTokens: 10,
    };
    expect(cost('gpt-6.2-sol', used)).toBe(
      (3000 - 1024 - 128 - 256) * 2000 + 1024 * 100 + 128 * 2500 + 256 * 5000 + 10 * 10_000,
    );
  });

  it('takes audio out of input and output at its own price', () => {
    const used = { inputTokens: 100, audioInputTokens: 60, outputTokens: 50, audioOutputTokens: 40 };
    expect(cost('gpt-audio-1.5', used)).toBe(40 * 2500 + 60 * 32_000 + 10 * 10_000 + 40 * 64_000);
  });

  it('takes pictures out of input and output at their own price', () => {
    const used = { inputTokens: 1000, imageInputTokens: 990, outputTokens: 1056, imageOutputTokens: 1056 };
    expect(cost('gpt-image-2', used)).toBe(10 * 5000 + 990 * 8000 + 1056 * 30_000);
  });

  it('takes cached sound and cached pictures out of their kinds', () => {
    const used = {
      inputTokens: 100,
      cachedTokens: 10,
      audioInputTokens: 40,
      cachedAudioTokens: 30,
      imageInputTokens: 25,
      cachedImageTokens: 5,
    };
    expect(cost('gpt-realtime-2', used)).toBe(
      (35 - 10) * 4000 + 10 * 400 + 10 * 32_000 + 30 * 500 + 20 * 5000 + 5 * 600,
    );
    expect(() => cost('gpt-realtime-2', { ...used, cachedAudioTokens: 41 })).toThrow(RangeError);
  });

  it('prices the whole request higher only above the long-context line', () => {
    expect(cost('gpt-5.4', { inputTokens: 272_000, outputTokens: 2 })).toBe(272_000 * 2500 + 2 * 15_000);
    expect(cost('gpt-5.4', { inputTokens: 272_001, outputTokens: 2 })).toBe(272_001 * 5000 + 2 * 22_500);
  });

  it('multiplies by the tier', () => {
    expect(cost('gpt-5.4', { inputTokens: 3, outputTokens: 1 }, 500)).toBe((3 * 2500 + 15_000) / 2);
    expect(cost('gpt-5.4', { inputTokens: 3, outputTokens: 1 }, 2000)).toBe((3 * 2500 + 15_000) * 2);
  });

  it('charges minutes by the second, characters by the million and pictures by the piece', () => {
    expect(cost('whisper-1', { audioSeconds: 90 })).toBe(9_000_000);
    expect(cost('tts-1', { characters: 7 })).toBe(105_000);
    expect(cost('dall-e-3', { pictures: { key: '1024x1024/hd', count: 3 } })).toBe(240_000_000);
  });

  it('adds the fees of tools to the tokens', () => {
    const used = { inputTokens: 1, webSearchCalls: 3, fileSearchCalls: 1, containerSessions: 2 };
    expect(cost('gpt-4o', used)).toBe(2500 + 30_000_000 + 2_500_000 + 60_000_000);
  });

  it('rounds up once, after everything was summed', () => {
    const third = { ...rowOf('gpt-4o'), rates: { input: 333_333, output: 333_333 } };
    const part = (used: Partial<Used>) => ({
      row: third,
      tierPermille: 1000,
      used: { ...NOTHING_USED, ...used },
    });
    // 0.333333 nano-dollars for each token: two of them are below one, together with a third barely so.
    expect(callCostNanoUsd([part({ inputTokens: 1, outputTokens: 1 })], PRICES.tools)).toBe(1);
    expect(callCostNanoUsd([part({ inputTokens: 3, outputTokens: 1 })], PRICES.tools)).toBe(2);
    expect(callCostNanoUsd([part({ inputTokens: 1 }), part({ inputTokens: 2 })], PRICES.tools)).toBe(1);
  });

  it('refuses to guess a rate that the book does not name', () => {
    expect(() => cost('tts-1', { inputTokens: 1 })).toThrow(/no rate/);
  });
});
