/**
 * Reads the parts of a multipart/form-data body (RFC 7578) that is already in memory, without copying
 * the files. It is as strict as the JSON reader and for the same reason: what the proxy takes for the
 * model must be what OpenAI takes for it. So no preamble, no folded headers, no field given twice.
 */
export interface Part {
  readonly name: string;
  /** Null for a plain field. */
  readonly filename: string | null;
  readonly mediaType: string;
  readonly content: Buffer;
}

export type MultipartResult =
  | { readonly ok: true; readonly parts: readonly Part[] }
  | { readonly ok: false; readonly problem: string };

const MAX_PARTS = 200;
const MAX_PART_HEADER_BYTES = 4096;
const CRLF = Buffer.from('\r\n');
const END_OF_HEADERS = Buffer.from('\r\n\r\n');

/** `contentType` is the whole header, whose `boundary` parameter separates the parts. */
export function parseMultipart(body: Buffer, contentType: string): MultipartResult {
  const boundary = boundaryOf(contentType);
  if (boundary === null) return fail('its boundary is missing or malformed');
  const delimiter = Buffer.from(`--${boundary}`, 'latin1');
  if (!startsWith(body, delimiter, 0)) return fail('it does not begin with its boundary');
  const separator = Buffer.concat([CRLF, delimiter]);
  const parts: Part[] = [];
  let pos = delimiter.length;
  for (;;) {
    if (startsWith(body, Buffer.from('--'), pos)) break;
    if (!startsWith(body, CRLF, pos)) return fail('a boundary is not on a line of its own');
    const headerEnd = body.indexOf(END_OF_HEADERS, pos);
    if (headerEnd < 0 || headerEnd - pos > MAX_PART_HEADER_BYTES) return fail('a part has no proper header');
    const contentStart = headerEnd + END_OF_HEADERS.length;
    const contentEnd = body.indexOf(separator, contentStart);
    if (contentEnd < 0) return fail('its last boundary is missing');
    const part = readPart(
      body.toString('latin1', pos + 2, headerEnd),
      body.subarray(contentStart, contentEnd),
    );
    if (!part) return fail('a part has no name');
    parts.push(part);
    if (parts.length > MAX_PARTS) return fail(`it has more than ${MAX_PARTS} parts`);
    pos = contentEnd + separator.length;
  }
  const seen = new Set<string>();
  for (const { name } of parts) {
    // Arrays are spelt with brackets; every other field has one value.
    if (!name.endsWith('[]') && name !== 'image' && seen.has(name))
      return fail(`the field "${name}" appears twice`);
    seen.add(name);
  }
  return { ok: true, parts };
}

function boundaryOf(contentType: string): string | null {
  const found = /;\s*boundary=(?:"([^"]{1,70})"|([^\s;"]{1,70}))\s*(?:;|$)/i.exec(contentType);
  const boundary = found?.[1] ?? found?.[2] ?? null;
  return boundary !== null && /^[\x20-\x7e]*[\x21-\x7e]$/.test(boundary) ? boundary : null;
}

function readPart(header: string, content: Buffer): Part | null {
  let name: string | null = null;
  let filename: string | null = null;
  let mediaType = '';
  for (const line of header.split('\r\n')) {
    const colon = line.indexOf(':');
    if (colon <= 0 || /^\s/.test(line)) return null;
    const key = line.slice(0, colon).trim().toLowerCase();
    const value = line.slice(colon + 1).trim();
    if (key === 'content-type') mediaType = (value.split(';', 1)[0] ?? '').trim().toLowerCase();
    if (key === 'content-transfer-encoding' && !/^(binary|8bit|7bit)$/i.test(value)) return null;
    if (key !== 'content-disposition') continue;
    if (name !== null || !/^form-data\s*;/i.test(value)) return null;
    name = parameter(value, 'name');
    filename = parameter(value, 'filename');
    if (filename === null && /;\s*filename\*=/i.test(value)) filename = '';
  }
  return name === null ? null : { name, filename, mediaType, content };
}

function parameter(disposition: string, key: string): string | null {
  const found = disposition.match(new RegExp(`;\\s*${key}=(?:"([^"]*)"|([^\\s;"]+))`, 'gi'));
  if (found?.length !== 1) return null;
  const value = /=(?:"([^"]*)"|(.+))$/s.exec(found[0] ?? '');
  return value?.[1] ?? value?.[2] ?? null;
}

function startsWith(body: Buffer, bytes: Buffer, at: number): boolean {
  return (
    body.length >= at + bytes.length && body.compare(bytes, 0, bytes.length, at, at + bytes.length) === 0
  );
}

function fail(problem: string): MultipartResult {
  return { ok: false, problem };
}
