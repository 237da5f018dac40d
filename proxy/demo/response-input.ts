import { readInputItems } from './input-items.ts';
import { type CountedItems, countItems } from './item-tokens.ts';
import type { Json } from './request-fields.ts';
import type { Call, Simulation } from './simulation.ts';

export interface ResponseInput extends CountedItems {
  /** As `GET …/input_items` lists them. */
  readonly items: readonly Json[];
}

export function readResponseInput(
  input: unknown,
  model: string,
  call: Call,
  simulation: Simulation,
): ResponseInput {
  const items = readInputItems(input, 'input', call, simulation);
  return { items, ...countItems(items, 'input', model, simulation) };
}

/** What a compaction item carries: the summary it stands for, readable by the simulation alone. */
export function sealSummary(summary: string): string {
  return Buffer.from(summary).toString('base64');
}
