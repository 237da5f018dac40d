import { z } from 'zod';

/** An app token as it may be shown: never the token, which is told once when it is made. */
export const tokenViewSchema = z.object({
  id: z.int(),
  /** What it is for, in the user's words; null when nobody has said. */
  label: z.string().nullable(),
  /** `run` tokens belong to one `tollgate run` and end with it. */
  kind: z.enum(['app', 'run']),
  createdAt: z.string(),
  /** When it stops working; null for never. */
  expiresAt: z.string().nullable(),
  /** Null when it has not been used. */
  lastUsedAt: z.string().nullable(),
});
export type TokenView = z.infer<typeof tokenViewSchema>;
