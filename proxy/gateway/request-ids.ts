/**
 * Numbers requests. The number is the ledger's primary key; the id that people see is the number in base
 * 36 behind a tag of the ledger, so that ids of two ledgers do not meet in one log file.
 */
export class RequestIds {
  readonly #tag: string;
  #last: number;

  constructor(tag: string, lastSeq: number) {
    this.#tag = tag;
    this.#last = lastSeq;
  }

  next(): number {
    this.#last += 1;
    return this.#last;
  }

  format(seq: number): string {
    return `tgr_${this.#tag}${seq.toString(36).padStart(7, '0')}`;
  }

  /** The number of an id of this ledger, or null. */
  parse(id: string): number | null {
    const prefix = `tgr_${this.#tag}`;
    const digits = id.startsWith(prefix) ? id.slice(prefix.length) : '';
    if (!/^[0-9a-z]{7,11}$/.test(digits)) return null;
    const seq = Number.parseInt(digits, 36);
    return Number.isSafeInteger(seq) && seq > 0 ? seq : null;
  }
}
