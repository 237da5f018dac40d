import { answeredBy } from './answered-objects.ts';
import type { AnsweredObjects, Metered } from './metered.ts';
import { dearer, meteredFromAnswer, parseOrNull } from './metered-answer.ts';
import { textBytesAfter } from './shown-text.ts';
import { isJsonObject, type OutputKind } from './usage-shapes.ts';

const DELTA = Buffer.from('"delta":');
const ITEM_ADDED = Buffer.from('"response.output_item.added"');
const RESPONSE_CREATED = Buffer.from('"response.created"');

/** Events that end a response, however it went. */
export const RESPONSE_ENDS = [
  'response.completed',
  'response.incomplete',
  'response.failed',
  'response.cancelled',
];

/** Reads named events, of a stream or of a socket, of which the last one has the usage. */
export class EventReader {
  visibleTokens = 0;
  answered: AnsweredObjects | null = null;
  /** Calls of tools at OpenAI that were told of. */
  toolCalls = 0;
  /** Whether an event has ended what the events tell of. */
  hasEnded = false;
  /** What the events have said so far. */
  told: Metered = { kind: 'missing', model: null, serviceTier: null };
  readonly #terminals: ReadonlySet<unknown>;
  /** As they stand in an event, for a look at its bytes before anything is parsed. */
  readonly #markers: readonly Buffer[];
  readonly #output: OutputKind;

  constructor(terminals: readonly string[], output: OutputKind) {
    this.#terminals = new Set(terminals);
    this.#markers = terminals.map((name) => Buffer.from(`"${name}"`));
    this.#output = output;
  }

  result(): Metered {
    return this.told;
  }

  see(data: Buffer): void {
    this.visibleTokens += textBytesAfter(data, DELTA);
    if (this.answered === null && data.indexOf(RESPONSE_CREATED) >= 0) this.#readCreated(data);
    if (data.indexOf(ITEM_ADDED) >= 0 && isHostedCall(data)) this.toolCalls += 1;
    if (!this.#markers.some((marker) => data.indexOf(marker) >= 0)) return;
    const parsed = parseOrNull(data.toString('utf8'));
    if (!isJsonObject(parsed) || !this.#terminals.has(parsed['type'])) return;
    const answer = isJsonObject(parsed['response']) ? parsed['response'] : parsed;
    this.hasEnded = true;
    this.told = dearer(this.told, meteredFromAnswer(answer, this.#output));
    this.answered = answeredBy(answer) ?? this.answered;
  }

  #readCreated(data: Buffer): void {
    const parsed = parseOrNull(data.toString('utf8'));
    if (!isJsonObject(parsed) || parsed['type'] !== 'response.created') return;
    this.answered = isJsonObject(parsed['response']) ? answeredBy(parsed['response']) : null;
  }
}

/** Kinds of items that show a tool at work at OpenAI, after which the model reads everything once more. */
const HOSTED_CALL = /^(code_interpreter|file_search|image_generation|mcp|shell|tool_search|web_search)_call$/;

function isHostedCall(data: Buffer): boolean {
  const parsed = parseOrNull(data.toString('utf8'));
  const item = isJsonObject(parsed) ? parsed['item'] : null;
  return isJsonObject(item) && typeof item['type'] === 'string' && HOSTED_CALL.test(item['type']);
}
