import type { AnsweredObjects } from './metered.ts';
import { isJsonObject } from './usage-shapes.ts';

/** What an answer, or the object in the last event of a stream, names; null when it names nothing. */
export function answeredBy(answer: Readonly<Record<string, unknown>>): AnsweredObjects | null {
  const id = textOf(answer['id']);
  if (id === null) return null;
  const output = Array.isArray(answer['output']) ? answer['output'] : [];
  const itemIds = output.flatMap((item: unknown) => (isJsonObject(item) ? (textOf(item['id']) ?? []) : []));
  return { id, itemIds };
}

const MAX_ID_LENGTH = 200;

function textOf(value: unknown): string | null {
  return typeof value === 'string' && value !== '' && value.length <= MAX_ID_LENGTH ? value : null;
}
