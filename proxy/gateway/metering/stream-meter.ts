import { NO_TOOLS } from '../inspect/request-facts.ts';
import type { MeterKind } from '../routes.ts';
import { JsonScanner } from './json-scanner.ts';
import type { Metered, UsagePart } from './metered.ts';
import { type SseEvent, SseSplitter } from './sse-splitter.ts';
import { isJsonObject, type OutputKind, readUsage } from './usage-shapes.ts';

/** The last event of an image stream carries the image; of a response, all of its text. */
const MAX_EVENT_BYTES = 16 * 1024 * 1024;

/** Reads usage out of an event stream that passes by, and may change what the client sees of it. */
export interface StreamMeter {
  /** Bytes to send to the client for these bytes from upstream; may be held back until an event ends. */
  push(chunk: Buffer): Buffer;
  /** Bytes that were held back when the stream ended. */
  end(): Buffer;
  result(): Metered;
  /** Output tokens at most that the client has been shown: no token is shorter than a byte. */
  readonly visibleTokens: number;
}

/**
 * Chooses how a stream is metered. `hideUsage` is set when the proxy asked for usage on the client's
 * behalf: what only exists because of that is taken out again.
 */
export function openStreamMeter(kind: MeterKind, hideUsage: boolean): StreamMeter {
  switch (kind) {
    case 'chat':
    case 'completions':
      return new ChunkMeter(hideUsage);
    case 'responses':
      return new EventMeter(['response.completed', 'response.incomplete', 'response.failed'], 'text');
    case 'images':
      return new EventMeter(['image_generation.completed', 'image_edit.completed'], 'image');
    case 'speech':
      return new EventMeter(['speech.audio.done'], 'audio');
    default:
      return new EventMeter(['transcript.text.done'], 'text');
  }
}

abstract class SplittingMeter implements StreamMeter {
  visibleTokens = 0;
  readonly #splitter = new SseSplitter(MAX_EVENT_BYTES);
  /** After an event without end the stream is passed on unseen, and charged at its bound. */
  protected blind = false;

  abstract result(): Metered;
  /** Reads an event and, where the meter rewrites, puts what the client shall see of it into `out`. */
  protected abstract see(event: SseEvent, out: Buffer[]): void;
  protected abstract readonly rewrites: boolean;

  push(chunk: Buffer): Buffer {
    if (this.blind) return chunk;
    const held = this.rewrites ? this.#splitter.pending : EMPTY;
    const events = this.#splitter.push(chunk);
    if (events === 'overflow') {
      this.blind = true;
      return held.length > 0 ? Buffer.concat([held, chunk]) : chunk;
    }
    const out: Buffer[] = [];
    for (const event of events) this.see(event, out);
    return this.rewrites ? joined(out) : chunk;
  }

  end(): Buffer {
    const rest = this.#splitter.pending;
    if (rest.length === 0 || this.blind) return EMPTY;
    // A last event without its blank line still counts; some servers forget it.
    const out: Buffer[] = [];
    this.see({ raw: rest, data: lastData(rest) }, out);
    return this.rewrites ? joined(out) : EMPTY;
  }
}

function joined(pieces: readonly Buffer[]): Buffer {
  const [only] = pieces;
  return only && pieces.length === 1 ? only : Buffer.concat(pieces);
}

function lastData(rest: Buffer): Buffer {
  const events = new SseSplitter(MAX_EVENT_BYTES).push(Buffer.concat([rest, Buffer.from('\n\n')]));
  return events === 'overflow' ? Buffer.alloc(0) : (events[0]?.data ?? Buffer.alloc(0));
}

const EMPTY = Buffer.alloc(0);
const USAGE_KEY = Buffer.from('"usage"');
/** How OpenAI ends every chunk but the last when usage was asked for. */
const NULL_USAGE_END = Buffer.from(',"usage":null}');
const CONTENT = Buffer.from('"content":');
const TEXT = Buffer.from('"text":');
const ARGUMENTS = Buffer.from('"arguments":');
const DELTA = Buffer.from('"delta":');

/** Chat and legacy completions: chunks without names, usage in an extra last chunk. */
class ChunkMeter extends SplittingMeter {
  protected readonly rewrites: boolean;
  #best: Metered | null = null;
  #model: string | null = null;
  #serviceTier: string | null = null;

  constructor(hideUsage: boolean) {
    super();
    this.rewrites = hideUsage;
  }

  protected see({ data, raw }: SseEvent, out: Buffer[]): void {
    this.visibleTokens +=
      textBytesAfter(data, CONTENT) + textBytesAfter(data, TEXT) + textBytesAfter(data, ARGUMENTS);
    if (this.#model !== null) {
      if (endsWith(data, NULL_USAGE_END)) {
        this.#copyWithout(raw, data, data.length - NULL_USAGE_END.length, data.length - 1, out);
        return;
      }
      if (data.indexOf(USAGE_KEY) < 0) {
        out.push(raw);
        return;
      }
    }
    this.#scan(data, raw, out);
  }

