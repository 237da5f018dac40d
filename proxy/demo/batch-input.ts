import type { BatchError } from './batch-store.ts';
import { isObject, type Json } from './request-fields.ts';

export interface BatchLine {
  readonly customId: string;
  readonly body: Json;
}

const MAX_LINES = 50_000;
const MAX_ERRORS = 100;

/** Reads an input file. With one error, nothing of it runs. */
export function readBatchInput(
  file: Buffer,
  endpoint: string,
): { lines: readonly BatchLine[]; errors: readonly BatchError[] } {
  const lines: BatchLine[] = [];
  const errors: BatchError[] = [];
  const seen = new Set<string>();
  for (const [index, text] of file.toString('utf8').split('\n').entries()) {
    if (text.trim() === '') continue;
    const read = readLine(text, index + 1, endpoint, seen);
    if ('customId' in read) {
      lines.push(read);
      seen.add(read.customId);
    } else if (errors.length < MAX_ERRORS) errors.push(read);
  }
  if (lines.length === 0 && errors.length === 0)
    errors.push(wrong('empty_file', 'The input file is empty.', null, null));
  if (lines.length > MAX_LINES)
    errors.push(wrong('too_many_tasks', `The batch has more than ${MAX_LINES} requests.`, null, null));
  return { lines, errors };
}

function readLine(
  text: string,
  line: number,
  endpoint: string,
  seen: ReadonlySet<string>,
): BatchLine | BatchError {
  const request = parseLine(text);
  if (request === null)
    return wrong('invalid_json_line', 'This line is not parseable as valid JSON.', null, line);
  const { custom_id: customId, method, url, body } = request;
  if (typeof customId !== 'string') return missing('custom_id', line);
  if (seen.has(customId))
    return wrong(
      'duplicate_custom_id',
      `The custom_id '${customId}' for this request is a duplicate of another request.`,
      'custom_id',
      line,
    );
  if (method === undefined) return missing('method', line);
  if (method !== 'POST')
    return wrong(
      'invalid_method',
      `Invalid method: '${String(method)}'. Only 'POST' is supported.`,
      'method',
      line,
    );
  if (url === undefined) return missing('url', line);
  if (url !== endpoint)
    return wrong(
      'url_mismatch',
      `The URL '${String(url)}' of this request does not match the endpoint '${endpoint}' of the batch.`,
      'url',
      line,
    );
  return isObject(body) ? { customId, body } : missing('body', line);
}

function parseLine(text: string): Json | null {
  try {
    const value: unknown = JSON.parse(text);
    return isObject(value) ? value : null;
  } catch (cause) {
    if (cause instanceof SyntaxError) return null;
    throw cause;
  }
}

function missing(param: string, line: number): BatchError {
  return wrong('missing_required_parameter', `Missing required parameter: '${param}'.`, param, line);
}

function wrong(code: string, message: string, param: string | null, line: number | null): BatchError {
  return { code, message, param, line };
}
