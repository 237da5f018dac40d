/** What a usage report can be grouped by, without schemas: help texts need the words and nothing else. */
export const USAGE_KEYS = ['app', 'model', 'day', 'user', 'endpoint'] as const;
export type UsageKey = (typeof USAGE_KEYS)[number];
