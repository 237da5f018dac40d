import { eventIterator } from '@orpc/contract';
import { z } from 'zod';
import { thresholdsSchema } from './alerts.ts';
import { APP_MODES } from './app-policy.ts';
import { appPolicyPatchSchema, appViewSchema, limitViewSchema, newLimitSchema } from './apps.ts';
import { backtestQuerySchema, backtestSchema } from './backtest.ts';
import { appRef, call, limitKey, raise } from './call.ts';
import { limitSpecSchema } from './limit-schemas.ts';
import { tokenViewSchema } from './tokens.ts';

const withToken = z.object({
  app: appViewSchema,
  /** Shown this once; only its hash is stored. */
  token: z.string(),
});

export const appCalls = {
  list: call('All apps, where their limits stand and what they have spent').output(
    z.object({ apps: z.array(appViewSchema) }),
  ),
  get: call('One app').input(appRef).output(appViewSchema),
  create: call('Create an app, with a token unless it is for `tollgate run` only')
    .input(
      z.object({
        name: z.string(),
        mode: z.enum(APP_MODES).default('enforce'),
        policy: appPolicyPatchSchema.default({}),
        limits: z.array(newLimitSchema).max(50).default([]),
        withToken: z.boolean().default(true),
      }),
    )
    .output(z.object({ app: appViewSchema, token: z.string().nullable() })),
  change: call('Change the name, mode, policy or limits of an app; what is absent stays')
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
  raise: call('Raise a limit of an app for a while').input(appRef.extend(raise.shape)).output(appViewSchema),
  pause: call('Refuse the requests of an app and cut its streams').input(appRef).output(appViewSchema),
  resume: call('Let a paused app send again').input(appRef).output(appViewSchema),
  rotate: call('Make a new token, and end the old ones now or after a while')
    .input(appRef.extend({ oldTokensEnd: z.enum(['now', '1h', '24h', '7d']).default('now') }))
    .output(withToken),
  remove: call('Remove an app; what it has spent stays on record')
    .input(appRef)
    .output(z.object({ id: z.string(), name: z.string() })),
};

export const tokenCalls = {
  list: call('The tokens of an app that work, those of runs too')
    .input(appRef)
    .output(z.object({ tokens: z.array(tokenViewSchema) })),
  issue: call('One more token for an app')
    .input(
      appRef.extend({
        /** What it is for, in the user's words. */
        label: z.string().trim().min(1).max(60).nullable().default(null),
        /** A span such as `30d`, a local date (its end), or an ISO instant; null for never. */
        expires: z.string().max(40).nullable().default(null),
      }),
    )
    .output(withToken.extend({ id: z.int() })),
  revoke: call('End one token and cut its streams')
    .input(appRef.extend({ id: z.int() }))
    .output(z.object({ tokens: z.array(tokenViewSchema) })),
};

const keyLimits = z.object({ limits: z.array(limitViewSchema) });

export const limitCalls = {
  list: call('Limits on everything that uses the key').output(keyLimits),
  set: call('Set some of them')
    .input(z.object({ limits: z.array(newLimitSchema).min(1).max(50) }))
    .output(keyLimits),
  remove: call('Remove one of them').input(limitKey).output(keyLimits),
  raise: call('Raise one of them for a while').input(raise).output(keyLimits),
  setThresholds: call('Set at how many percent of a limit an alert is raised')
    .input(
      z.object({
        /** An app; null for a limit of the whole key. */
        app: z.string().min(1).max(100).nullable(),
        limit: limitKey,
        /** Null goes back to those of the alert settings; empty raises none. */
        percents: thresholdsSchema.nullable(),
      }),
    )
    .output(keyLimits),
  backtest: call('What limits would have refused in the last days')
    .input(backtestQuerySchema)
    .output(backtestSchema),
};

export const runCalls = {
  /**
   * The token lives as long as this stream is read: the first event carries it, and it is revoked when the
   * reader goes away.
   */
  start: call('A token for one run')
    .input(z.object({ app: z.string(), limits: z.array(limitSpecSchema).max(20) }))
    .output(eventIterator(z.object({ token: z.string(), baseUrl: z.string(), appId: z.string() }))),
};
