import type { MeterKind } from '../routes.ts';
import { JsonScanner } from './json-scanner.ts';
import type { Metered } from './metered.ts';
import { meteredFromAnswer, parseOrNull } from './stream-meter.ts';
import type { OutputKind } from './usage-shapes.ts';

const WANTED = ['usage', 'model', 'service_tier', 'svg_usage'] as const;

/** Reads the usage of a whole JSON answer as its bytes pass by, however large it is. */
export class JsonAnswerMeter {
  readonly #scanner = new JsonScanner(WANTED);
  readonly #output: OutputKind;

  constructor(kind: MeterKind) {
    this.#output = kind === 'images' ? 'image' : kind === 'speech' ? 'audio' : 'text';
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
