import { invalidRequest } from './openai-error.ts';
import type { Json } from './request-fields.ts';

export interface UploadedFile {
  /** Field name without a trailing `[]`. */
  readonly field: string;
  readonly fileName: string;
  readonly bytes: Buffer;
}

export interface Multipart {
  /** Text fields as a JSON body would have them: numbers, booleans, and a list where the name ends in `[]`. */
  readonly body: Json;
  readonly files: readonly UploadedFile[];
}

const HEADER_END = Buffer.from('\r\n\r\n');

/** Parses multipart/form-data (RFC 7578); throws OpenAiError when it is not. */
export function parseMultipart(contentType: string, content: Buffer): Multipart {
  const boundary = /boundary=(?:"([^"]+)"|([^\s;]+))/i.exec(contentType);
  const name = boundary?.[1] ?? boundary?.[2];
  if (name === undefined) throw malformed();
  const body: Json = {};
  const files: UploadedFile[] = [];
  for (const part of splitParts(content, name)) {
    const end = part.indexOf(HEADER_END);
    const header = part.toString('utf8', 0, Math.max(end, 0));
    const rawField = /\bname="([^"]*)"/i.exec(header)?.[1];
    if (end < 0 || rawField === undefined) throw malformed();
    const field = rawField.replace(/\[\d*\]$/, '');
    const bytes = part.subarray(end + HEADER_END.length);
    const fileName = /\bfilename="([^"]*)"/i.exec(header)?.[1];
    if (fileName !== undefined) files.push({ field, fileName, bytes });
    else addField(body, field, rawField !== field, bytes.toString('utf8'));
  }
  return { body, files };
}

function splitParts(content: Buffer, boundary: string): Buffer[] {
  const delimiter = Buffer.from(`--${boundary}`);
  const parts: Buffer[] = [];
  let at = content.indexOf(delimiter);
  if (at < 0) throw malformed();
  while (true) {
    const start = at + delimiter.length;
    // `--` after the delimiter closes the body.
    if (content.toString('latin1', start, start + 2) === '--') return parts;
    at = content.indexOf(delimiter, start);
    if (at < 0) throw malformed();
    // The line break before the delimiter belongs to the delimiter.
    parts.push(content.subarray(start + 2, at - 2));
  }
}

/** The prompt stays text even if it looks like a number. */
const TEXT_FIELDS = new Set(['prompt', 'input', 'user', 'model', 'language']);

function addField(body: Json, field: string, isList: boolean, text: string): void {
  const value = TEXT_FIELDS.has(field) ? text : typed(text);
  if (!isList) {
    body[field] = value;
    return;
  }
  const list = Array.isArray(body[field]) ? body[field] : [];
  body[field] = [...list, value];
}

function typed(text: string): string | number | boolean {
  if (text === 'true' || text === 'false') return text === 'true';
  return /^-?\d+(\.\d+)?$/.test(text) ? Number(text) : text;
}

function malformed(): Error {
  return invalidRequest('Could not parse multipart form.', null, 'invalid_multipart_form');
}
