/** Words about requests, without schemas: help texts need the words and nothing else. */
export const OUTCOMES = ['settled', 'estimated', 'charged-at-bound', 'voided', 'refused', 'open'] as const;
export type RequestOutcome = (typeof OUTCOMES)[number];

export const EXPORT_FORMATS = ['csv', 'json', 'ndjson'] as const;
export type ExportFormat = (typeof EXPORT_FORMATS)[number];
