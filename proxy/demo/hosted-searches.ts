import { type HostedCall, phasedCall } from './hosted-call.ts';
import { objectId } from './object-ids.ts';
import { phrase } from './prose.ts';
import { type Json, optionalChoice } from './request-fields.ts';
import type { SeededRandom } from './seeded-random.ts';

/** What one search puts before the model at medium context size. */
const FOUND_TOKENS = { min: 300, max: 900 };
const CONTEXT_PERMILLE = { low: 500, medium: 1000, high: 2000 };

export function webSearch(random: SeededRandom): HostedCall {
  const query = phrase(random);
  return phasedCall(
    {
      id: objectId('ws_'),
      type: 'web_search_call',
      status: 'completed',
      action: { type: 'search', query, queries: [query] },
    },
    'searching',
  );
}

export function fileSearch(random: SeededRandom): HostedCall {
  return phasedCall(
    {
      id: objectId('fs_'),
      type: 'file_search_call',
      status: 'completed',
      queries: [phrase(random)],
      results: null,
    },
    'searching',
  );
}

/** Tokens of what a search found; `search_context_size` halves or doubles them. */
export function foundTokens(tool: Json, random: SeededRandom): number {
  const size = optionalChoice(tool, 'search_context_size', ['low', 'medium', 'high']) ?? 'medium';
  return Math.ceil((random.between(FOUND_TOKENS.min, FOUND_TOKENS.max) * CONTEXT_PERMILLE[size]) / 1000);
}
