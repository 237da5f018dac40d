import { z } from 'zod';

/** One point of the security checklist. */
export const findingSchema = z.object({
  /** What it is about, stable: `no-cap:app_…`, `key-age`. */
  id: z.string(),
  severity: z.enum(['high', 'medium', 'low']),
  /** `confirmed` is what the user says to have done where Tollgate cannot look. */
  state: z.enum(['ok', 'open', 'unknown', 'confirmed']),
  title: z.string(),
  detail: z.string(),
  appId: z.string().nullable(),
  /** What one click does; null where it takes more. */
  fix: z.object({ label: z.string(), kind: z.enum(['change', 'confirm', 'unconfirm']) }).nullable(),
  /** Where to do it instead. */
  link: z.object({ label: z.string(), url: z.string() }).nullable(),
});
export type Finding = z.infer<typeof findingSchema>;

/** A key that stands in a file where it does not belong. */
export const leakSchema = z.object({
  path: z.string(),
  line: z.int(),
  column: z.int(),
  /** What kind of secret it is, such as `OpenAI key`. */
  what: z.string(),
  /** Enough to find it and not enough to use it: `sk-proj-…` and its length. */
  masked: z.string(),
});
export type Leak = z.infer<typeof leakSchema>;

export const scanEventSchema = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('leak'), leak: leakSchema }),
  /** While it goes on, and once at its end. */
  z.object({
    kind: z.literal('progress'),
    files: z.int(),
    leaks: z.int(),
    /** Files that are too large, binary or not readable. */
    skipped: z.int(),
    done: z.boolean(),
  }),
]);
export type ScanEvent = z.infer<typeof scanEventSchema>;
