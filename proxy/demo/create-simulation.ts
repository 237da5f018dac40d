import type { ModelCatalog } from './model-catalog.ts';
import type { OutputRange } from './planned-output.ts';
import { createPromptCache } from './prompt-cache.ts';
import { createResponseStore } from './response-store.ts';
import type { Simulation } from './simulation.ts';
import type { Tokenizer } from './tokenizer.ts';

export interface SimulationParts {
  readonly catalog: ModelCatalog;
  readonly tokenizer: Tokenizer;
  /** 20 to 400 tokens unless told. */
  readonly outputRange?: OutputRange;
  /** Milliseconds since 1970. */
  readonly now: () => number;
}

/** A simulation that remembers nothing yet. */
export function createSimulation(parts: SimulationParts): Simulation {
  const { catalog, tokenizer, now } = parts;
  return {
    catalog,
    tokenizer,
    now,
    promptCache: createPromptCache(tokenizer),
    responses: createResponseStore(),
    outputRange: parts.outputRange ?? { min: 20, max: 400 },
  };
}
