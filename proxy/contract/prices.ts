import { z } from 'zod';

/**
 * One row of the price book. Rates are integers in nano-dollars per million units (tokens, characters)
 * so that $2.50 per million tokens is 2,500,000,000; per-minute and per-call rates are nano-dollars.
 * A rate that OpenAI does not name is absent, never 0: 0 means free.
 */
const rate = z.int().min(0);

/** A factor on the standard rates in thousandths: 2000 is twice the price, 500 is half. */
const permille = z.int().min(1);

export const longContextSchema = z.object({
  /** The whole request costs more when it has more input tokens than this. */
  aboveInputTokens: z.int().min(1),
  inputPermille: permille,
  outputPermille: permille,
});

/** A tier's factor, or a list of factors by the UTC date (`YYYY-MM-DD`) from which each applies. */
export const tierSchema = z.array(z.object({ from: z.string().optional(), permille }));

export const priceRatesSchema = z.object({
  input: rate.optional(),
  cachedInput: rate.optional(),
  cacheWrite30m: rate.optional(),
  cacheWrite12h: rate.optional(),
  output: rate.optional(),
  audioInput: rate.optional(),
  cachedAudioInput: rate.optional(),
  audioOutput: rate.optional(),
  imageInput: rate.optional(),
  cachedImageInput: rate.optional(),
  imageOutput: rate.optional(),
  /** Nano-dollars per million characters (tts-1). */
  characters: rate.optional(),
  /** Nano-dollars per minute of audio (whisper-1). */
  minute: rate.optional(),
  /** Nano-dollars per image by `SIZE/QUALITY`, for models that report no usage (dall-e). */
  images: z.record(z.string(), rate).optional(),
});

export const priceRowSchema = z.object({
  /** Canonical model name; dated snapshots (`NAME-2026-08-01`) are priced by the same row. */
  model: z.string(),
  /** Other exact names of the same model. */
  aliases: z.array(z.string()).optional(),
  rates: priceRatesSchema,
  /** Context window in tokens: the most input one request can carry. */
  contextTokens: z.int().min(1),
  /** The most output tokens one choice can have. 0 where the model has no token output. */
  maxOutputTokens: z.int().min(0),
  longContext: longContextSchema.optional(),
  /** Service tiers that the model is offered in, besides the standard one. */
  tiers: z.partialRecord(z.enum(['flex', 'batch', 'priority', 'ultrafast']), tierSchema).optional(),
  /** Where the row comes from, and the day (UTC) it was read. */
  source: z.string(),
  asOf: z.string(),
  /** Anything a reader must know before relying on the row. */
  note: z.string().optional(),
});

/** Fees of hosted tools in nano-dollars per call or per container session. */
export const toolFeesSchema = z.object({
  webSearchCall: rate,
  fileSearchCall: rate,
  containerSession: rate,
});

export const priceBookSchema = z.object({
  /** The day (UTC) the book was built. */
  asOf: z.string(),
  models: z.array(priceRowSchema),
  tools: toolFeesSchema,
});

export type PriceRates = z.infer<typeof priceRatesSchema>;
export type PriceRow = z.infer<typeof priceRowSchema>;
export type PriceBookData = z.infer<typeof priceBookSchema>;
export type ToolFees = z.infer<typeof toolFeesSchema>;