  #scan(data: Buffer, raw: Buffer, out: Buffer[]): void {
    const scanner = new JsonScanner(['usage', 'choices', 'model', 'service_tier']);
    scanner.push(data);
    this.#model ??= textMember(scanner, 'model');
    this.#serviceTier = textMember(scanner, 'service_tier') ?? this.#serviceTier;
    const member = scanner.found.get('usage');
    if (!member) {
      out.push(raw);
      return;
    }
    if (member.text !== 'null') {
      this.#book(member.text);
      // The extra chunk exists only because usage was asked for.
      if (scanner.found.get('choices')?.text.replace(/\s/g, '') === '[]') return;
    }
    const [from, to] = spanWithComma(data, member.keyStart, member.valueEnd);
    this.#copyWithout(raw, data, from, to, out);
  }

  /** Copies an event without a span of its data, when there is something to hide. */
  #copyWithout(raw: Buffer, data: Buffer, from: number, to: number, out: Buffer[]): void {
    const at = data.byteOffset - raw.byteOffset;
    // Data of several lines has no place in the event's own bytes; OpenAI sends none.
    const isPart = data.buffer === raw.buffer && at >= 0 && at + data.length <= raw.length;
    if (this.rewrites && isPart) out.push(raw.subarray(0, at + from), raw.subarray(at + to));
    else out.push(raw);
  }

  #book(text: string): void {
    const model = this.#model;
    const read = readUsage(parseOrNull(text), 'text');
    const next: Metered = read.ok
      ? {
          kind: 'usage',
          parts: [{ model, usage: read.usage }],
          tools: NO_TOOLS,
          serviceTier: this.#serviceTier,
        }
      : { kind: 'bad', problem: read.problem, model };
    // Said twice, the larger one counts: a second chunk must not lower what the first has booked.
    if (!this.#best || next.kind === 'bad' || tokensOf(next) >= tokensOf(this.#best)) this.#best = next;
  }

  result(): Metered {
    if (this.#best?.kind === 'usage') return { ...this.#best, serviceTier: this.#serviceTier };
    return this.#best ?? { kind: 'missing', model: this.#model, serviceTier: this.#serviceTier };
  }
}

function tokensOf(metered: Metered): number {
  if (metered.kind !== 'usage') return Number.POSITIVE_INFINITY;
  return metered.parts.reduce((sum, { usage }) => sum + usage.inputTokens + usage.outputTokens, 0);
}

/** Streams of named events with usage in the last one. */
class EventMeter extends SplittingMeter {
  protected readonly rewrites = false;
  readonly #terminals: readonly Buffer[];
  readonly #output: OutputKind;
  #result: Metered = { kind: 'missing', model: null, serviceTier: null };

  constructor(terminals: readonly string[], output: OutputKind) {
    super();
    this.#terminals = terminals.map((name) => Buffer.from(`"${name}"`));
    this.#output = output;
  }

  protected see({ data }: SseEvent): void {
    this.visibleTokens += textBytesAfter(data, DELTA);
    if (this.#terminals.some((name) => data.indexOf(name) >= 0)) {
      const parsed = parseOrNull(data.toString('utf8'));
      if (isJsonObject(parsed)) this.#read(isJsonObject(parsed['response']) ? parsed['response'] : parsed);
    }
  }

  #read(answer: Readonly<Record<string, unknown>>): void {
    this.#result = meteredFromAnswer(answer, this.#output);
  }

  result(): Metered {
    return this.#result;
  }
}

/** What a whole answer, or the object in a stream's last event, says of its usage. */
export function meteredFromAnswer(answer: Readonly<Record<string, unknown>>, output: OutputKind): Metered {
  const model = typeof answer['model'] === 'string' ? answer['model'] : null;
  const serviceTier = typeof answer['service_tier'] === 'string' ? answer['service_tier'] : null;
  if (answer['usage'] === undefined || answer['usage'] === null)
    return { kind: 'missing', model, serviceTier };
  const read = readUsage(answer['usage'], output);
  if (!read.ok) return { kind: 'bad', problem: read.problem, model };
  const parts: UsagePart[] = [{ model, usage: read.usage }];
  const svg = answer['svg_usage'];
  if (isJsonObject(svg)) {
    // Vector images are finished by a text model that is billed beside the image model.
    const extra = readUsage(svg, 'text');
    if (!extra.ok) return { kind: 'bad', problem: extra.problem, model };
    parts.push({ model: typeof svg['model'] === 'string' ? svg['model'] : model, usage: extra.usage });
  }
  return { kind: 'usage', parts, tools: NO_TOOLS, serviceTier };
}

export function parseOrNull(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}

function textMember(scanner: JsonScanner, name: string): string | null {
  const value = parseOrNull(scanner.found.get(name)?.text ?? 'null');
  return typeof value === 'string' ? value : null;
}

/** Bytes of the texts that follow a `"name":` in an event, escapes counted as they stand. */
function textBytesAfter(data: Buffer, marker: Buffer): number {
  let bytes = 0;
  for (let found = data.indexOf(marker); found >= 0; found = data.indexOf(marker, found + marker.length)) {
    let start = found + marker.length;
    while (isSpace(data[start])) start += 1;
    if (data[start] !== 0x22) continue;
    let end = start + 1;
    while (end < data.length && data[end] !== 0x22) end += data[end] === 0x5c ? 2 : 1;
    bytes += end - start - 1;
  }
  return bytes;
}

/** A member with the comma that belongs to it: the one before, or for the first member the one after. */
function spanWithComma(data: Buffer, keyStart: number, valueEnd: number): [from: number, to: number] {
  let before = keyStart - 1;
  while (before > 0 && isSpace(data[before])) before -= 1;
  if (data[before] === 0x2c) return [before, valueEnd];
  let to = valueEnd;
  while (to < data.length && isSpace(data[to])) to += 1;
  if (data[to] === 0x2c) to += 1;
  while (to < data.length && isSpace(data[to])) to += 1;
  return [keyStart, to];
}

function endsWith(data: Buffer, end: Buffer): boolean {
  const at = data.length - end.length;
  return at >= 0 && data.compare(end, 0, end.length, at, data.length) === 0;
}

function isSpace(byte: number | undefined): boolean {
  return byte === 0x20 || byte === 0x09 || byte === 0x0a || byte === 0x0d;
}
