import type { Generation } from './generation.ts';
import type { Prompt } from './prompt.ts';
import type { Json } from './request-fields.ts';
import { itemOf } from './stored-items.ts';

export type ResponseStatus = 'queued' | 'in_progress' | 'completed' | 'incomplete' | 'cancelled';

/** A background generation that goes on without a client. */
export interface Run {
  /** By performance.now(). */
  readonly startedAtMs: number;
  /** Tokens so far. */
  readonly generated: number;
  readonly isStopped: boolean;
  /** Stops it now and bills what was generated; does nothing once it has ended. */
  stop(): void;
}

export interface StoredResponse {
  readonly id: string;
  readonly inputItems: readonly Json[];
  /** None until it has ended. */
  outputItems(): readonly Json[];
  /** Everything said so far, this answer included: the input of a response that continues it. */
  readonly history: Prompt;
  readonly generation: Generation;
  /** Null for a response that was answered on the spot. */
  run: Run | null;
  status: ResponseStatus;
  /** The response object at its present status. */
  read(): unknown;
}

/** Remembers the newest responses, as OpenAI does for 30 days with `store`. */
export interface ResponseStore {
  find(id: string): StoredResponse | null;
  findItem(id: string): Json | null;
  add(response: StoredResponse): void;
  remove(id: string): boolean;
  /** Background generations that go on. */
  readonly running: number;
  /** Stops every background generation. */
  stopAll(): void;
}

const MAX_RESPONSES = 2000;
const RUNNING: ReadonlySet<ResponseStatus> = new Set(['queued', 'in_progress']);

/** After `lifetimeMs` a response can no longer be asked for; what runs is generated and billed all the same. */
export function createResponseStore(now: () => number, lifetimeMs = Infinity): ResponseStore {
  const stored = new Map<string, { readonly response: StoredResponse; readonly endsAtMs: number }>();
  return {
    find: (id) => {
      const entry = stored.get(id);
      return entry && now() < entry.endsAtMs ? entry.response : null;
    },
    findItem: (id) => {
      for (const { response, endsAtMs } of stored.values()) {
        const item = now() < endsAtMs ? itemOf(response, id) : null;
        if (item) return item;
      }
      return null;
    },
    add: (response) => {
      stored.set(response.id, { response, endsAtMs: now() + lifetimeMs });
      if (stored.size <= MAX_RESPONSES) return;
      const oldest = stored.values().next().value?.response;
      if (!oldest) return;
      oldest.run?.stop();
      stored.delete(oldest.id);
    },
    remove: (id) => {
      stored.get(id)?.response.run?.stop();
      return stored.delete(id);
    },
    get running() {
      const responses = [...stored.values()].map(({ response }) => response);
      return responses.filter(({ run, status }) => run && RUNNING.has(status)).length;
    },
    stopAll: () => {
      for (const { response } of stored.values()) response.run?.stop();
    },
  };
}
