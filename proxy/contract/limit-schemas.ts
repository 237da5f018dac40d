import { z } from 'zod';
import { ENFORCE, METRICS, WINDOWS } from './limits.ts';
import { MAX_NANO_USD } from './money.ts';

export const metricSchema = z.enum(METRICS);
export const windowSchema = z.enum(WINDOWS);
export const enforceSchema = z.enum(ENFORCE);

export const limitSpecSchema = z.object({
  metric: metricSchema,
  amount: z.int().min(0).max(MAX_NANO_USD),
  window: windowSchema,
});
