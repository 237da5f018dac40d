import { wrongType, wrongValue } from './request-fields.ts';

const EFFORTS = ['none', 'minimal', 'low', 'medium', 'high', 'xhigh', 'max'];

/** The asked-for effort, or null where none is named; throws OpenAiError for an unknown one. */
export function readReasoningEffort(value: unknown, param: string): string | null {
  const effort = value ?? null;
  if (effort === null) return null;
  if (typeof effort !== 'string') wrongType(param, 'a string', effort);
  return EFFORTS.includes(effort) ? effort : wrongValue(param, effort, EFFORTS);
}
