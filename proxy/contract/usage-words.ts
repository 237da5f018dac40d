/** What a usage report can be grouped by, without schemas: help texts need the words and nothing else. */
export const USAGE_KEYS = ['app', 'model', 'day', 'user', 'endpoint'] as const;
export type UsageKey = (typeof USAGE_KEYS)[number];

/** How long one point of a series is. */
export const SERIES_STEPS = ['quarter', 'hour', 'day', 'week', 'month'] as const;
export type SeriesStep = (typeof SERIES_STEPS)[number];
