const LF = 0x0a;

/** Cuts bytes that come in chunks into lines, each handed out without its end. */
export class LineSplitter {
  readonly #maxLineBytes: number;
  readonly #onLine: (line: Buffer) => void;
  #pending: Buffer[] = [];
  #pendingBytes = 0;
  #overflowed = false;

  /** A line larger than `maxLineBytes` is not handed out, and makes {@link end} say so. */
  constructor(maxLineBytes: number, onLine: (line: Buffer) => void) {
    this.#maxLineBytes = maxLineBytes;
    this.#onLine = onLine;
  }

  push(chunk: Buffer): void {
    let start = 0;
    for (let end = chunk.indexOf(LF); end >= 0; end = chunk.indexOf(LF, start)) {
      this.#add(chunk.subarray(start, end));
      this.#flush();
      start = end + 1;
    }
    if (start < chunk.length) this.#add(chunk.subarray(start));
  }

  /** Hands out a last line without an end; false when a line was too long. */
  end(): boolean {
    if (this.#pendingBytes > 0) this.#flush();
    return !this.#overflowed;
  }

  #add(bytes: Buffer): void {
    this.#pendingBytes += bytes.length;
    if (this.#pendingBytes <= this.#maxLineBytes) this.#pending.push(bytes);
    else this.#pending = [];
  }

  #flush(): void {
    if (this.#pendingBytes > this.#maxLineBytes) this.#overflowed = true;
    else this.#onLine(Buffer.concat(this.#pending));
    this.#pending = [];
    this.#pendingBytes = 0;
  }
}
