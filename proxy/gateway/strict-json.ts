import { isUtf8 } from 'node:buffer';

/**
 * A JSON reader for request bodies that a policy is decided on. `JSON.parse` accepts what two readers
 * may understand differently: of two equal keys it silently takes the last. Whoever can make the proxy
 * see a cheap model and OpenAI a dear one has left the cap behind, so anything ambiguous is refused here:
 * duplicate keys at any depth, a BOM, invalid UTF-8, numbers a double cannot hold, deep nesting.
 *
 * It reads the bytes as they arrived and keeps where the members of the outermost object are, so that
 * the proxy can add one without touching the rest. Long texts are not copied out; only their place is
 * kept. It can stop and go on, so a body of many megabytes does not hold up the event loop.
 */
export type JsonValue = null | boolean | number | string | JsonArray | JsonObject | LongText;

/** A text longer than {@link LONG_TEXT_BYTES}, left in the body: bytes `start` to `end`, quotes not included. */
export class LongText {
  readonly start: number;
  readonly end: number;
  constructor(start: number, end: number) {
    this.start = start;
    this.end = end;
  }
  get bytes(): number {
    return this.end - this.start;
  }
}

export class JsonArray {
  readonly items: JsonValue[] = [];
}

export class JsonObject {
  readonly keys: string[] = [];
  readonly values: JsonValue[] = [];
  #seen: Set<string> | null = null;

  /** Undefined when there is no such member. */
  get(key: string): JsonValue | undefined {
    const index = this.keys.indexOf(key);
    return index < 0 ? undefined : this.values[index];
  }

  /** False when the key is already there. */
  addKey(key: string): boolean {
    if (this.keys.length < 8) {
      if (this.keys.includes(key)) return false;
    } else {
      // Keys that look like array indexes hash without a seed in V8; a prefix takes that lever away.
      this.#seen ??= new Set(this.keys.map((known) => `.${known}`));
      const before = this.#seen.size;
      if (this.#seen.add(`.${key}`).size === before) return false;
    }
    this.keys.push(key);
    return true;
  }
}

/** Where a member of the outermost object stands: its key's opening quote and its value, half-open. */
export interface MemberSpan {
  readonly key: string;
  readonly keyStart: number;
  readonly valueStart: number;
  readonly valueEnd: number;
}

export interface JsonDocument {
  readonly root: JsonObject;
  readonly members: readonly MemberSpan[];
}

export type JsonResult =
  | { readonly ok: true; readonly document: JsonDocument }
  | { readonly ok: false; readonly problem: string };

export const MAX_DEPTH = 64;
export const LONG_TEXT_BYTES = 16 * 1024;
/** More than any API call has; keeps a hostile body from filling the heap. */
const MAX_NODES = 500_000;
const MAX_KEYS = 10_000;
/** Bodies up to this size are read in one go; longer ones in slices with other work in between. */
const SLICE_BYTES = 256 * 1024;

/** Reads a whole body; it may take several turns of the event loop for a long one. */
export function parseStrictJson(body: Buffer): JsonResult | Promise<JsonResult> {
  const reader = new StrictJsonReader(body);
  const first = reader.read(SLICE_BYTES);
  return first ?? finish(reader);
}

async function finish(reader: StrictJsonReader): Promise<JsonResult> {
  for (;;) {
    await new Promise<void>((resolve) => setImmediate(resolve));
    const result = reader.read(SLICE_BYTES);
    if (result) return result;
  }
}

const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const COMMA = 0x2c;
const COLON = 0x3a;
const OPEN_BRACE = 0x7b;
const CLOSE_BRACE = 0x7d;
const OPEN_BRACKET = 0x5b;
const CLOSE_BRACKET = 0x5d;

type Expect = 'value' | 'value-or-end' | 'key' | 'key-or-end' | 'colon' | 'comma-or-end' | 'end-of-body';

/** JSON numbers by RFC 8259 section 6. */
const NUMBER = /^-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?$/;
const LITERALS = new Map<string, null | boolean>([
  ['true', true],
  ['false', false],
  ['null', null],
]);

/** Letters, digits, plus, minus and dot: what a number or a literal is made of. */
function isScalarByte(byte: number): boolean {
  return (
    (byte >= 0x30 && byte <= 0x39) ||
    (byte >= 0x61 && byte <= 0x7a) ||
    (byte >= 0x41 && byte <= 0x5a) ||
    byte === 0x2b ||
    byte === 0x2d ||
    byte === 0x2e
  );
}

class StrictJsonReader {
  readonly #body: Buffer;
  readonly #stack: (JsonObject | JsonArray)[] = [];
  readonly #members: MemberSpan[] = [];
  #pos = 0;
  #expect: Expect = 'value';
  #root: JsonObject | null = null;
  #nodes = 0;
  /** Where an unfinished string began, or -1; strings may be longer than a slice. */
  #stringStart = -1;
  #stringHasEscape = false;
  #keyStart = 0;
  #valueStart = 0;

