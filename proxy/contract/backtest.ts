import { z } from 'zod';
import { newLimitSchema } from './apps.ts';

/** What limits would have done to the calls of the last days. */
export const backtestQuerySchema = z.object({
  /** An app; null for limits on the whole key. */
  app: z.string().min(1).max(100).nullable(),
  limits: z.array(newLimitSchema).min(1).max(50),
  days: z.int().min(1).max(366).default(30),
});

export const backtestLimitSchema = newLimitSchema.extend({
  /** Calls that this limit alone would have refused; for a `warn` limit, those beyond it. */
  refused: z.int(),
  /** Windows in which it would have been reached, of those that had any calls. */
  windowsReached: z.int(),
  windows: z.int(),
  firstReachedAt: z.string().nullable(),
  /** The most that any window has used, in the metric's own unit. */
  most: z.int(),
});

export const backtestSchema = z.object({
  from: z.string(),
  to: z.string(),
  /** Calls that were let through in that time. */
  calls: z.int(),
  /** Calls that the hard limits together would have refused. */
  refused: z.int(),
  /**
   * Whether every call was looked at. Over many calls whole quarters of an hour are, and the number is
   * right to within those in which a limit was reached.
   */
  exact: z.boolean(),
  limits: z.array(backtestLimitSchema),
});
export type Backtest = z.infer<typeof backtestSchema>;
