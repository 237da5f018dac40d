import type { Batch } from './batch-store.ts';
import type { StoredChat } from './chat-store.ts';
import type { Container } from './container-store.ts';
import type { ConversationStore } from './conversation-store.ts';
import type { FileStore } from './file-store.ts';
import type { Answer } from './generation.ts';
import type { Model, ModelCatalog, ModelKind } from './model-catalog.ts';
import type { ObjectShelf } from './object-shelf.ts';
import { invalidRequest, modelNotFound } from './openai-error.ts';
import type { OutputRange } from './planned-output.ts';
import type { PromptCache } from './prompt-cache.ts';
import type { ResponseStore, StoredResponse } from './response-store.ts';
import type { Tokenizer } from './tokenizer.ts';
import type { Upload } from './uploads.ts';
import type { VectorStore } from './vector-store-shelf.ts';

/** What every route may use. */
export interface Simulation {
  readonly catalog: ModelCatalog;
  readonly tokenizer: Tokenizer;
  readonly promptCache: PromptCache;
  readonly responses: ResponseStore;
  readonly chats: ObjectShelf<StoredChat>;
  readonly conversations: ConversationStore;
  readonly files: FileStore;
  readonly batches: ObjectShelf<Batch>;
  readonly vectorStores: ObjectShelf<VectorStore>;
  readonly containers: ObjectShelf<Container>;
  readonly uploads: ObjectShelf<Upload>;
  /** Each hosted tool makes the model read its context again, and pay for it. */
  readonly rereadsContext: boolean;
  /** How long OpenAI takes for what it does in bulk. */
  readonly batchMs: number;
  /** Length of an answer that names no maximum, in tokens. */
  readonly outputRange: OutputRange;
  /** Milliseconds since 1970. */
  now(): number;
}

/** One authenticated request to a known route, its body read. */
export interface Call {
  /** Ids captured from the path, in order. */
  readonly ids: readonly string[];
  readonly query: URLSearchParams;
  readonly contentType: string;
  readonly body: Buffer;
  /** Faults that change who answers: the call runs and is billed as this model or tier. */
  readonly answerAs: { readonly model: string | null; readonly serviceTier: string | null };
  /** `http://host:port`, for links in answers. */
  readonly origin: string;
  /** Responses that only this connection remembers; null for a request of its own. */
  readonly held: ReadonlyMap<string, StoredResponse> | null;
  /** A line of a batch, at the prices of one. */
  readonly isBatched: boolean;
}

export type Route = (call: Call, simulation: Simulation) => Answer;

export function findModel(
  simulation: Simulation,
  call: Call,
  requested: string,
  kinds: readonly ModelKind[],
): Model {
  const model = simulation.catalog.find(requested);
  if (!model) throw modelNotFound(requested);
  if (!kinds.includes(model.kind)) {
    throw invalidRequest(
      `The model \`${requested}\` is not supported on this endpoint.`,
      'model',
      'model_not_supported',
      404,
    );
  }
  if (call.answerAs.model === null) return model;
  const other = simulation.catalog.find(call.answerAs.model);
  if (!other) throw new RangeError(`A fault names a model without a price: ${call.answerAs.model}`);
  return { ...model, row: other.row, answersAs: call.answerAs.model };
}

export function seconds(ms: number): number {
  return Math.floor(ms / 1000);
}
