import { z } from 'zod';

/** A link that opens the dashboard in a browser, once. */
export const linkSchema = z.object({
  /** The secret is in the fragment, which no server, log or referrer sees. */
  url: z.string(),
  expiresAt: z.string(),
});

/** A browser that has opened the dashboard. */
export const sessionViewSchema = z.object({
  id: z.string(),
  /** Whether it is the one that asks. */
  current: z.boolean(),
  createdAt: z.string(),
  lastSeenAt: z.string(),
  /** When it ends if nothing more is asked, and when it ends in any case. */
  idleEndsAt: z.string(),
  endsAt: z.string(),
  /** What the browser calls itself, cut short; empty when it says nothing. */
  browser: z.string(),
});
export type SessionView = z.infer<typeof sessionViewSchema>;
