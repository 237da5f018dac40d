import { JsonPruner } from './json-pruner.ts';

/**
 * Finds a few members of the outermost object of a JSON document that passes by in chunks, without
 * building it: an answer may be tens of megabytes of embeddings or base64 with the usage at its end.
 * It trusts its input to be JSON and only keeps count of brackets and quotes; what it cannot follow, it
 * reports as incomplete.
 */
export interface FoundMember {
  /** Offsets from the start of the document: the key's opening quote, and the value, half-open. */
  readonly keyStart: number;
  readonly valueStart: number;
  readonly valueEnd: number;
  /** The value's text; empty where it is too long to be kept. */
  readonly text: string;
}

const MAX_VALUE_BYTES = 256 * 1024;

const QUOTE = 0x22;
const BACKSLASH = 0x5c;

export class JsonScanner {
  /** The last member of each wanted name. */
  readonly found = new Map<string, FoundMember>();
  /** Whether the outermost object was closed. */
  complete = false;
  readonly #wanted: ReadonlySet<string>;
  readonly #prunedNames: readonly string[];
  #offset = 0;
  #depth = 0;
  #inString = false;
  #escaped = false;
  /** At depth 1: whether the next string is a key. */
  #atKey = false;
  #keyStart = -1;
  #key: string | null = null;
  #keyBytes: Buffer[] = [];
  #valueStart = -1;
  #valueBytes: Buffer[] = [];
  #valueSize = 0;
  #pruner: JsonPruner | null = null;

  /** Values of the names in `pruned` are kept without their long texts, and may be of any size. */
  constructor(wanted: readonly string[], pruned: readonly string[] = []) {
    this.#wanted = new Set(wanted);
    this.#prunedNames = pruned;
  }

  push(chunk: Buffer): void {
    // Where the key or value being kept continues in this chunk.
    let keepFrom = 0;
    // The next quote as far as it is known: it is not looked for again after every escape.
    let quoteAt = -1;
    for (let index = 0; index < chunk.length; index += 1) {
      const byte = chunk[index] ?? 0;
      if (this.#inString) {
        if (this.#escaped) this.#escaped = false;
        else if (byte === BACKSLASH) this.#escaped = true;
        else if (byte === QUOTE) {
          this.#inString = false;
          if (this.#keyStart >= 0 && this.#key === null) {
            this.#keyBytes.push(chunk.subarray(keepFrom, index));
            this.#key = Buffer.concat(this.#keyBytes).toString('utf8');
            this.#keyBytes = [];
            this.#atKey = false;
          }
        } else {
          // Most bytes of a large answer are inside texts: let the native search find the end.
          if (quoteAt < index) quoteAt = endOfSearch(chunk.indexOf(QUOTE, index), chunk);
          index = nextBackslash(chunk, index + 1, quoteAt) - 1;
        }
        continue;
      }
      if (byte === QUOTE) {
        this.#inString = true;
        if (this.#depth === 1 && this.#atKey) {
          this.#keyStart = this.#offset + index;
          this.#key = null;
          keepFrom = index + 1;
        } else if (this.#depth === 1) this.#beginValue(index);
      } else if (byte === 0x7b || byte === 0x5b) {
        if (this.#depth === 1) this.#beginValue(index);
        this.#depth += 1;
        if (this.#depth === 1) this.#atKey = true;
      } else if (byte === 0x7d || byte === 0x5d) {
        if (this.#depth === 1) {
          this.#endValue(chunk, keepFrom, index);
          this.complete = true;
        }
        this.#depth -= 1;
      } else if (byte === 0x2c) {
        if (this.#depth === 1) {
          this.#endValue(chunk, keepFrom, index);
          this.#atKey = true;
        }
      } else if (byte > 0x20 && byte !== 0x3a && this.#depth === 1) {
        this.#beginValue(index);
      }
      if (this.#valueStart >= this.#offset && this.#valueStart === this.#offset + index) keepFrom = index;
    }
    if (this.#keyStart >= 0 && this.#key === null && this.#inString)
      this.#keyBytes.push(chunk.subarray(keepFrom));
    else if (this.#valueStart >= 0) this.#keepValue(chunk.subarray(keepFrom));
    this.#offset += chunk.length;
  }

  #beginValue(index: number): void {
    if (this.#key !== null && this.#valueStart < 0 && this.#wanted.has(this.#key)) {
      this.#valueStart = this.#offset + index;
      this.#valueSize = 0;
      this.#pruner = this.#prunedNames.includes(this.#key) ? new JsonPruner() : null;
    }
  }

  #keepValue(bytes: Buffer): void {
    this.#valueSize += bytes.length;
    if (this.#pruner) this.#pruner.push(bytes);
    else if (this.#isKept) this.#valueBytes.push(bytes);
    else this.#valueBytes = [];
  }

  get #isKept(): boolean {
    return this.#valueSize <= MAX_VALUE_BYTES;
  }

  #endValue(chunk: Buffer, keepFrom: number, index: number): void {
    if (this.#key !== null && this.#valueStart >= 0) {
      this.#keepValue(chunk.subarray(keepFrom, index));
      const kept = Buffer.concat(this.#valueBytes).toString('latin1').trimEnd();
      const isAsItStands = this.#pruner === null && this.#isKept;
      this.found.set(this.#key, {
        keyStart: this.#keyStart,
        valueStart: this.#valueStart,
        valueEnd: isAsItStands ? this.#valueStart + kept.length : this.#offset + index,
        text: this.#pruner ? (this.#pruner.result() ?? '') : Buffer.from(kept, 'latin1').toString('utf8'),
      });
      this.#pruner = null;
    }
    this.#key = null;
    this.#keyStart = -1;
    this.#valueStart = -1;
    this.#valueBytes = [];
  }
}

function endOfSearch(found: number, chunk: Buffer): number {
  return found < 0 ? chunk.length : found;
}

/** Escapes are rare; look for one only in the part before the quote. */
function nextBackslash(chunk: Buffer, from: number, quoteAt: number): number {
  for (let index = from; index < quoteAt; index += 1) if (chunk[index] === BACKSLASH) return index;
  return quoteAt;
}
