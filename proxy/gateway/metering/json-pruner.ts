/** Texts above this length are left out. */
const MAX_TEXT_BYTES = 512;
/** So much is kept at most; an answer that has more is not read. */
const MAX_KEPT_BYTES = 1024 * 1024;

const QUOTE = 0x22;
const BACKSLASH = 0x5c;

/**
 * Copies a JSON value that passes by in chunks, with every long text emptied: the shape of an answer is
 * small, what makes it large are pictures and prose.
 */
export class JsonPruner {
  readonly #kept: Buffer[] = [];
  #keptBytes = 0;
  /** Of the text that is being read, as long as it is short; null outside of texts. */
  #text: Buffer[] | null = null;
  #textBytes = 0;
  #escaped = false;

  push(chunk: Buffer): void {
    let from = 0;
    for (let index = 0; index < chunk.length; index += 1) {
      const byte = chunk[index];
      if (this.#text === null) {
        if (byte !== QUOTE) continue;
        this.#keep(chunk.subarray(from, index + 1));
        this.#text = [];
        this.#textBytes = 0;
        from = index + 1;
      } else if (this.#escaped) this.#escaped = false;
      else if (byte === BACKSLASH) this.#escaped = true;
      else if (byte === QUOTE) {
        this.#addText(chunk.subarray(from, index));
        for (const piece of this.#text) this.#keep(piece);
        this.#text = null;
        from = index;
      }
    }
    if (this.#text === null) this.#keep(chunk.subarray(from));
    else this.#addText(chunk.subarray(from));
  }

  /** The copy; null when even that is too large. */
  result(): string | null {
    return this.#keptBytes > MAX_KEPT_BYTES ? null : Buffer.concat(this.#kept).toString('utf8');
  }

  #addText(bytes: Buffer): void {
    this.#textBytes += bytes.length;
    if (this.#textBytes > MAX_TEXT_BYTES) this.#text = [];
    else this.#text?.push(bytes);
  }

  #keep(bytes: Buffer): void {
    this.#keptBytes += bytes.length;
    if (this.#keptBytes <= MAX_KEPT_BYTES) this.#kept.push(bytes);
  }
}
