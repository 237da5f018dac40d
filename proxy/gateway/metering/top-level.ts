/**
 * The members of the outermost object of a JSON text that are wanted, without building the rest of it:
 * of an answer only the usage, the model and the tier matter. Exact for valid JSON; null when the text is
 * not one whole object.
 */
export function topLevelMembers(text: string, wanted: readonly string[]): Record<string, unknown> | null {
  const reader = new TopLevelReader(text);
  try {
    return reader.read(wanted);
  } catch (error) {
    if (error instanceof SyntaxError) return null;
    throw error;
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

class TopLevelReader {
  readonly #text: string;
  #at = 0;

  constructor(text: string) {
    this.#text = text;
  }

  read(wanted: readonly string[]): Record<string, unknown> {
    const found: Record<string, unknown> = {};
    this.#expect(OPEN_BRACE);
    let isOpen = this.#peek() !== CLOSE_BRACE;
    if (!isOpen) this.#at += 1;
    while (isOpen) {
      const key = this.#key();
      this.#expect(COLON);
      this.#peek();
      const start = this.#at;
      this.#skipValue();
      if (wanted.includes(key)) found[key] = JSON.parse(this.#text.slice(start, this.#at));
      const next = this.#peek();
      this.#at += 1;
      isOpen = next !== CLOSE_BRACE;
      if (isOpen && next !== COMMA) throw new SyntaxError('a comma is missing');
    }
    // Something behind the object, or an object that was cut, is not the answer it seems to be.
    if (!Number.isNaN(this.#peek())) throw new SyntaxError('something follows the object');
    return found;
  }

  /** The next byte that is not white space, without taking it; NaN at the end. */
  #peek(): number {
    let code = this.#text.charCodeAt(this.#at);
    while (code === 0x20 || code === 0x0a || code === 0x0d || code === 0x09) {
      this.#at += 1;
      code = this.#text.charCodeAt(this.#at);
    }
    return code;
  }

  #expect(code: number): void {
    if (this.#peek() !== code) throw new SyntaxError('the text is not a JSON object');
    this.#at += 1;
  }

  #key(): string {
    if (this.#peek() !== QUOTE) throw new SyntaxError('a key is missing');
    const start = this.#at;
    this.#skipString();
    const raw = this.#text.slice(start + 1, this.#at - 1);
    return raw.includes('\\') ? (JSON.parse(`"${raw}"`) as string) : raw;
  }

  /** From an opening quote to behind the closing one. */
  #skipString(): void {
    for (;;) {
      const end = this.#text.indexOf('"', this.#at + 1);
      if (end < 0) throw new SyntaxError('a text has no end');
      this.#at = end;
      let backslashes = 0;
      while (this.#text.charCodeAt(end - 1 - backslashes) === BACKSLASH) backslashes += 1;
      if (backslashes % 2 === 0) break;
    }
    this.#at += 1;
  }

  #skipValue(): void {
    const first = this.#text.charCodeAt(this.#at);
    if (first === QUOTE) this.#skipString();
    else if (first === OPEN_BRACE || first === OPEN_BRACKET) this.#skipContainer();
    else this.#skipScalar();
  }

  #skipContainer(): void {
    let depth = 0;
    do {
      const code = this.#text.charCodeAt(this.#at);
      if (Number.isNaN(code)) throw new SyntaxError('a bracket is not closed');
      if (code === QUOTE) {
        this.#skipString();
        continue;
      }
      if (code === OPEN_BRACE || code === OPEN_BRACKET) depth += 1;
      else if (code === CLOSE_BRACE || code === CLOSE_BRACKET) depth -= 1;
      this.#at += 1;
    } while (depth > 0);
  }

  #skipScalar(): void {
    const start = this.#at;
    for (;;) {
      const code = this.#text.charCodeAt(this.#at);
      const ends = Number.isNaN(code) || code === COMMA || code === CLOSE_BRACE || code <= 0x20;
      if (ends) break;
      this.#at += 1;
    }
    if (this.#at === start) throw new SyntaxError('a value is missing');
  }
}
