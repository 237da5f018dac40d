import type { MeterKind } from '../routes.ts';
import { JsonScanner } from './json-scanner.ts';
import type { Metered } from './metered.ts';
import { meteredFromAnswer, parseOrNull } from './stream-meter.ts';
import { topLevelMembers } from './top-level.ts';
import type { OutputKind } from './usage-shapes.ts';

const WANTED: readonly string[] = ['usage', 'model', 'service_tier', 'svg_usage'];
/** Of hosted tools, too: only a response can have used any. */
const WANTED_OF_RESPONSE: readonly string[] = [...WANTED, 'tool_usage', 'output'];

const OUTPUT: Partial<Record<MeterKind, OutputKind>> = {
  images: 'image',
  speech: 'audio',
  embeddings: 'none',
};

function outputOf(kind: MeterKind): OutputKind {
  return OUTPUT[kind] ?? 'text';
}

/**
 * Reads the usage of a JSON answer that is there as a whole. `text` may be its bytes as latin1: the
 * members that are read are ASCII.
 */
export function meterJson(kind: MeterKind, text: string): Metered {
  const wanted = kind === 'responses' && tellsOfTools(text) ? WANTED_OF_RESPONSE : WANTED;
  return meteredFromAnswer(topLevelMembers(text, wanted) ?? {}, outputOf(kind));
}

/** Most responses have called no tool, and their output need not be read. */
function tellsOfTools(text: string): boolean {
  return text.includes('"tool_usage"') || text.includes('_call"');
}

/** Reads the usage of a JSON answer as its bytes pass by, however large it is. */
export class PassingJsonMeter {
  readonly #scanner: JsonScanner;
  readonly #output: OutputKind;

  constructor(kind: MeterKind) {
    this.#scanner = new JsonScanner(kind === 'responses' ? WANTED_OF_RESPONSE : WANTED);
    this.#output = outputOf(kind);
  }

  push(chunk: Buffer): void {
    this.#scanner.push(chunk);
  }

  result(): Metered {
    const answer: Record<string, unknown> = {};
    for (const [name, { text }] of this.#scanner.found) answer[name] = parseOrNull(text);
    // Cut short, even a usage that was seen may not be the last word.
    if (!this.#scanner.complete) answer['usage'] = null;
    return meteredFromAnswer(answer, this.#output);
  }
}
