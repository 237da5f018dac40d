import type { MeterKind } from '../route.ts';
import { answeredBy } from './answered-objects.ts';
import { JsonScanner } from './json-scanner.ts';
import type { AnsweredObjects, Metered } from './metered.ts';
import { meteredFromAnswer, parseOrNull } from './metered-answer.ts';
import { topLevelMembers } from './top-level.ts';
import { isJsonObject, type OutputKind } from './usage-shapes.ts';

/** What a JSON answer says: what it used, what it names, and how far it is. */
export interface JsonAnswer {
  readonly metered: Metered;
  readonly answered: AnsweredObjects | null;
  /** `status` of a response or a batch; null where there is none. */
  readonly status: string | null;
}

const WANTED: readonly string[] = ['usage', 'model', 'service_tier', 'svg_usage', 'id', 'status'];
/** Of hosted tools and of items, too: only a response can have any. */
const WANTED_OF_RESPONSE: readonly string[] = [...WANTED, 'tool_usage', 'output'];
/** What a chat says aloud is named by its choices. */
const WANTED_OF_SPEECH: readonly string[] = [...WANTED, 'choices'];
/** Read without their long texts, which may be pictures and sound. */
const PRUNED: readonly string[] = ['output', 'choices'];

const OUTPUT: Partial<Record<MeterKind, OutputKind>> = {
  images: 'image',
  speech: 'audio',
  embeddings: 'none',
};

function outputOf(kind: MeterKind): OutputKind {
  return OUTPUT[kind] ?? 'text';
}

function wantedOf(kind: MeterKind, speaks: boolean): readonly string[] {
  if (kind === 'responses') return WANTED_OF_RESPONSE;
  return kind === 'chat' && speaks ? WANTED_OF_SPEECH : WANTED;
}

/**
 * Reads a JSON answer that is there as a whole. `text` may be its bytes as latin1: the members that are
 * read are ASCII. `speaks` where a chat was asked to speak.
 */
export function readJsonAnswer(kind: MeterKind, text: string, speaks = false): JsonAnswer {
  return readMembers(kind, topLevelMembers(text, wantedOf(kind, speaks)) ?? {});
}

function readMembers(kind: MeterKind, members: Readonly<Record<string, unknown>>): JsonAnswer {
  const { status } = members;
  return {
    metered: meteredFromAnswer(members, outputOf(kind)),
    answered: answeredBy(members),
    status: typeof status === 'string' ? status : null,
  };
}

/** Reads a JSON answer as its bytes pass by, however large it is. */
export class PassingJsonMeter {
  readonly #scanner: JsonScanner;
  readonly #kind: MeterKind;

  constructor(kind: MeterKind, speaks = false) {
    this.#scanner = new JsonScanner(wantedOf(kind, speaks), PRUNED);
    this.#kind = kind;
  }

  push(chunk: Buffer): void {
    this.#scanner.push(chunk);
  }

  result(): JsonAnswer {
    const members: Record<string, unknown> = {};
    for (const [name, { text }] of this.#scanner.found) members[name] = parseOrNull(text);
    // Cut short, even a usage that was seen may not be the last word; nor is one whose tools were not read.
    const isWhole = this.#scanner.complete && members['output'] !== null;
    if (!isWhole) members['usage'] = null;
    return readMembers(this.#kind, members);
  }
}

/** Members of an answer that creates or lists something; null for what is no JSON object. */
export function readObjectAnswer(body: Buffer): Readonly<Record<string, unknown>> | null {
  const parsed = parseOrNull(body.toString('utf8'));
  return isJsonObject(parsed) ? parsed : null;
}
