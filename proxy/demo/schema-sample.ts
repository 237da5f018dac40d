import { phrase, proseText } from './prose.ts';
import { isObject, type Json } from './request-fields.ts';
import type { SeededRandom } from './seeded-random.ts';

/** A value that fits a JSON schema, for tool arguments and structured output. Unknown types become text. */
export function schemaSample(schema: unknown, random: SeededRandom, depth = 0): unknown {
  if (!isObject(schema)) return phrase(random);
  if ('const' in schema) return schema['const'];
  if (Array.isArray(schema['enum']) && schema['enum'].length > 0) return random.pick(schema['enum']);
  const variants = schema['anyOf'] ?? schema['oneOf'];
  if (Array.isArray(variants) && variants.length > 0) return schemaSample(variants[0], random, depth + 1);
  const type = Array.isArray(schema['type']) ? schema['type'][0] : schema['type'];
  switch (type ?? ('properties' in schema ? 'object' : 'string')) {
    case 'object':
      return depth > 8 ? {} : objectSample(schema, random, depth);
    case 'array':
      return depth > 8 ? [] : [schemaSample(schema['items'], random, depth + 1)];
    case 'integer':
    case 'number':
      return random.between(numberOr(schema['minimum'], 1), numberOr(schema['maximum'], 100));
    case 'boolean':
      return random.next() < 0.5;
    case 'null':
      return null;
    default:
      return phrase(random);
  }
}

/** What `response_format: json_object` gets, which names no schema. */
export function freeFormSample(random: SeededRandom): Json {
  return {
    title: phrase(random),
    summary: proseText(random, random.between(10, 40)),
    items: [phrase(random), phrase(random)],
    count: random.between(1, 20),
  };
}

function objectSample(schema: Json, random: SeededRandom, depth: number): Json {
  const properties = isObject(schema['properties']) ? schema['properties'] : {};
  return Object.fromEntries(
    Object.entries(properties).map(([name, each]) => [name, schemaSample(each, random, depth + 1)]),
  );
}

function numberOr(value: unknown, fallback: number): number {
  return typeof value === 'number' && Number.isFinite(value) ? Math.round(value) : fallback;
}
