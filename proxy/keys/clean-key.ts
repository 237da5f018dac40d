import { AppError } from '../contract/errors.ts';

/** Project and service-account keys say so in their prefix; every older kind counts as `legacy`. */
export type KeyKind = 'project' | 'service-account' | 'legacy';

const MAX_KEY_BYTES = 512;
const MIN_SECRET_BYTES = 4;
/** Nobody pastes a key this long; a bound before any work. */
const MAX_INPUT_BYTES = 65_536;

const SPACE = 0x20;
const QUOTE = 0x22;

/**
 * The key in what a person pasted or piped: without surrounding whitespace and quotes, zero-width
 * characters, a byte order mark, `export `, `OPENAI_API_KEY=`, `Authorization:` and `Bearer `. Works on
 * bytes, because every string made of a key stays in memory until the collector happens to reuse it.
 * The result is the caller's to zero; so is a Buffer passed in.
 * @throws AppError `key_is_admin`, `key_is_app_token` or `key_malformed`; no text of the input is in it
 */
export function cleanKey(input: Buffer | string): Buffer {
  if (input.length > MAX_INPUT_BYTES) throw malformed('it is too long');
  const bytes = typeof input === 'string' ? Buffer.from(input, 'utf8') : input;
  const plain = Buffer.alloc(bytes.length);
  try {
    const text = unwrap(plain.subarray(0, plainInto(plain, bytes)));
    refuse(text);
    const key = Buffer.alloc(text.length);
    text.copy(key);
    return key;
  } finally {
    plain.fill(0);
    if (bytes !== input) bytes.fill(0);
  }
}

/** The kind of a key that {@link cleanKey} returned. */
export function classifyKey(key: Buffer): KeyKind {
  if (startsWith(key, 'sk-proj-')) return 'project';
  if (startsWith(key, 'sk-svcacct-')) return 'service-account';
  return 'legacy';
}

function refuse(key: Buffer): void {
  if (key.length === 0) throw malformed('it is empty');
  if (startsWith(key, 'sk-admin-')) throw new AppError('key_is_admin');
  if (startsWith(key, 'tg_')) throw new AppError('key_is_app_token');
  if (!startsWith(key, 'sk-')) throw malformed('it does not begin with `sk-`');
  if (key.length > MAX_KEY_BYTES) throw malformed('it is too long');
  if (key.some((byte) => byte === 0x2a || byte === 0x2e) || key.includes('…')) {
    throw malformed('it is the shortened form that OpenAI shows, not the whole key');
  }
  if (key.some(isSpace)) throw malformed('it has a space or a line break in it');
  if (!key.every(isKeyByte)) throw malformed('it has a character that no key has');
  if (key.length < 'sk-'.length + MIN_SECRET_BYTES) throw malformed('it is too short, so a part is missing');
}

function malformed(problem: string): AppError {
  return new AppError('key_malformed', { problem });
}

/** Writes the input without invisible characters, its spaces and quotes as ASCII ones. Returns the length. */
function plainInto(target: Buffer, bytes: Buffer): number {
  let length = 0;
  for (let at = 0; at < bytes.length; ) {
    const { size, as } = classify(bytes, at);
    if (as !== null) target[length++] = as;
    at += size;
  }
  return length;
}

/** One UTF-8 character of the few that matter here, or one byte as it is. */
function classify(bytes: Buffer, at: number): { size: number; as: number | null } {
  const first = bytes[at] ?? 0;
  const pair = ((bytes[at + 1] ?? 0) << 8) | (bytes[at + 2] ?? 0);
  const second = pair >> 8;
  if (first === 0xc2) {
    if (second === 0xad) return { size: 2, as: null }; // U+00AD soft hyphen
    if (second === 0xa0) return { size: 2, as: SPACE }; // U+00A0 no-break space
    if (second === 0xab || second === 0xbb) return { size: 2, as: QUOTE }; // « »
  }
  if (first === 0xe2) {
    if (within(pair, 0x808b, 0x808f)) return { size: 3, as: null }; // U+200B–200F zero width, direction
    if (within(pair, 0x80aa, 0x80ae)) return { size: 3, as: null }; // U+202A–202E direction
    if (within(pair, 0x81a0, 0x81af)) return { size: 3, as: null }; // U+2060–206F joiner, isolates
    if (within(pair, 0x8080, 0x808a) || within(pair, 0x80a8, 0x80a9) || pair === 0x80af) {
      return { size: 3, as: SPACE }; // U+2000–200A, U+2028–2029, U+202F
    }
    if (within(pair, 0x8098, 0x809f)) return { size: 3, as: QUOTE }; // U+2018–201F curly quotes
  }
  if (first === 0xe3 && pair === 0x8080) return { size: 3, as: SPACE }; // U+3000
  if (first === 0xef && pair === 0xbbbf) return { size: 3, as: null }; // U+FEFF byte order mark
  return { size: 1, as: first };
}

function within(value: number, low: number, high: number): boolean {
  return value >= low && value <= high;
}

/** Takes off what may stand around a key, layer by layer, in any order: `export OPENAI_API_KEY="…";`. */
function unwrap(bytes: Buffer): Buffer {
  let text = bytes;
  for (;;) {
    const inner = withoutPrefix(trim(text));
    if (inner.length === text.length) return text;
    text = inner;
  }
}

function trim(text: Buffer): Buffer {
  let start = 0;
  let end = text.length;
  while (start < end && isWrapping(text[start])) start += 1;
  while (end > start && (isWrapping(text[end - 1]) || isSeparator(text[end - 1]))) end -= 1;
  return text.subarray(start, end);
}

function withoutPrefix(text: Buffer): Buffer {
  for (const word of ['export', 'bearer']) {
    if (startsWith(text, word) && isSpace(text[word.length] ?? 0)) return text.subarray(word.length);
  }
  for (const name of ['openai_api_key', 'authorization']) {
    if (!startsWith(text, name)) continue;
    let at = name.length;
    while (isWrapping(text[at])) at += 1;
    if (text[at] === 0x3d || text[at] === 0x3a) return text.subarray(at + 1); // = or :
  }
  return text;
}

/** ASCII letters match in either case, except within `sk-` and `tg_`, which keys spell in lower case. */
function startsWith(text: Buffer, prefix: string): boolean {
  if (text.length < prefix.length) return false;
  const exact = prefix.startsWith('sk-') || prefix.startsWith('tg_');
  for (let at = 0; at < prefix.length; at += 1) {
    const byte = text[at] ?? 0;
    const lower = !exact && byte >= 0x41 && byte <= 0x5a ? byte | 0x20 : byte;
    if (lower !== prefix.charCodeAt(at)) return false;
  }
  return true;
}

function isSpace(byte: number): boolean {
  return byte === SPACE || (byte >= 0x09 && byte <= 0x0d);
}

function isWrapping(byte: number | undefined): boolean {
  return byte !== undefined && (isSpace(byte) || byte === QUOTE || byte === 0x27 || byte === 0x60);
}

function isSeparator(byte: number | undefined): boolean {
  return byte === 0x2c || byte === 0x3b; // , ;
}

function isKeyByte(byte: number): boolean {
  return (
    (byte >= 0x30 && byte <= 0x39) || // 0-9
    (byte >= 0x41 && byte <= 0x5a) || // A-Z
    (byte >= 0x61 && byte <= 0x7a) || // a-z
    byte === 0x2d || // -
    byte === 0x5f // _
  );
}
