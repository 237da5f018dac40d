import { oc } from '@orpc/contract';
import { z } from 'zod';
import { controlErrors } from './control-errors.ts';
import { enforceSchema, metricSchema, windowSchema } from './limit-schemas.ts';
import { MAX_NANO_USD } from './money.ts';

const failing = oc.errors(controlErrors);

/** A call of the control plane: what it does in one line, and any error of the table. */
export const call = (summary: string) => failing.route({ summary });

/** An app by its name or id. */
export const appRef = z.object({ app: z.string().min(1).max(100) });

/** Which limit of an app or the key: there is at most one for each of these. */
export const limitKey = z.object({ metric: metricSchema, window: windowSchema, enforce: enforceSchema });

/** More of a limit for a while: its own unit, and until when. */
export const raise = z.object({
  limit: limitKey,
  /** Added to the limit's amount; null takes a raise back. */
  amount: z.int().min(1).max(MAX_NANO_USD).nullable(),
  /** `midnight`, a span such as `2h`, a local date (its end), or an ISO instant. */
  until: z.string().max(40).default('midnight'),
});
