import type { MeterKind } from '../routes.ts';
import { JsonScanner } from './json-scanner.ts';
import type { Metered } from './metered.ts';
import { meteredFromAnswer, parseOrNull } from './stream-meter.ts';
import { topLevelMembers } from './top-level.ts';
import type { OutputKind } from './usage-shapes.ts';

const WANTED = ['usage', 'model', 'service_tier', 'svg_usage'] as const;

function outputOf(kind: MeterKind): OutputKind {
  return kind === 'images' ? 'image' : kind === 'speech' ? 'audio' : 'text';
}

/**
 * Reads the usage of a JSON answer that is there as a whole. `text` may be its bytes as latin1: the
 * members that are read are ASCII.
 */
export function meterJson(kind: MeterKind, text: string): Metered {
  return meteredFromAnswer(topLevelMembers(text, WANTED) ?? {}, outputOf(kind));
}

/** Reads the usage of a JSON answer as its bytes pass by, however large it is. */
export class PassingJsonMeter {
  readonly #scanner = new JsonScanner(WANTED);
  readonly #output: OutputKind;

  constructor(kind: MeterKind) {
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
