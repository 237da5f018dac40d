import { NO_TOOL_CALLS } from '../../pricing/usage.ts';
import type { MeterKind } from '../route.ts';
import { namedBy, spokenIn } from './answered-objects.ts';
import { EventReader, RESPONSE_ENDS } from './event-reader.ts';
import { JsonScanner } from './json-scanner.ts';
import type { AnsweredObjects, Metered } from './metered.ts';
import { dearer, parseOrNull } from './metered-answer.ts';
import { isSpace, textBytesAfter } from './shown-text.ts';
import { type SseEvent, SseSplitter } from './sse-splitter.ts';
import { type OutputKind, readUsage } from './usage-shapes.ts';

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
  /** What the stream has named so far; null before it has named itself. */
  readonly answered: AnsweredObjects | null;
  /** Calls of tools at OpenAI that it has told of. */
  readonly toolCalls: number;
}

/**
 * Chooses how a stream is metered. `hideUsage` is set when the proxy asked for usage on the client's
 * behalf: what only exists because of that is taken out again. `speaks` where a chat was asked to speak.
 */
export function openStreamMeter(kind: MeterKind, hideUsage: boolean, speaks = false): StreamMeter {
  switch (kind) {
    case 'chat':
    case 'completions':
      return new ChunkMeter(hideUsage, speaks);
    case 'responses':
      return new EventMeter(RESPONSE_ENDS, 'text');
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
  answered: AnsweredObjects | null = null;
  toolCalls = 0;
  readonly #splitter = new SseSplitter(MAX_EVENT_BYTES);
  /** After an event without end the stream is passed on unseen, and charged at its bound. */
  #blind = false;

  /** What the events have said so far. */
  protected abstract readonly told: Metered;
  /** Reads an event and, where the meter rewrites, puts what the client shall see of it into `out`. */
  protected abstract see(event: SseEvent, out: Buffer[]): void;
  protected abstract readonly rewrites: boolean;

  push(chunk: Buffer): Buffer {
    if (this.#blind) return chunk;
    const held = this.rewrites ? this.#splitter.pending : EMPTY;
    const events = this.#splitter.push(chunk);
    if (events === 'overflow') {
      this.#blind = true;
      return held.length > 0 ? Buffer.concat([held, chunk]) : chunk;
    }
    const out: Buffer[] = [];
    for (const event of events) this.see(event, out);
    return this.rewrites ? joined(out) : chunk;
  }

  end(): Buffer {
    const rest = this.#splitter.unended();
    if (!rest) return EMPTY;
    const out: Buffer[] = [];
    this.see(rest, out);
    return this.rewrites ? joined(out) : EMPTY;
  }

  result(): Metered {
    const { told } = this;
    if (!this.#blind || told.kind !== 'usage') return told;
    // The last word may have been said where nobody listened.
    return { kind: 'missing', model: told.parts[0]?.model ?? null, serviceTier: told.serviceTier };
  }
}

function joined(pieces: readonly Buffer[]): Buffer {
  const [only] = pieces;
  return only && pieces.length === 1 ? only : Buffer.concat(pieces);
}

const EMPTY = Buffer.alloc(0);
const USAGE_KEY = Buffer.from('"usage"');
/** How OpenAI ends every chunk but the last when usage was asked for. */
const NULL_USAGE_END = Buffer.from(',"usage":null}');
const CONTENT = Buffer.from('"content":');
const TEXT = Buffer.from('"text":');
const ARGUMENTS = Buffer.from('"arguments":');
const REFUSAL = Buffer.from('"refusal":');

const SHOWN_TEXTS = [CONTENT, TEXT, ARGUMENTS, REFUSAL];

/** Chat and legacy completions: chunks without names, usage in an extra last chunk. */
class ChunkMeter extends SplittingMeter {
  protected readonly rewrites: boolean;
  #best: Metered | null = null;
  #model: string | null = null;
  #serviceTier: string | null = null;
  readonly #speaks: boolean;

  constructor(hideUsage: boolean, speaks: boolean) {
    super();
    this.rewrites = hideUsage;
    this.#speaks = speaks;
  }

  protected see({ data, raw }: SseEvent, out: Buffer[]): void {
    this.#look(data, raw, out);
    if (this.#speaks && this.answered) this.answered = spokenIn(this.answered, parseOrNull(data.toString()));
  }

  #look(data: Buffer, raw: Buffer, out: Buffer[]): void {
    for (const marker of SHOWN_TEXTS) this.visibleTokens += textBytesAfter(data, marker);
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
    const scanner = new JsonScanner(['usage', 'choices', 'model', 'service_tier', 'id']);
    scanner.push(data);
    this.#model ??= textMember(scanner, 'model');
    this.answered ??= namedBy(textMember(scanner, 'id'));
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
          tools: NO_TOOL_CALLS,
          pictures: null,
          serviceTier: this.#serviceTier,
        }
      : { kind: 'bad', problem: read.problem, model };
    this.#best = this.#best ? dearer(this.#best, next) : next;
  }

  protected get told(): Metered {
    if (this.#best?.kind === 'usage') return { ...this.#best, serviceTier: this.#serviceTier };
    return this.#best ?? { kind: 'missing', model: this.#model, serviceTier: this.#serviceTier };
  }
}

/** Streams of named events with usage in the last one. */
class EventMeter extends SplittingMeter {
  protected readonly rewrites = false;
  readonly #reader: EventReader;

  constructor(terminals: readonly string[], output: OutputKind) {
    super();
    this.#reader = new EventReader(terminals, output);
  }

  protected see({ data }: SseEvent): void {
    const reader = this.#reader;
    reader.see(data);
    this.visibleTokens = reader.visibleTokens;
    this.answered = reader.answered;
    this.toolCalls = reader.toolCalls;
  }

  protected get told(): Metered {
    return this.#reader.told;
  }
}

function textMember(scanner: JsonScanner, name: string): string | null {
  const value = parseOrNull(scanner.found.get(name)?.text ?? 'null');
  return typeof value === 'string' ? value : null;
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
