/** What OpenAI keeps under an id for the whole project, and Tollgate for the app that has made it. */
export const OBJECT_KINDS = [
  'response',
  'item',
  'conversation',
  'completion',
  'file',
  'upload',
  'part',
  'batch',
  'vector-store',
  'container',
] as const;
export type ObjectKind = (typeof OBJECT_KINDS)[number];
