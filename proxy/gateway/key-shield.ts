/**
 * Keeps the key out of answers. OpenAI has no reason to send it, but an upstream that echoes a request
 * would; and a rejected key is echoed with its middle masked, which still shows its end. What is found is
 * overwritten with asterisks of the same length, so that lengths and framing stay true.
 */
const ASTERISK = 0x2a;
const ECHO_MASK = '**';
const KEY_START = 'sk-';

export class KeyShield {
  readonly #text: string;
  readonly #key: Buffer;
  #held: Buffer | null = null;

  /** The key as it stands in the Authorization header. */
  constructor(key: string) {
    if (key === '') throw new TypeError('there is no key to keep out');
    this.#text = key;
    this.#key = Buffer.from(key, 'latin1');
  }

  /** The same bytes with the key overwritten; a tail that may be the key's beginning is held back. */
  push(chunk: Buffer): Buffer {
    const joined = this.#held ? Buffer.concat([this.#held, chunk]) : chunk;
    this.#held = null;
    const masked = this.#mask(joined);
    const tail = this.#partialAtEnd(masked);
    if (tail === 0) return masked;
    this.#held = Buffer.from(masked.subarray(masked.length - tail));
    return masked.subarray(0, masked.length - tail);
  }

  /** What was held back; call at the end of the answer. */
  end(): Buffer | null {
    const held = this.#held;
    this.#held = null;
    return held;
  }

  /** A message that is there as a whole, with the key overwritten. */
  clean(message: Buffer): Buffer {
    return this.#mask(message);
  }

  hasKey(text: string): boolean {
    return text.length >= this.#text.length && text.includes(this.#text);
  }

  #mask(bytes: Buffer): Buffer {
    let at = bytes.indexOf(this.#key);
    if (at < 0) return bytes;
    const copy = Buffer.from(bytes);
    while (at >= 0) {
      copy.fill(ASTERISK, at, at + this.#key.length);
      at = copy.indexOf(this.#key, at + this.#key.length);
    }
    return copy;
  }

  /** How many bytes at the end are the beginning of the key. */
  #partialAtEnd(bytes: Buffer): number {
    const first = this.#key[0] ?? 0;
    let at = bytes.indexOf(first, Math.max(0, bytes.length - this.#key.length + 1));
    while (at >= 0) {
      const length = bytes.length - at;
      if (bytes.compare(this.#key, 0, length, at, bytes.length) === 0) return length;
      at = bytes.indexOf(first, at + 1);
    }
    return 0;
  }
}

/**
 * Overwrites what OpenAI leaves of a key in an error message (`sk-proj-****abcd`). Such a message may
 * repeat whatever the client has sent, so each byte is looked at a fixed number of times: from every
 * mask backwards to where its word begins and forwards to where it ends.
 */
export function maskEchoes(body: Buffer): Buffer {
  let masked: Buffer | null = null;
  let done = 0;
  for (let at = body.indexOf(ECHO_MASK); at >= 0; at = body.indexOf(ECHO_MASK, done)) {
    let start = at;
    while (start > done && (body[start - 1] === ASTERISK || isKeyByte(body[start - 1]))) start -= 1;
    let end = at;
    while (end < body.length && (body[end] === ASTERISK || isKeyByte(body[end]))) end += 1;
    const word = body.subarray(start, end);
    const key = word.indexOf(KEY_START);
    if (key >= 0 && word.indexOf(ECHO_MASK, key) >= 0) {
      masked ??= Buffer.from(body);
      masked.fill(ASTERISK, start + key, end);
    }
    done = end;
  }
  return masked ?? body;
}

/** Letters, digits, hyphen and underscore. */
function isKeyByte(byte: number | undefined): boolean {
  if (byte === undefined) return false;
  return (
    (byte >= 0x30 && byte <= 0x39) ||
    (byte >= 0x41 && byte <= 0x5a) ||
    (byte >= 0x61 && byte <= 0x7a) ||
    byte === 0x2d ||
    byte === 0x5f
  );
}
