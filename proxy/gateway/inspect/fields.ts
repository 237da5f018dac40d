import { type Refusal, refuse } from '../refusal.ts';
import { JsonArray, JsonObject, type JsonValue, LongText } from '../strict-json.ts';

/** Thrown while reading a body's fields and turned into a refusal by {@link inspecting}. */
class FieldProblem extends Error {
  readonly refusal: Refusal;
  constructor(refusal: Refusal) {
    super(refusal.code);
    this.refusal = refusal;
  }
}

/** Runs a reader of fields; a field that cannot be read becomes a 400 that names it. */
export function inspecting<Result>(read: () => Result): Result | Refusal {
  try {
    return read();
  } catch (error) {
    if (error instanceof FieldProblem) return error.refusal;
    throw error;
  }
}

export function failField(field: string, problem: string): never {
  throw new FieldProblem(refuse('invalid_body', { field, problem }, { param: field }));
}

export function isGiven(object: JsonObject, key: string): boolean {
  return given(object, key) !== undefined;
}

/** A member that is absent or null counts as not given, as OpenAI reads it. */
function given(object: JsonObject, key: string): JsonValue | undefined {
  const value = object.get(key);
  return value === null ? undefined : value;
}

export function optionalText(object: JsonObject, key: string, maxLength = 4096): string | null {
  const value = given(object, key);
  if (value === undefined) return null;
  if (typeof value !== 'string') return failField(key, 'it must be a text');
  if (value.length > maxLength) return failField(key, `it is longer than ${maxLength} characters`);
  return value;
}

/** Anything OpenAI may call one; a key in its place must not end up in the ledger. */
const MODEL_PATTERN = /^(?!sk-)[\x21-\x7e]{1,256}$/;

export function requiredModel(object: JsonObject): string {
  const model = optionalText(object, 'model', 256);
  if (model === null || model === '') return failField('model', 'it is missing');
  return modelName(model);
}

export function modelName(text: string): string {
  return MODEL_PATTERN.test(text) ? text : failField('model', 'it is not a model name');
}

export function flag(object: JsonObject, key: string): boolean {
  const value = given(object, key);
  if (value === undefined) return false;
  if (typeof value !== 'boolean') return failField(key, 'it must be true or false');
  return value;
}

/** A whole number of at least `min`, or null when not given. */
export function optionalCount(object: JsonObject, key: string, min = 1, max = Number.MAX_SAFE_INTEGER) {
  const value = given(object, key);
  if (value === undefined) return null;
  if (typeof value !== 'number' || !Number.isInteger(value))
    return failField(key, 'it must be a whole number');
  if (value < min || value > max) return failField(key, `it must be between ${min} and ${max}`);
  return value;
}

export function optionalObject(object: JsonObject, key: string): JsonObject | null {
  const value = given(object, key);
  if (value === undefined) return null;
  return value instanceof JsonObject ? value : failField(key, 'it must be an object');
}

export function optionalArray(object: JsonObject, key: string): readonly JsonValue[] {
  const value = given(object, key);
  if (value === undefined) return [];
  return value instanceof JsonArray ? value.items : failField(key, 'it must be an array');
}

export function isText(value: JsonValue | undefined): value is string | LongText {
  return typeof value === 'string' || value instanceof LongText;
}

/** UTF-8 bytes of a text as it stands in the body, at most. */
export function textBytes(value: string | LongText): number {
  return typeof value === 'string' ? Buffer.byteLength(value) : value.bytes;
}

/** The end user inside the app: OpenAI's newer field first. */
export function endUser(object: JsonObject): string | null {
  return optionalText(object, 'safety_identifier', 512) ?? optionalText(object, 'user', 512);
}
