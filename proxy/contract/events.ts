import { z } from 'zod';
import { alertViewSchema } from './alerts.ts';
import { spentSchema } from './apps.ts';
import { engineStatusSchema } from './engine-status.ts';
import { CHANGES, EVENT_KINDS } from './event-words.ts';
import { requestViewSchema } from './requests.ts';
import { placedLimitSchema } from './usage.ts';

/** What happens in the engine, gathered: each kind comes a few times a second at most. */
export const controlEventSchema = z.discriminatedUnion('kind', [
  /** The state of the engine: first of all, and whenever it changes. */
  z.object({ kind: z.literal('engine'), status: engineStatusSchema }),
  /** Requests that began or ended since the event before, as they are now. */
  z.object({
    kind: z.literal('requests'),
    requests: z.array(requestViewSchema),
    /** Others that were left out of a burst; the list of requests has them. */
    skipped: z.int(),
  }),
  /** Where budgets stand: only the limits and apps that have changed. */
  z.object({
    kind: z.literal('spend'),
    at: z.string(),
    inFlight: z.int(),
    waiting: z.int(),
    heldNanoUsd: z.int(),
    total: spentSchema,
    limits: z.array(placedLimitSchema),
    apps: z.array(z.object({ id: z.string(), spent: spentSchema, lastSeenAt: z.string().nullable() })),
  }),
  /** One that is new, or that was acknowledged or snoozed. */
  z.object({ kind: z.literal('alert'), alert: alertViewSchema, isNew: z.boolean(), openAlerts: z.int() }),
  /** What was read before is no longer so: read it again. */
  z.object({ kind: z.literal('changed'), what: z.enum(CHANGES), appId: z.string().nullable() }),
  /**
   * What came after the last event id is no longer known (`gap`), or another engine runs since
   * (`restarted`): read everything again.
   */
  z.object({ kind: z.literal('resync'), why: z.enum(['gap', 'restarted']) }),
  /** Nothing, so that a connection that is gone is noticed. */
  z.object({ kind: z.literal('heartbeat'), at: z.string() }),
]);
export type ControlEvent = z.infer<typeof controlEventSchema>;

export const eventQuerySchema = z.object({
  /** Only these; `engine`, `resync` and `heartbeat` come in any case. */
  kinds: z.array(z.enum(EVENT_KINDS)).max(EVENT_KINDS.length).optional(),
});
