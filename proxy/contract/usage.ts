import { z } from 'zod';
import { limitViewSchema } from './apps.ts';
import { openHoldSchema } from './holds.ts';
import { SERIES_STEPS, USAGE_KEYS } from './usage-words.ts';

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

/** A limit, and the app it belongs to: null for the whole key. */
export const placedLimitSchema = limitViewSchema.extend({
  app: z.string().nullable(),
  appId: z.string().nullable(),
});
export type PlacedLimit = z.infer<typeof placedLimitSchema>;

export const usageReportSchema = z.object({
  /** ISO 8601; quarters of an hour are never cut, so both lie on one. */
  from: z.string(),
  to: z.string(),
  by: z.enum(USAGE_KEYS),
  rows: z.array(usageRowSchema),
  total: usageSumsSchema,
  /** Where the limits stand now: of the whole key, and of the app, or of all apps. */
  limits: z.array(placedLimitSchema),
  /** What holds budget now, the oldest first. */
  holds: z.array(openHoldSchema),
});
export type UsageReport = z.infer<typeof usageReportSchema>;

/** `2026-11-01`, an ISO instant, or a span back from now such as `24h`, `7d`. */
const instant = z.string().max(40);

const usageRange = z.object({
  app: z.string().max(100).optional(),
  /** The current month unless set. */
  since: instant.optional(),
  /** Now unless set; a local date means its end. */
  until: instant.optional(),
});

export const usageQuerySchema = usageRange.extend({ by: z.enum(USAGE_KEYS).default('app') });

export const seriesQuerySchema = usageRange.extend({
  model: z.string().max(256).optional(),
  /** Length of one point. Hours and longer follow the calendar of the user's zone. */
  step: z.enum(SERIES_STEPS).default('day'),
  /** One series for each of these; without it one for everything. */
  by: z.enum(['app', 'model', 'endpoint']).optional(),
  /** The dearest this many get a series, and the rest one together. */
  top: z.int().min(1).max(20).default(5),
});

export const seriesSchema = z.object({
  /** `key` is null for everything together, or for the rest. */
  key: z.string().nullable(),
  name: z.string(),
  /** One number for each point of time. */
  costNanoUsd: z.array(amount),
  requests: z.array(amount),
  refused: z.array(amount),
  inputTokens: z.array(amount),
  cachedInputTokens: z.array(amount),
  outputTokens: z.array(amount),
});
export type Series = z.infer<typeof seriesSchema>;

export const usageSeriesSchema = z.object({
  from: z.string(),
  to: z.string(),
  step: z.enum(SERIES_STEPS),
  /** Starts of the points, ISO 8601 with the zone's offset; points without a request are there too. */
  at: z.array(z.string()),
  series: z.array(seriesSchema),
});
export type UsageSeries = z.infer<typeof usageSeriesSchema>;

/** Where the spending of a limit's window is going. */
export const forecastSchema = z.object({
  limit: placedLimitSchema,
  /** `too-little` when there is not enough to go by, `over` when the amount is used up. */
  state: z.enum(['too-little', 'within', 'reaches', 'over']),
  /** What the window will have used at its end, in the metric's own unit; null when nobody can say. */
  atReset: z.object({ low: amount, likely: amount, high: amount }).nullable(),
  /** When the amount is used up at this pace; null unless that is before the reset. */
  reachesAt: z.string().nullable(),
  /** Use in an hour at this pace, in the metric's own unit. */
  perHour: amount.nullable(),
});
export type Forecast = z.infer<typeof forecastSchema>;

/** Everything that the first screen shows. */
export const overviewSchema = z.object({
  at: z.string(),
  today: usageSumsSchema,
  yesterday: usageSumsSchema,
  month: usageSumsSchema,
  /** Over the last hour. */
  burnNanoUsdPerHour: amount,
  heldNanoUsd: amount,
  forecasts: z.array(forecastSchema),
  /** Of this month, the dearest first; at most ten. */
  topApps: z.array(usageRowSchema),
  topModels: z.array(usageRowSchema),
  openAlerts: z.int(),
});
export type Overview = z.infer<typeof overviewSchema>;
