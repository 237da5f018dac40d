import { type Answer, jsonAnswer } from './generation.ts';
import { invalidRequest } from './openai-error.ts';
import { inRange, type Json, wrongValue } from './request-fields.ts';
import type { Call } from './simulation.ts';

export interface ListRules {
  /** What the endpoint does without `order`. */
  readonly order: 'asc' | 'desc';
  /** Entries of a page without `limit`, 20 unless told. */
  readonly limit?: number;
  readonly mostLimit?: number;
}

/** One page of a list, from objects in order of their age: `order`, `limit`, `after` and `before`. */
export function listPage(call: Call, objects: readonly Json[], rules: ListRules): Json {
  const { query } = call;
  const order = query.get('order') ?? rules.order;
  if (order !== 'asc' && order !== 'desc') return wrongValue('order', order, ['asc', 'desc']);
  const ordered = order === 'asc' ? objects : objects.toReversed();
  const limit = readLimit(query.get('limit'), rules);
  // What names no entry, such as one that was deleted since, is ignored.
  const start = ordered.findIndex((each) => each['id'] === query.get('after')) + 1;
  const before = ordered.findIndex((each) => each['id'] === query.get('before'));
  const end = before < 0 ? ordered.length : before;
  const data = ordered.slice(start, Math.min(start + limit, end));
  return {
    object: 'list',
    data,
    first_id: data[0]?.['id'] ?? null,
    last_id: data.at(-1)?.['id'] ?? null,
    has_more: start + data.length < end,
  };
}

export function listAnswer(call: Call, objects: readonly Json[], rules: ListRules): Answer {
  return jsonAnswer(listPage(call, objects, rules));
}

function readLimit(given: string | null, { limit = 20, mostLimit = 100 }: ListRules): number {
  if (given === null) return limit;
  const value = Number(given);
  if (!Number.isInteger(value))
    throw invalidRequest(`Invalid type for 'limit': expected an integer.`, 'limit', 'invalid_type');
  return inRange('limit', 'integer', value, 1, mostLimit);
}
