import { z } from 'zod';
import { APP_MODES, OPT_INS } from './app-policy.ts';
import { enforceSchema, limitSpecSchema, metricSchema, windowSchema } from './limit-schemas.ts';

const count = z.int().min(1).max(1_000_000_000);

/** Everything about an app that is not a limit, a token or its name. */
export const appPolicySchema = z.object({
  /** Requests per minute. */
  rpm: count.nullable(),
  /** Model tokens per minute. */
  tpm: count.nullable(),
  /** Requests in flight at once. */
  concurrency: count.max(10_000).nullable(),
  /** Globs of model names; empty allows every model. */
  models: z.array(z.string().min(1).max(200)).max(100),
  /** The most output tokens a request may ask for. */
  maxOutputTokens: count.nullable(),
  allow: z.array(z.enum(OPT_INS)),
  /** What happens to a model without a price under a USD limit. */
  unpriced: z.enum(['deny', 'dearest']),
  /** Exact web origins that may call with this app's token. */
  origins: z.array(z.string().max(200)).max(50),
  /** Whether an abandoned stream is cut at once or read to its end. */
  onAbort: z.enum(['cut', 'drain']),
  /** Limits for each end user inside the app, and for each client address. */
  perUser: z.array(limitSpecSchema).max(20),
  perIp: z.array(limitSpecSchema).max(20),
});
export type AppPolicy = z.infer<typeof appPolicySchema>;

/** A part of a policy: what is absent stays as it is. */
export const appPolicyPatchSchema = appPolicySchema.partial();
export type AppPolicyPatch = z.infer<typeof appPolicyPatchSchema>;

/** A limit and where it stands, in the metric's own unit (nano-dollars for `usd`). */
export const limitViewSchema = z.object({
  id: z.int(),
  metric: metricSchema,
  amount: z.int(),
  window: windowSchema,
  /** `key`, `app` or `run`. */
  scope: z.string(),
  enforce: enforceSchema,
  settled: z.int(),
  held: z.int(),
  free: z.int(),
  /** ISO 8601 with the user's offset; null for `total`. */
  resetsAt: z.string().nullable(),
  /** What `free` counts on top of `amount` for a while; null when nothing does. */
  raise: z.object({ amount: z.int(), until: z.string() }).nullable(),
  /** Percent of the amount at which an alert is raised, rising. */
  thresholds: z.array(z.int()),
  /** Whether the thresholds are this limit's own, and not those of the alert settings. */
  hasOwnThresholds: z.boolean(),
});
export type LimitView = z.infer<typeof limitViewSchema>;

/** What an app, or the whole key, has settled in the current day and month of the user's zone. */
export const spentSchema = z.object({
  todayNanoUsd: z.int(),
  monthNanoUsd: z.int(),
  requestsToday: z.int(),
  requestsMonth: z.int(),
});
export type Spent = z.infer<typeof spentSchema>;

export const appViewSchema = z.object({
  id: z.string(),
  name: z.string(),
  mode: z.enum([...APP_MODES, 'paused']),
  /** What it goes back to when it is resumed. */
  modeWhenResumed: z.enum(APP_MODES),
  createdAt: z.string(),
  pausedAt: z.string().nullable(),
  /** Its latest request, refused ones too; null when there was none. */
  lastSeenAt: z.string().nullable(),
  spent: spentSchema,
  policy: appPolicySchema,
  limits: z.array(limitViewSchema),
  /** App tokens that are valid now; tokens of runs are not counted. */
  tokens: z.int(),
});
export type AppView = z.infer<typeof appViewSchema>;

export const newLimitSchema = limitSpecSchema.extend({ enforce: enforceSchema });
export type NewLimit = z.infer<typeof newLimitSchema>;
