import type { Batch } from './batch-store.ts';
import { createConversationStore } from './conversation-store.ts';
import { createFileStore } from './file-store.ts';
import type { ModelCatalog } from './model-catalog.ts';
import { createShelf } from './object-shelf.ts';
import type { OutputRange } from './planned-output.ts';
import { createPromptCache } from './prompt-cache.ts';
import { createResponseStore } from './response-store.ts';
import type { Simulation } from './simulation.ts';
import type { Tokenizer } from './tokenizer.ts';

const MAX_BATCHES = 1000;

export interface SimulationParts {
  readonly catalog: ModelCatalog;
  readonly tokenizer: Tokenizer;
  /** 20 to 400 tokens unless told. */
  readonly outputTokens?: OutputRange;
  /** True unless told. */
  readonly rereadsContext?: boolean;
  /** 50 unless told. */
  readonly batchMs?: number;
  /** How long a response can be asked for, for ever unless told. */
  readonly responseLifetimeMs?: number;
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
    responses: createResponseStore(now, parts.responseLifetimeMs),
    chats: createShelf(),
    conversations: createConversationStore(),
    files: createFileStore(),
    uploads: createShelf(),
    batches: createShelf<Batch>(MAX_BATCHES, (batch) => batch.run?.stop()),
    vectorStores: createShelf(),
    containers: createShelf(),
    rereadsContext: parts.rereadsContext ?? true,
    batchMs: parts.batchMs ?? 50,
    outputRange: parts.outputTokens ?? { min: 20, max: 400 },
  };
}
