import { invalidRequest } from './openai-error.ts';
import { type Json, optionalObject, wrongType } from './request-fields.ts';

const MAX_PAIRS = 16;

/** The key-value pairs a client hangs on an object; none where the field is absent. Throws OpenAiError. */
export function readMetadata(body: Json): Json {
  const metadata = optionalObject(body, 'metadata') ?? {};
  const pairs = Object.entries(metadata);
  if (pairs.length > MAX_PAIRS) {
    throw invalidRequest(
      `Invalid 'metadata': too many properties. Expected an object with at most ${MAX_PAIRS} properties, but got an object with ${pairs.length} properties instead.`,
      'metadata',
      'object_above_max_properties',
    );
  }
  for (const [key, value] of pairs)
    if (typeof value !== 'string') wrongType(`metadata.${key}`, 'a string', value);
  return metadata;
}
