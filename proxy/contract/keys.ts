import { z } from 'zod';

/** What may be told of the key: never a character of it. */
export const keyStatusSchema = z.object({
  store: z.string(),
  /** What people call the store: "Secret Service", "macOS Keychain". */
  backend: z.string(),
  state: z.enum(['ready', 'missing', 'unavailable', 'rejected']),
  /** Project, service account or legacy key. */
  kind: z.string().nullable(),
  /** Tells two keys apart and nothing else. */
  fingerprint: z.string().nullable(),
  /** Why it is unavailable: a code of the error table, its message and what to do. */
  problem: z.object({ code: z.string(), message: z.string(), hint: z.string() }).nullable(),
});
export type KeyStatus = z.infer<typeof keyStatusSchema>;

export const keyTestSchema = z.object({
  ok: z.boolean(),
  /** Models the key can see; null when the check failed. */
  models: z.int().nullable(),
  message: z.string(),
});
export type KeyTest = z.infer<typeof keyTestSchema>;
