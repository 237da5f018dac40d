import { z } from 'zod';

/** What a hold waits for. */
export const HOLD_STATES = [
  /** On its way: OpenAI has not begun to answer. */
  'sent',
  /** OpenAI answers. */
  'answering',
  /** Its client has left; the answer is read to its end because OpenAI works on all the same. */
  'client-gone',
  /** OpenAI works on in the background, and is asked how far it is. */
  'background',
  'batch',
  /** A response of a WebSocket. */
  'socket',
] as const;
export type HoldState = (typeof HOLD_STATES)[number];

/** Budget that is held at this moment, and why. */
export const openHoldSchema = z.object({
  /** Of its request. */
  id: z.string(),
  appId: z.string(),
  app: z.string(),
  endpoint: z.string(),
  model: z.string(),
  /** ISO 8601 in UTC. */
  since: z.string(),
  ageMs: z.int(),
  /** Null when the price is unknown. */
  holdNanoUsd: z.int().nullable(),
  holdInputTokens: z.int(),
  holdOutputTokens: z.int(),
  state: z.enum(HOLD_STATES),
  /** The response or batch at OpenAI that it waits for; null for a request under way. */
  objectId: z.string().nullable(),
});
export type OpenHoldView = z.infer<typeof openHoldSchema>;
