import { invalidRequest } from './openai-error.ts';

/*
 * Reads fields of a JSON body the way OpenAI does: null counts as absent, and every complaint names the
 * parameter with OpenAI's code. All functions throw OpenAiError (400).
 */
export type Json = Record<string, unknown>;

export function isObject(value: unknown): value is Json {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

export function parseJsonBody(body: Buffer): Json {
  let value: unknown;
  try {
    value = JSON.parse(body.toString('utf8'));
  } catch (cause) {
    if (!(cause instanceof SyntaxError)) throw cause;
    throw invalidRequest(
      "We could not parse the JSON body of your request. (HINT: This likely means you aren't using your HTTP library correctly. The OpenAI API expects a JSON payload, but what was sent was not valid JSON.)",
    );
  }
  if (!isObject(value)) {
    throw invalidRequest(
      `Invalid type for request body: expected an object, but got ${nameOf(value)} instead.`,
      null,
      'invalid_type',
    );
  }
  return value;
}

export function missing(param: string): never {
  throw invalidRequest(`Missing required parameter: '${param}'.`, param, 'missing_required_parameter');
}

export function wrongType(param: string, expected: string, value: unknown): never {
  throw invalidRequest(
    `Invalid type for '${param}': expected ${expected}, but got ${nameOf(value)} instead.`,
    param,
    'invalid_type',
  );
}

export function wrongValue(param: string, value: unknown, supported: readonly string[]): never {
  const list = supported.map((each) => `'${each}'`).join(', ');
  throw invalidRequest(
    `Invalid value: '${String(value)}'. Supported values are: ${list}.`,
    param,
    'invalid_value',
  );
}

export function optionalString(body: Json, param: string): string | null {
  const value = body[param] ?? null;
  if (value !== null && typeof value !== 'string') wrongType(param, 'a string', value);
  return value as string | null;
}

export function requiredString(body: Json, param: string): string {
  return optionalString(body, param) ?? missing(param);
}

export function optionalBoolean(body: Json, param: string): boolean {
  const value = body[param] ?? false;
  if (typeof value !== 'boolean') wrongType(param, 'a boolean', value);
  return value;
}

export function optionalObject(body: Json, param: string): Json | null {
  const value = body[param] ?? null;
  if (value === null) return null;
  if (!isObject(value)) wrongType(param, 'an object', value);
  return value;
}

export function optionalArray(body: Json, param: string): readonly unknown[] {
  const value = body[param] ?? [];
  if (!Array.isArray(value)) wrongType(param, 'an array', value);
  return value;
}

export function optionalNumber(body: Json, param: string, min: number, max: number): number | null {
  const value = body[param] ?? null;
  if (value === null) return null;
  if (typeof value !== 'number') wrongType(param, 'a decimal', value);
  return inRange(param, 'decimal', value, min, max);
}

export function optionalInteger(body: Json, param: string, min: number, max: number): number | null {
  const value = body[param] ?? null;
  if (value === null) return null;
  if (typeof value !== 'number' || !Number.isInteger(value)) wrongType(param, 'an integer', value);
  return inRange(param, 'integer', value, min, max);
}

/** One of `values`, or null where the field is absent. */
export function optionalChoice<T extends string>(body: Json, param: string, values: readonly T[]): T | null {
  const value = optionalString(body, param);
  if (value === null) return null;
  return values.find((each) => each === value) ?? wrongValue(param, value, values);
}

export function inRange(param: string, kind: string, value: number, min: number, max: number): number {
  if (value < min) {
    throw invalidRequest(
      `Invalid '${param}': ${kind} below minimum value. Expected a value >= ${min}, but got ${value} instead.`,
      param,
      `${kind}_below_min_value`,
    );
  }
  if (value > max) {
    throw invalidRequest(
      `Invalid '${param}': ${kind} above maximum value. Expected a value <= ${max}, but got ${value} instead.`,
      param,
      `${kind}_above_max_value`,
    );
  }
  return value;
}

function nameOf(value: unknown): string {
  if (value === null) return 'null';
  if (Array.isArray(value)) return 'an array';
  if (typeof value === 'object') return 'an object';
  if (typeof value === 'number') return Number.isInteger(value) ? 'an integer' : 'a decimal number';
  return `a ${typeof value}`;
}
