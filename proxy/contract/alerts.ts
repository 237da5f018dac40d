import { z } from 'zod';
import { ALERT_KINDS, ALERT_SEVERITIES } from './alert-words.ts';
import { enforceSchema, limitSpecSchema } from './limit-schemas.ts';

export const alertViewSchema = z.object({
  id: z.int(),
  kind: z.enum(ALERT_KINDS),
  severity: z.enum(ALERT_SEVERITIES),
  /** ISO 8601 in UTC. */
  at: z.string(),
  appId: z.string().nullable(),
  /** Its name at that time; null when it is about no app in particular. */
  app: z.string().nullable(),
  /** One line. Plain text that may hold names that apps and clients chose. */
  title: z.string(),
  /** What to know and do. */
  detail: z.string(),
  /** The limit that it is about. */
  limit: limitSpecSchema.extend({ enforce: enforceSchema }).nullable(),
  /** Percent, of a `threshold`. */
  threshold: z.int().nullable(),
  /** When the limit's window ends: until then it is not told again. */
  windowEndsAt: z.string().nullable(),
  /** How often it has happened since `at`, this time included. */
  count: z.int(),
  lastAt: z.string(),
  acknowledgedAt: z.string().nullable(),
  /** Nothing of this kind, app and limit is delivered before. */
  snoozedUntil: z.string().nullable(),
  /** Whether it is to be shown and sent: not when it was muted or snoozed when it came. */
  delivered: z.boolean(),
});
export type AlertView = z.infer<typeof alertViewSchema>;

export const alertQuerySchema = z.object({
  /** `open` leaves out what was acknowledged. */
  state: z.enum(['open', 'all']).default('all'),
  kind: z.enum(ALERT_KINDS).optional(),
  app: z.string().max(100).optional(),
  limit: z.int().min(1).max(500).default(50),
  /** Alerts before this id: the `next` of the page before. */
  before: z.int().min(1).optional(),
});

export const alertPageSchema = z.object({
  /** The newest first. */
  alerts: z.array(alertViewSchema),
  next: z.int().nullable(),
  /** Alerts that nobody has acknowledged, on all pages. */
  open: z.int(),
});

const thresholds = z.array(z.int().min(1).max(1_000)).max(10);
export const thresholdsSchema = thresholds;

export const alertSettingsSchema = z.object({
  /** Percent of a limit, for limits without thresholds of their own. Empty for none. */
  thresholds,
  /** Kinds that are kept in the history and not delivered. */
  muted: z.array(z.enum(ALERT_KINDS)).max(ALERT_KINDS.length),
  /** An hour is unusual when it costs this many times the usual hour, and at least this much. */
  unusual: z.object({
    factor: z.number().min(1.5).max(1_000),
    minNanoUsd: z.int().min(0).max(1_000_000_000_000_000),
  }),
  /** Refusals of one app within these minutes that are worth an alert. */
  refusals: z.object({ count: z.int().min(1).max(1_000_000), minutes: z.int().min(1).max(1_440) }),
  /** Whether the desktop shows them. */
  desktop: z.boolean(),
});
export type AlertSettings = z.infer<typeof alertSettingsSchema>;

export const webhookViewSchema = z.object({
  /** The address without what makes it a secret: `https://hooks.slack.com/…`; null when none is set. */
  address: z.string().nullable(),
  /** The latest delivery, tries included; null when there was none. */
  last: z
    .object({
      at: z.string(),
      delivered: z.boolean(),
      /** HTTP status; null when there was no answer. */
      status: z.int().nullable(),
      problem: z.string().nullable(),
      tries: z.int(),
    })
    .nullable(),
  /** Alerts that wait to be sent, or to be tried again. */
  waiting: z.int(),
});
export type WebhookView = z.infer<typeof webhookViewSchema>;
