import { z } from 'zod';
import { keyStatusSchema } from './keys.ts';

/** Everything is refused, whichever app asks. */
export const pausedAllSchema = z.object({
  since: z.string(),
  /** When it ends by itself; null until somebody resumes. */
  until: z.string().nullable(),
});

export const engineStatusSchema = z.object({
  version: z.string(),
  pid: z.int(),
  /** Null when this home was opened for one command only. */
  baseUrl: z.string().nullable(),
  dashboardUrl: z.string().nullable(),
  upstream: z.string(),
  /** Whether OpenAI is simulated: nothing costs money. */
  simulated: z.boolean(),
  dataDir: z.string(),
  logPath: z.string().nullable(),
  startedAt: z.string(),
  /** The engine's clock, ISO 8601 with the offset of its time zone: the zone of days, weeks and months. */
  now: z.string(),
  /** IANA name of that zone. */
  zone: z.string(),
  /** Whether the ledger can be written; while it cannot, nothing is let through. */
  ledgerHealthy: z.boolean(),
  inFlight: z.int(),
  waiting: z.int(),
  key: keyStatusSchema,
  /** Null unless all apps are paused at once. */
  paused: pausedAllSchema.nullable(),
  /** Alerts that nobody has acknowledged. */
  openAlerts: z.int(),
});
export type EngineStatus = z.infer<typeof engineStatusSchema>;

export const doctorCheckSchema = z.object({
  /** Stable name, such as `keychain`, `port`, `upstream`. */
  id: z.string(),
  title: z.string(),
  state: z.enum(['ok', 'warning', 'failed', 'skipped']),
  /** What was found. */
  detail: z.string(),
  /** What to do; null when there is nothing to do. */
  hint: z.string().nullable(),
});
export type DoctorCheck = z.infer<typeof doctorCheckSchema>;
