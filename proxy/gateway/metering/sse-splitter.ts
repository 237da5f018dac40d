/**
 * Cuts a byte stream into server-sent events (WHATWG HTML, section 9.2.6) without changing a byte: the
 * events handed out, put together again, are the stream. Lines may end in LF, CRLF or CR.
 */
export interface SseEvent {
  /** The event with its closing blank line, exactly as it came. */
  readonly raw: Buffer;
  /** The joined `data:` lines, without the field name. */
  readonly data: Buffer;
}

const LF = 0x0a;
const CR = 0x0d;
const DATA = Buffer.from('data:');
const EMPTY = Buffer.alloc(0);

export class SseSplitter {
  readonly #maxEventBytes: number;
  #pending: Buffer = EMPTY;
  /** What the pending event stands at the beginning of, with room for more; nothing else points into it. */
  #room: Buffer | null = null;
  /** Where the search for the end of the pending event goes on. */
  #searched = 0;

  /** An event larger than `maxEventBytes` overflows: nobody buffers a line without end. */
  constructor(maxEventBytes: number) {
    this.#maxEventBytes = maxEventBytes;
  }

  /** Bytes of an event that has not ended yet. */
  get pending(): Buffer {
    return this.#pending;
  }

  /** The pending event without its blank line, which some servers forget at the end; null when there is none. */
  unended(): SseEvent | null {
    return this.#pending.length === 0 ? null : { raw: this.#pending, data: dataOfLines(this.#pending) };
  }

  /** Returns the events that this chunk completes, or `overflow`, after which nothing is pending. */
  push(chunk: Buffer): SseEvent[] | 'overflow' {
    const buffer = this.#pending.length === 0 ? chunk : this.#append(chunk);
    const events: SseEvent[] = [];
    let start = 0;
    let from = this.#pending.length === 0 ? 0 : this.#searched;
    const hasReturns = buffer.includes(CR, from);
    for (;;) {
      const end = hasReturns ? endWithReturns(buffer, from) : endOfEvent(buffer, from);
      if (end < 0) break;
      const raw = buffer.subarray(start, end);
      events.push({ raw, data: dataOf(raw) });
      start = end;
      from = end;
    }
    this.#pending = start === 0 ? buffer : buffer.subarray(start);
    // Events that were handed out may still be on their way to the client.
    if (start > 0) this.#room = null;
    // The last bytes may be the first half of a blank line.
    this.#searched = Math.max(0, this.#pending.length - 3);
    if (this.#pending.length <= this.#maxEventBytes) return events;
    this.#pending = EMPTY;
    this.#room = null;
    return 'overflow';
  }

  /** Doubles its room when it is full, so that an event of megabytes is not copied with every chunk. */
  #append(chunk: Buffer): Buffer {
    const length = this.#pending.length + chunk.length;
    if (!this.#room || this.#room.length < length) {
      this.#room = Buffer.allocUnsafe(length * 2);
      this.#pending.copy(this.#room);
    }
    chunk.copy(this.#room, this.#pending.length);
    return this.#room.subarray(0, length);
  }
}

/** The offset after the first blank line at or after `from`, or -1; for streams without CR. */
function endOfEvent(buffer: Buffer, from: number): number {
  let lf = buffer.indexOf(LF, from);
  while (lf >= 0) {
    if (buffer[lf + 1] === LF) return lf + 2;
    lf = buffer.indexOf(LF, lf + 1);
  }
  return -1;
}

function endWithReturns(buffer: Buffer, from: number): number {
  for (let index = from; index < buffer.length; index += 1) {
    const lineEnd = lineEndAt(buffer, index);
    if (lineEnd === 0) continue;
    const next = lineEndAt(buffer, index + lineEnd);
    if (next > 0) {
      const end = index + lineEnd + next;
      // A lone CR at the very end may be half of a CRLF; wait for the next byte.
      return next === 1 && buffer[end - 1] === CR && end === buffer.length ? -1 : end;
    }
    index += lineEnd - 1;
  }
  return -1;
}

/** Length of the line ending at an offset: 0, 1 or 2. */
function lineEndAt(buffer: Buffer, at: number): number {
  if (buffer[at] === LF) return 1;
  if (buffer[at] !== CR) return 0;
  return buffer[at + 1] === LF ? 2 : 1;
}

function dataOf(raw: Buffer): Buffer {
  // Nearly every event is one line: `data: …` and the blank line.
  const isOneLine = raw.indexOf(LF) === raw.length - 2 && !raw.includes(CR);
  if (isOneLine && raw[5] === 0x20 && startsWithData(raw, 0)) return raw.subarray(6, raw.length - 2);
  return dataOfLines(raw);
}

function startsWithData(raw: Buffer, at: number): boolean {
  return raw.length - at >= DATA.length && raw.compare(DATA, 0, DATA.length, at, at + DATA.length) === 0;
}

function dataOfLines(raw: Buffer): Buffer {
  const lines: Buffer[] = [];
  let pos = 0;
  while (pos < raw.length) {
    let end = pos;
    while (end < raw.length && raw[end] !== LF && raw[end] !== CR) end += 1;
    if (end - pos >= DATA.length && startsWithData(raw, pos)) {
      lines.push(raw.subarray(raw[pos + 5] === 0x20 ? pos + 6 : pos + 5, end));
    }
    pos = end + Math.max(1, lineEndAt(raw, end));
  }
  if (lines.length <= 1) return lines[0] ?? EMPTY;
  return Buffer.concat(lines.flatMap((line, index) => (index === 0 ? [line] : [Buffer.from('\n'), line])));
}
