import { z } from 'zod';
import { OPT_INS } from './app-policy.ts';

/** What happens to one route of OpenAI's API, or to a whole family of them. */
export const coverageRowSchema = z.object({
  /** Null for a family, whatever the method. */
  method: z.enum(['GET', 'POST', 'DELETE', 'WS']).nullable(),
  /** With `/v1`; ids as `{id}`. A family covers everything at or below it. */
  path: z.string(),
  /**
   * `metered`: its cost is held before and booked after. `free`: it costs nothing. `unmetered`: it passes
   * where no USD limit applies, its cost unknown. `refused`: never forwarded.
   */
  how: z.enum(['metered', 'free', 'unmetered', 'refused']),
  /** What an app must be allowed, or null. */
  optIn: z.enum(OPT_INS).nullable(),
  /** How it is metered, or why it is refused; empty where there is nothing to say. */
  note: z.string(),
});
export type CoverageRow = z.infer<typeof coverageRowSchema>;