  constructor(body: Buffer) {
    this.#body = body;
  }

  /** Reads about `sliceBytes` more; null when there is more to read. */
  read(sliceBytes: number): JsonResult | null {
    const body = this.#body;
    if (this.#pos === 0) {
      if (body.length === 0) return fail('it is empty');
      if (body[0] === 0xef && body[1] === 0xbb) return fail('it begins with a byte order mark');
      if (!isUtf8(body)) return fail('it is not valid UTF-8');
    }
    const limit = Math.min(body.length, this.#pos + sliceBytes);
    while (this.#pos < limit) {
      const problem = this.#stringStart >= 0 ? this.#string(limit) : this.#token(body[this.#pos] ?? 0, limit);
      if (problem !== null) return fail(problem);
    }
    if (this.#pos < body.length) return null;
    if (this.#expect !== 'end-of-body' || !this.#root) return fail('it ends too early');
    return { ok: true, document: { root: this.#root, members: this.#members } };
  }

  #token(byte: number, limit: number): string | null {
    if (byte === 0x20 || byte === 0x0a || byte === 0x0d || byte === 0x09) {
      this.#pos += 1;
      return null;
    }
    switch (this.#expect) {
      case 'key-or-end':
        if (byte === CLOSE_BRACE) return this.#close(JsonObject);
        return this.#key(byte, limit);
      case 'key':
        return this.#key(byte, limit);
      case 'colon':
        if (byte !== COLON) return 'a colon is missing';
        this.#pos += 1;
        this.#expect = 'value';
        return null;
      case 'comma-or-end':
        return this.#commaOrEnd(byte);
      case 'value-or-end':
        if (byte === CLOSE_BRACKET) return this.#close(JsonArray);
        return this.#value(byte, limit);
      case 'value':
        return this.#value(byte, limit);
      case 'end-of-body':
        return 'something follows the end of the object';
    }
  }

  #key(byte: number, limit: number): string | null {
    if (byte !== QUOTE) return 'a key in quotes is missing';
    if (this.#stack.length === 1) this.#keyStart = this.#pos;
    return this.#openString(limit);
  }

  #commaOrEnd(byte: number): string | null {
    const inObject = this.#stack.at(-1) instanceof JsonObject;
    if (byte === COMMA) {
      this.#pos += 1;
      this.#expect = inObject ? 'key' : 'value';
      return null;
    }
    if (byte === CLOSE_BRACE) return this.#close(JsonObject);
    if (byte === CLOSE_BRACKET) return this.#close(JsonArray);
    return 'a comma or a closing bracket is missing';
  }

  #value(byte: number, limit: number): string | null {
    if (this.#stack.length === 1) this.#valueStart = this.#pos;
    if (this.#stack.length === 0 && byte !== OPEN_BRACE) return 'it is not an object';
    switch (byte) {
      case OPEN_BRACE:
        return this.#open(new JsonObject(), 'key-or-end');
      case OPEN_BRACKET:
        return this.#open(new JsonArray(), 'value-or-end');
      case QUOTE:
        return this.#openString(limit);
      default:
        return this.#scalar();
    }
  }

  #open(container: JsonObject | JsonArray, expect: Expect): string | null {
    if (this.#stack.length >= MAX_DEPTH) return `it is nested deeper than ${MAX_DEPTH} levels`;
    if (this.#stack.length === 0) this.#root = container as JsonObject;
    else if (!this.#attach(container)) return 'it has too many values';
    this.#stack.push(container);
    this.#pos += 1;
    this.#expect = expect;
    return null;
  }

  #close(kind: typeof JsonObject | typeof JsonArray): string | null {
    if (!(this.#stack.pop() instanceof kind)) return 'brackets do not match';
    this.#pos += 1;
    this.#ended();
    return null;
  }

  #openString(limit: number): string | null {
    this.#pos += 1;
    this.#stringStart = this.#pos;
    this.#stringHasEscape = false;
    return this.#string(limit);
  }

  #string(limit: number): string | null {
    const body = this.#body;
    let pos = this.#pos;
    while (pos < limit) {
      const byte = body[pos] ?? 0;
      if (byte === QUOTE) {
        this.#pos = pos + 1;
        return this.#endString(pos);
      }
      if (byte < 0x20) return 'a text contains a control character';
      // The byte after a backslash is never the closing quote, wherever the slice ends.
      if (byte === BACKSLASH) {
        this.#stringHasEscape = true;
        pos += 1;
      }
      pos += 1;
    }
    this.#pos = pos;
    return null;
  }

  #endString(end: number): string | null {
    const start = this.#stringStart;
    this.#stringStart = -1;
    const isKey = this.#expect === 'key' || this.#expect === 'key-or-end';
    if (end - start > LONG_TEXT_BYTES) {
      if (isKey) return 'a key is too long';
      if (this.#stringHasEscape && !hasOnlyValidEscapes(this.#body, start, end)) {
        return 'a text contains an invalid escape';
      }
      return this.#leaf(new LongText(start, end));
    }
    const text = this.#text(start, end);
    if (text === null) return 'a text contains an invalid escape';
    if (!isKey) return this.#leaf(text);
    const object = this.#stack.at(-1) as JsonObject;
    if (object.keys.length >= MAX_KEYS) return `an object has more than ${MAX_KEYS} keys`;
    if (!object.addKey(text)) return `the key "${text.slice(0, 40)}" appears twice`;
    this.#expect = 'colon';
    return null;
  }

  #text(start: number, end: number): string | null {
    if (!this.#stringHasEscape) return this.#body.toString('utf8', start, end);
    try {
      return JSON.parse(this.#body.toString('utf8', start - 1, end + 1)) as string;
    } catch {
      return null;
    }
  }

  #scalar(): string | null {
    let end = this.#pos;
    while (end < this.#body.length && isScalarByte(this.#body[end] ?? 0)) end += 1;
    // No number that a double can hold needs so many digits, and no literal does.
    if (end - this.#pos > 400) return 'a number is out of range';
    const text = this.#body.toString('latin1', this.#pos, end);
    if (LITERALS.has(text)) {
      this.#pos = end;
      return this.#leaf(LITERALS.get(text) ?? null);
    }
    if (!NUMBER.test(text)) return 'a value is missing or is not JSON';
    const value = Number(text);
    // RFC 7493 section 2.2: beyond this, two readers need not agree on the number.
    if (!Number.isFinite(value) || (!Number.isSafeInteger(value) && !/[.eE]/.test(text))) {
      return 'a number is out of range';
    }
    this.#pos = end;
    return this.#leaf(value);
  }

  #leaf(value: JsonValue): string | null {
    if (!this.#attach(value)) return 'it has too many values';
    this.#ended();
    return null;
  }

  #attach(value: JsonValue): boolean {
    const parent = this.#stack.at(-1);
    if (parent instanceof JsonObject) parent.values.push(value);
    else parent?.items.push(value);
    this.#nodes += 1;
    return this.#nodes <= MAX_NODES;
  }

  #ended(): void {
    const depth = this.#stack.length;
    this.#expect = depth === 0 ? 'end-of-body' : 'comma-or-end';
    const root = this.#root;
    if (depth === 1 && root) {
      this.#members.push({
        key: root.keys.at(-1) ?? '',
        keyStart: this.#keyStart,
        valueStart: this.#valueStart,
        valueEnd: this.#pos,
      });
    }
  }
}

function hasOnlyValidEscapes(body: Buffer, start: number, end: number): boolean {
  let pos = body.indexOf(BACKSLASH, start);
  while (pos >= 0 && pos < end) {
    const next = String.fromCharCode(body[pos + 1] ?? 0);
    if (next === 'u') {
      if (!/^[0-9a-fA-F]{4}$/.test(body.toString('latin1', pos + 2, pos + 6))) return false;
    } else if (!'"\\/bfnrt'.includes(next)) {
      return false;
    }
    pos = body.indexOf(BACKSLASH, pos + 2);
  }
  return true;
}

function fail(problem: string): JsonResult {
  return { ok: false, problem };
}
