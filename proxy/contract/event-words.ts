/** Words about events, without schemas. */
export const EVENT_KINDS = [
  'engine',
  'requests',
  'spend',
  'alert',
  'changed',
  'resync',
  'heartbeat',
] as const;
export type EventKind = (typeof EVENT_KINDS)[number];

/** What a `changed` event can be about. */
export const CHANGES = [
  'apps',
  'limits',
  'tokens',
  'prices',
  'settings',
  'alert-settings',
  'sessions',
] as const;
export type Change = (typeof CHANGES)[number];
