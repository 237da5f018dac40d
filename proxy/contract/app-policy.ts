import type { AppPolicy } from './apps.ts';

/** The words and defaults of an app's policy, without the schemas: the engine starts without zod. */

/** What an app may opt into beside the endpoints that every app has. */
export const OPT_INS = [
  'files',
  'vector-stores',
  'batches',
  'containers',
  'assistants',
  'foreign-ids',
  'unknown-routes',
] as const;
export type OptIn = (typeof OPT_INS)[number];

/** `observe` records and warns but refuses nothing; limits on the whole key still hold. */
export const APP_MODES = ['enforce', 'observe'] as const;
export type AppMode = (typeof APP_MODES)[number];

/** 1 to 64 characters that are safe in a shell, a file name and a notification. */
export const APP_NAME_PATTERN = /^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$/;

export const DEFAULT_POLICY: AppPolicy = {
  rpm: null,
  tpm: null,
  concurrency: null,
  models: [],
  maxOutputTokens: null,
  allow: [],
  unpriced: 'deny',
  origins: [],
  onAbort: 'cut',
  perUser: [],
  perIp: [],
};
