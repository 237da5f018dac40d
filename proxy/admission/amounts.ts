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
