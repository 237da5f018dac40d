import { z } from 'zod';

export const OUTCOMES = ['settled', 'estimated', 'charged-at-bound', 'voided', 'refused', 'open'] as const;

/** One request as scripts read it. Null is "unknown" or "not yet", never zero. */
export const requestViewSchema = z.object({
  id: z.string(),
  /** ISO 8601 in UTC. */
  at: z.string(),
  appId: z.string(),
  app: z.string(),
  endpoint: z.string(),
  model: z.string(),
  status: z.int().nullable(),
  outcome: z.enum(OUTCOMES),
  inputTokens: z.int().nullable(),
  cachedInputTokens: z.int().nullable(),
  outputTokens: z.int().nullable(),
  reasoningTokens: z.int().nullable(),
  costNanoUsd: z.int().nullable(),
  holdNanoUsd: z.int().nullable(),
  /** Why it was refused, estimated or charged at its bound. */
  reason: z.string().nullable(),
  streamed: z.boolean(),
  user: z.string().nullable(),
  servedModel: z.string().nullable(),
  serviceTier: z.string().nullable(),
  durationMs: z.int().nullable(),
  firstByteMs: z.int().nullable(),
  upstreamId: z.string().nullable(),
  overageNanoUsd: z.int(),
  /** Refusals that this row stands for; 1 for anything else. */
  count: z.int(),
});
export type RequestView = z.infer<typeof requestViewSchema>;

export const requestQuerySchema = z.object({
  app: z.string().optional(),
  outcome: z.enum(OUTCOMES).optional(),
  model: z.string().optional(),
  limit: z.int().min(1).max(1_000).default(50),
  /** Rows before this request id: the next page. */
  before: z.string().optional(),
});
