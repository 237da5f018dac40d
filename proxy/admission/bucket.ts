import type { Metric } from '../contract/limits.ts';
import type { Amounts } from './amounts.ts';

/** Where each amount stands in a bucket's numbers: settled first, then held. */
const NANO_USD = 0;
const INPUT_TOKENS = 1;
const OUTPUT_TOKENS = 2;
const REQUESTS = 3;
const HELD = 4;

/**
 * What one scope has settled and holds in one window. The numbers lie in a typed array: they change
 * with every request, and a double in an object's field is an allocation of its own.
 */
export class Bucket {
  readonly startMs: number;
  readonly endMs: number;
  readonly #numbers = new Float64Array(8);

  constructor(startMs: number, endMs: number, settled: Amounts | null) {
    this.startMs = startMs;
    this.endMs = endMs;
    if (settled) this.#add(0, settled, 1);
  }

  hold(amounts: Amounts): void {
    this.#add(HELD, amounts, 1);
  }

  /** Gives back what was held and books what was used. */
  settle(held: Amounts, used: Amounts): void {
    this.#add(HELD, held, -1);
    this.#add(0, used, 1);
  }

  settled(metric: Metric): number {
    return this.#read(0, metric);
  }

  held(metric: Metric): number {
    return this.#read(HELD, metric);
  }

  #add(offset: number, amounts: Amounts, sign: 1 | -1): void {
    const numbers = this.#numbers;
    numbers[offset + NANO_USD] = (numbers[offset + NANO_USD] ?? 0) + sign * amounts.nanoUsd;
    numbers[offset + INPUT_TOKENS] = (numbers[offset + INPUT_TOKENS] ?? 0) + sign * amounts.inputTokens;
    numbers[offset + OUTPUT_TOKENS] = (numbers[offset + OUTPUT_TOKENS] ?? 0) + sign * amounts.outputTokens;
    numbers[offset + REQUESTS] = (numbers[offset + REQUESTS] ?? 0) + sign * amounts.requests;
  }

  #read(offset: number, metric: Metric): number {
    const numbers = this.#numbers;
    switch (metric) {
      case 'usd':
        return numbers[offset + NANO_USD] ?? 0;
      case 'tokens':
        return (numbers[offset + INPUT_TOKENS] ?? 0) + (numbers[offset + OUTPUT_TOKENS] ?? 0);
      case 'input_tokens':
        return numbers[offset + INPUT_TOKENS] ?? 0;
      case 'output_tokens':
        return numbers[offset + OUTPUT_TOKENS] ?? 0;
      case 'requests':
        return numbers[offset + REQUESTS] ?? 0;
    }
  }
}
