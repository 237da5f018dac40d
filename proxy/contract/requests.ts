import { z } from 'zod';
import { priceRowSchema } from './prices.ts';
import { EXPORT_FORMATS, OUTCOMES } from './request-words.ts';

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

const outcome = z.enum(OUTCOMES);

/** Which requests; what is absent does not matter. */
export const requestFilterSchema = z.object({
  app: z.string().max(100).optional(),
  outcome: z.union([outcome, z.array(outcome).min(1).max(OUTCOMES.length)]).optional(),
  model: z.string().max(256).optional(),
  endpoint: z.string().max(200).optional(),
  user: z.string().max(256).optional(),
  /** HTTP status of the answer. */
  status: z.int().min(0).max(599).optional(),
  /** A code of the error table, or another reason. */
  reason: z.string().max(100).optional(),
  /** `2026-11-01`, an ISO instant, or a span back from now such as `24h`, `7d`. */
  since: z.string().max(40).optional(),
  until: z.string().max(40).optional(),
  minCostNanoUsd: z.int().min(0).optional(),
});
export type RequestFilter = z.infer<typeof requestFilterSchema>;

export const requestQuerySchema = requestFilterSchema.extend({
  limit: z.int().min(1).max(1_000).default(50),
  /** Rows before this request id: the `next` of the page before. */
  before: z.string().max(40).optional(),
});

export const requestPageSchema = z.object({
  /** The newest first. */
  requests: z.array(requestViewSchema),
  /**
   * What to ask `before` for more; null when there is no more. A page may be short or empty with more to
   * come: a rare request is looked for a part of the ledger at a time.
   */
  next: z.string().nullable(),
  /** Down to when this page has looked; null when that is the beginning. */
  searchedTo: z.string().nullable(),
});
export type RequestPage = z.infer<typeof requestPageSchema>;

/** One moment in the life of a request. */
export const requestStepSchema = z.object({
  at: z.string(),
  what: z.enum(['held', 'first-byte', 'settled', 'estimated', 'charged-at-bound', 'voided', 'refused']),
  /** Held or charged; null when the price is unknown, or where nothing was. */
  nanoUsd: z.int().nullable(),
});

export const requestDetailSchema = z.object({
  request: requestViewSchema,
  token: z.object({ id: z.int(), label: z.string().nullable() }).nullable(),
  address: z.string().nullable(),
  holdInputTokens: z.int(),
  holdOutputTokens: z.int(),
  /** In order; a request under way has no end yet. */
  life: z.array(requestStepSchema),
  /** What the reason means and what to do; null where there is nothing to say. */
  explanation: z.object({ message: z.string(), hint: z.string() }).nullable(),
  /** The limit or rule that refused it, in words; null when none did or none was kept. */
  rule: z.string().nullable(),
  /** The price of its model as it is now; a price set since then has not changed its cost. */
  price: priceRowSchema.nullable(),
});
export type RequestDetail = z.infer<typeof requestDetailSchema>;

/** What filters can be set to: what has occurred in the last 30 days, the most frequent first. */
export const requestFacetsSchema = z.object({
  models: z.array(z.string()),
  endpoints: z.array(z.string()),
  users: z.array(z.string()),
});

export const exportQuerySchema = requestFilterSchema.extend({ format: z.enum(EXPORT_FORMATS) });

/** A piece of the document; put together in order they are all of it. */
export const exportPieceSchema = z.object({
  text: z.string(),
  /** Rows so far. */
  rows: z.int(),
});
