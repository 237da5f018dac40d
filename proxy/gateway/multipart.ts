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
/** Of the last boundary's end: two hyphens, a few spaces, a line end. */
const MAX_END_BYTES = 64;
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
    if (typeof part === 'string') return fail(part);
    parts.push(part);
    if (parts.length > MAX_PARTS) return fail(`it has more than ${MAX_PARTS} parts`);
    pos = contentEnd + separator.length;
  }
  // Another reader may go on looking for parts there.
  const end = body.toString('latin1', pos, pos + MAX_END_BYTES);
  if (body.length - pos > MAX_END_BYTES || !/^--[ \t]*(\r\n)?$/.test(end)) {
    return fail('something follows its last boundary');
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
  // Of two boundaries, one of them within quotes maybe, another reader may take the other.
  if (contentType.match(/boundary\*?\s*=/gi)?.length !== 1) return null;
  const found = /;\s*boundary=(?:"([^"]{1,70})"|([^\s;"]{1,70}))\s*(?:;|$)/i.exec(contentType);
  const boundary = found?.[1] ?? found?.[2] ?? null;
  return boundary !== null && /^[\x20-\x7e]*[\x21-\x7e]$/.test(boundary) ? boundary : null;
}

/** Visible ASCII and spaces; UTF-8 in a file's name. */
const HEADER_LINE = /^([A-Za-z0-9-]+):[ \t]*([\t\x20-\x7e\x80-\xff]*)$/;

/** Reads a part, or says what is wrong with it. */
function readPart(header: string, content: Buffer): Part | string {
  let disposition: string | null = null;
  let mediaType = '';
  for (const line of header.split('\r\n')) {
    const [, name = '', value = ''] = HEADER_LINE.exec(line) ?? [];
    if (name === '') return 'a header of a part is malformed';
    switch (name.toLowerCase()) {
      case 'content-disposition':
        if (disposition !== null) return 'a part has two names';
        disposition = value.trim();
        break;
      case 'content-type':
        mediaType = (value.split(';', 1)[0] ?? '').trim().toLowerCase();
        break;
      case 'content-transfer-encoding':
        if (!/^(binary|8bit|7bit)$/i.test(value.trim())) return 'a part is encoded';
        break;
    }
  }
  if (disposition === null || !/^form-data\s*;/i.test(disposition)) return 'a part has no name';
  const name = parameter(disposition, 'name');
  // An escaped or encoded name may be another one to another reader.
  if (name === null || /[\\%]/.test(name) || /;\s*name\*/i.test(disposition))
    return 'a part has no plain name';
  const filename = parameter(disposition, 'filename') ?? (/;\s*filename\*?=/i.test(disposition) ? '' : null);
  return { name, filename, mediaType, content };
}

/** The one value of a parameter; null when there is none, or more than one. */
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
