import { eventIterator, oc } from '@orpc/contract';
import { z } from 'zod';
import { APP_MODES } from './app-policy.ts';
import { appPolicyPatchSchema, appViewSchema, limitViewSchema, newLimitSchema } from './apps.ts';
import { coverageRowSchema } from './coverage.ts';
import { openHoldSchema } from './holds.ts';
import { keyStatusSchema, keyTestSchema } from './keys.ts';
import { enforceSchema, limitSpecSchema, metricSchema, windowSchema } from './limit-schemas.ts';
import { MAX_NANO_USD } from './money.ts';
import { priceRatesSchema, priceRowSchema } from './prices.ts';
import { requestQuerySchema, requestViewSchema } from './requests.ts';
import { usageQuerySchema, usageReportSchema } from './usage.ts';

const appRef = z.object({ app: z.string().min(1).max(100) });
const limitKey = z.object({ metric: metricSchema, window: windowSchema, enforce: enforceSchema });
const withToken = z.object({
  app: appViewSchema,
  /** Shown this once; only its hash is stored. */
  token: z.string(),
});

/** More of a limit for a while: its own unit, and until when. */
const raise = z.object({
  limit: limitKey,
  /** Added to the limit's amount; null takes a raise back. */
  amount: z.int().min(1).max(MAX_NANO_USD).nullable(),
  /** `midnight`, a span such as `2h`, a local date (its end), or an ISO instant. */
  until: z.string().max(40).default('midnight'),
});

export const engineStatusSchema = z.object({
  version: z.string(),
  pid: z.int(),
  /** Null when this home was opened for one command only. */
  baseUrl: z.string().nullable(),
  dashboardUrl: z.string().nullable(),
  upstream: z.string(),
  dataDir: z.string(),
  logPath: z.string().nullable(),
  startedAt: z.string(),
  /** Whether the ledger can be written; while it cannot, nothing is let through. */
  ledgerHealthy: z.boolean(),
  inFlight: z.int(),
  waiting: z.int(),
  key: keyStatusSchema,
});
export type EngineStatus = z.infer<typeof engineStatusSchema>;

/**
 * Everything a door of the control plane offers: the control socket for the command line and the desktop,
 * HTTP for the dashboard. Failures are codes of the error table.
 */
export const controlContract = oc.router({
  engine: {
    status: oc.output(engineStatusSchema),
    /** What happens to each route of OpenAI's API. */
    coverage: oc.output(z.object({ routes: z.array(coverageRowSchema) })),
    /** Everything that holds budget at this moment, the oldest first. */
    holds: oc.output(z.object({ holds: z.array(openHoldSchema) })),
  },
  keys: {
    status: oc.output(keyStatusSchema),
    /** Checks the key with OpenAI, then stores it; also the way to rotate one. */
    set: oc.input(z.object({ key: z.string().max(2_000), verify: z.boolean() })).output(keyStatusSchema),
    test: oc.output(keyTestSchema),
    remove: oc.output(z.object({ removed: z.boolean() })),
  },
  apps: {
    list: oc.output(z.object({ apps: z.array(appViewSchema) })),
    get: oc.input(appRef).output(appViewSchema),
    create: oc
      .input(
        z.object({
          name: z.string(),
          mode: z.enum(APP_MODES).default('enforce'),
          policy: appPolicyPatchSchema.default({}),
          limits: z.array(newLimitSchema).max(50).default([]),
          /** An app that is used by `tollgate run` only needs no token of its own. */
          withToken: z.boolean().default(true),
        }),
      )
      .output(z.object({ app: appViewSchema, token: z.string().nullable() })),
    change: oc
      .input(
        appRef.extend({
          name: z.string().optional(),
          mode: z.enum(APP_MODES).optional(),
          policy: appPolicyPatchSchema.optional(),
          setLimits: z.array(newLimitSchema).max(50).optional(),
          removeLimits: z.array(limitKey).max(50).optional(),
        }),
      )
      .output(appViewSchema),
    /** Raises a limit of an app for a while. */
    raise: oc.input(appRef.extend(raise.shape)).output(appViewSchema),
    pause: oc.input(appRef).output(appViewSchema),
    resume: oc.input(appRef).output(appViewSchema),
    /** Revokes all app tokens and makes a new one. */
    rotate: oc.input(appRef).output(withToken),
    remove: oc.input(appRef).output(z.object({ id: z.string(), name: z.string() })),
  },
  limits: {
    /** Limits on everything that uses the key. */
    list: oc.output(z.object({ limits: z.array(limitViewSchema) })),
    set: oc
      .input(z.object({ limits: z.array(newLimitSchema).min(1).max(50) }))
      .output(z.object({ limits: z.array(limitViewSchema) })),
    remove: oc.input(limitKey).output(z.object({ limits: z.array(limitViewSchema) })),
    raise: oc.input(raise).output(z.object({ limits: z.array(limitViewSchema) })),
  },
  runs: {
    /**
     * A token for one run. It lives as long as this stream is read: the first event carries it, and it is
     * revoked when the reader goes away.
     */
    start: oc
      .input(z.object({ app: z.string(), limits: z.array(limitSpecSchema).max(20) }))
      .output(eventIterator(z.object({ token: z.string(), baseUrl: z.string(), appId: z.string() }))),
  },
  usage: {
    report: oc.input(usageQuerySchema).output(usageReportSchema),
  },
  requests: {
    /** Newest first. */
    list: oc.input(requestQuerySchema).output(z.object({ requests: z.array(requestViewSchema) })),
    /** Every request as it begins and as it ends. */
    follow: oc.input(z.object({ app: z.string().optional() })).output(eventIterator(requestViewSchema)),
  },
  prices: {
    list: oc
      .input(z.object({ model: z.string().optional() }))
      .output(z.object({ asOf: z.string(), prices: z.array(priceRowSchema) })),
    set: oc
      .input(
        z.object({
          model: z.string().min(1).max(256),
          rates: priceRatesSchema,
          contextTokens: z.int().min(1).optional(),
          maxOutputTokens: z.int().min(0).optional(),
        }),
      )
      .output(priceRowSchema),
    unset: oc.input(z.object({ model: z.string() })).output(z.object({ model: z.string() })),
  },
});

export type ControlContract = typeof controlContract;
