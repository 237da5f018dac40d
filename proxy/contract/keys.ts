import { z } from 'zod';

/** What may be told of the key: never a character of it. */
export const keyStatusSchema = z.object({
  store: z.string(),
  /** What people call the store: "Secret Service", "macOS Keychain". */
  backend: z.string(),
  /** Whether a key can be stored, replaced and removed from here. */
  canWrite: z.boolean(),
  state: z.enum(['ready', 'missing', 'unavailable', 'rejected']),
  /** Project, service account or legacy key. */
  kind: z.string().nullable(),
  /** Tells two keys apart and nothing else. */
  fingerprint: z.string().nullable(),
  /** When Tollgate has stored this key; null when it was stored by other means. */
  storedAt: z.string().nullable(),
  /** Keys that were replaced and that requests under way still use; revoke them when they are gone. */
  retiring: z.array(z.object({ fingerprint: z.string(), kind: z.string(), requests: z.int() })),
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

/** A key that was looked at and not stored. */
export const keyCheckSchema = z.object({
  kind: z.string(),
  fingerprint: z.string(),
  /** Whether it is the one in use. */
  isCurrent: z.boolean(),
  /** `refused` says no to the key, `unreachable` says nothing of it. */
  verdict: z.enum(['accepted', 'refused', 'unreachable']),
  models: z.int().nullable(),
  /** Null when it was accepted. */
  problem: z.string().nullable(),
});
export type KeyCheckResult = z.infer<typeof keyCheckSchema>;
