/** Words about alerts, without schemas. */
export const ALERT_KINDS = [
  /** A limit's window has used a percentage of its amount. */
  'threshold',
  /** At this pace a limit is used up before its window ends. */
  'forecast',
  /** Spending is many times what it usually is. */
  'unusual-spend',
  /** Somebody has used a token that is unknown, expired or revoked. */
  'unknown-token',
  /** A real OpenAI key was sent to the local proxy. */
  'real-key',
  /** OpenAI rejects the key. */
  'key-rejected',
  /** The key store cannot be read. */
  'key-unavailable',
  /** A model without a price was asked for, or used. */
  'unpriced-model',
  /** Many requests were refused in a short time. */
  'refusals',
  /** OpenAI has reported more than was held: the one way past a cap. */
  'overage',
  /** An answer without a usage that can be believed was charged at its bound. */
  'usage-problem',
  /** Another user of this machine has tried to connect. */
  'peer-refused',
  /** The ledger was damaged, counted again, cannot be written, or has lost its newest part. */
  'ledger',
] as const;
export type AlertKind = (typeof ALERT_KINDS)[number];

export const ALERT_SEVERITIES = ['info', 'warning', 'critical'] as const;
export type AlertSeverity = (typeof ALERT_SEVERITIES)[number];

/** Percent of a limit at which an alert is raised, unless a limit has its own. */
export const DEFAULT_THRESHOLDS: readonly number[] = [50, 80, 100];
