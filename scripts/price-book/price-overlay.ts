import { z } from 'zod';
import type { PriceRates } from '../../proxy/contract/prices.ts';

/*
 * The shape of proxy/pricing/price-overlay.json: what people write by hand and the builder merges over the
 * rates of genai-prices. Every amount is US dollars as a decimal text, so that no number of a price passes
 * through binary fractions.
 */

const day = z.string().regex(/^\d{4}-\d{2}-\d{2}$/);
const decimal = z.string().regex(/^\d+(\.\d+)?$/);
const tierName = z.enum(['flex', 'batch', 'priority', 'ultrafast']);

/** Times the standard price: one factor, or one from each UTC day on. */
const factor = z.union([decimal, z.array(z.strictObject({ from: day.optional(), factor: decimal })).min(1)]);
const tierSet = z.partialRecord(tierName, factor);

/** The same kinds of rate as in the book. */
const usdRates = z.strictObject({
  input: decimal.optional(),
  cachedInput: decimal.optional(),
  cacheWrite30m: decimal.optional(),
  cacheWrite12h: decimal.optional(),
  output: decimal.optional(),
  audioInput: decimal.optional(),
  cachedAudioInput: decimal.optional(),
  audioOutput: decimal.optional(),
  imageInput: decimal.optional(),
  cachedImageInput: decimal.optional(),
  imageOutput: decimal.optional(),
  characters: decimal.optional(),
  minute: decimal.optional(),
  images: z.record(z.string(), decimal).optional(),
} satisfies Record<keyof PriceRates, z.ZodType>);

const overlayRow = z.strictObject({
  model: z.string().min(1),
  /** The entry of genai-prices whose rates the row takes; without it the entry of the same id, if any. */
  seed: z.string().optional(),
  aliases: z.array(z.string().min(1)).optional(),
  /** Per million tokens or characters, per minute, per picture. */
  usd: usdRates.optional(),
  /** Without it, the window that genai-prices names. */
  contextTokens: z.int().min(1).optional(),
  maxOutputTokens: z.int().min(0),
  /** For rows that genai-prices lacks; the others have it from there. */
  longContext: z.literal(true).optional(),
  /** The name of a tier set, or one of its own. */
  tiers: z.union([z.string(), tierSet]).optional(),
  /** Names in `sources` of where `usd` comes from. */
  sources: z.array(z.string()).min(1).optional(),
  asOf: day.optional(),
  note: z.string().min(1).optional(),
});

export const priceOverlaySchema = z.strictObject({
  asOf: day,
  seed: z.strictObject({ package: z.string(), version: z.string(), asOf: day }),
  sources: z.record(z.string(), z.string()),
  limitsSource: z.string(),
  tools: z.strictObject({ webSearchCall: decimal, fileSearchCall: decimal, containerSession: decimal }),
  longContext: z.strictObject({
    aboveInputTokens: z.int().min(1),
    input: decimal,
    output: decimal,
    thresholdNote: z.string(),
  }),
  tierSets: z.record(z.string(), tierSet),
  drop: z.array(z.strictObject({ seed: z.string(), why: z.string().min(1) })),
  rows: z.array(overlayRow),
});

export type PriceOverlay = z.infer<typeof priceOverlaySchema>;
export type OverlayRow = z.infer<typeof overlayRow>;
export type TierSet = z.infer<typeof tierSet>;
