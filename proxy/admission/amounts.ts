import type { Metric } from '../contract/limits.ts';

/** What a request has cost, or may cost, in every unit a limit can count. */
export interface Amounts {
  nanoUsd: number;
  inputTokens: number;
  outputTokens: number;
  requests: number;
}

export function zeroAmounts(): Amounts {
  return { nanoUsd: 0, inputTokens: 0, outputTokens: 0, requests: 0 };
}

export function addTo(target: Amounts, change: Amounts, sign: 1 | -1 = 1): void {
  target.nanoUsd += sign * change.nanoUsd;
  target.inputTokens += sign * change.inputTokens;
  target.outputTokens += sign * change.outputTokens;
  target.requests += sign * change.requests;
}

export function amountOf(amounts: Amounts, metric: Metric): number {
  switch (metric) {
    case 'usd':
      return amounts.nanoUsd;
    case 'tokens':
      return amounts.inputTokens + amounts.outputTokens;
    case 'input_tokens':
      return amounts.inputTokens;
    case 'output_tokens':
      return amounts.outputTokens;
    case 'requests':
      return amounts.requests;
  }
}
