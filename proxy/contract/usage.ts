import { z } from 'zod';
import { limitViewSchema } from './apps.ts';
import { openHoldSchema } from './holds.ts';
import { USAGE_KEYS } from './usage-words.ts';

const amount = z.int();

/** Sums of requests that have ended. Costs of unpriced requests are not in them; those are counted. */
export const usageSumsSchema = z.object({
  requests: amount,
  refused: amount,
  inputTokens: amount,
  cachedInputTokens: amount,
  outputTokens: amount,
  costNanoUsd: amount,
  /** The same as `costNanoUsd`, in dollars; rounded as a JSON number is. */
  costUsd: z.number(),
  /** The part of the cost that is an estimate or a bound. */
  estimatedNanoUsd: amount,
  /** Held for requests under way. */
  heldNanoUsd: amount,
  unpricedRequests: amount,
});
export type UsageSums = z.infer<typeof usageSumsSchema>;

/** `key` is an app id, a model, a day (`YYYY-MM-DD`), a user or an endpoint; `name` is for people. */
export const usageRowSchema = usageSumsSchema.extend({ key: z.string(), name: z.string() });
export type UsageRow = z.infer<typeof usageRowSchema>;

export const usageReportSchema = z.object({
  /** ISO 8601; quarters of an hour are never cut, so both lie on one. */
  from: z.string(),
  to: z.string(),
  by: z.enum(USAGE_KEYS),
  rows: z.array(usageRowSchema),
  total: usageSumsSchema,
  /** Where the limits stand now: of the whole key, and of the app, or of all apps. */
  limits: z.array(limitViewSchema.extend({ app: z.string().nullable() })),
  /** What holds budget now, the oldest first. */
  holds: z.array(openHoldSchema),
});
export type UsageReport = z.infer<typeof usageReportSchema>;

export const usageQuerySchema = z.object({
  app: z.string().optional(),
  /** `2026-11-01`, an ISO instant, or a span back from now such as `24h`, `7d`. */
  since: z.string().optional(),
  by: z.enum(USAGE_KEYS).default('app'),
});
