import { invalidRequest } from './openai-error.ts';
import type { Json } from './request-fields.ts';
import type { Call, Simulation } from './simulation.ts';

/*
 * Vector stores hold which files they were given, and find the same in them whatever is asked. Their
 * storage, which OpenAI charges for by the gigabyte and day, is not simulated.
 */
export interface AttachedFile {
  readonly fileId: string;
  /** In seconds. */
  readonly createdAt: number;
  readonly bytes: number;
  /** From then on it can be searched; by the simulation's clock. */
  readonly readyAtMs: number;
  readonly chunking: unknown;
  readonly batchId: string | null;
  attributes: unknown;
  isCancelled: boolean;
}

export interface FileBatch {
  readonly id: string;
  readonly createdAt: number;
  readonly fileIds: readonly string[];
}

export interface VectorStore {
  readonly id: string;
  readonly createdAt: number;
  name: string;
  metadata: Json;
  expiresAfter: unknown;
  lastActiveAt: number;
  readonly files: Map<string, AttachedFile>;
  readonly batches: Map<string, FileBatch>;
}

export type AttachedStatus = 'in_progress' | 'completed' | 'cancelled';

export function statusOf(file: AttachedFile, nowMs: number): AttachedStatus {
  if (file.isCancelled) return 'cancelled';
  return nowMs >= file.readyAtMs ? 'completed' : 'in_progress';
}

export function countFiles(files: Iterable<AttachedFile>, nowMs: number): Record<string, number> {
  const counts = { in_progress: 0, completed: 0, failed: 0, cancelled: 0, total: 0 };
  for (const file of files) {
    counts[statusOf(file, nowMs)] += 1;
    counts.total += 1;
  }
  return counts;
}

/** The store that the path names. Throws OpenAiError (404). */
export function findVectorStore(call: Call, simulation: Simulation): VectorStore {
  return requireVectorStore(call.ids[0] ?? '', simulation, null);
}

export function requireVectorStore(id: string, simulation: Simulation, param: string | null): VectorStore {
  const store = simulation.vectorStores.find(id);
  if (store) return store;
  throw invalidRequest(`Vector store with id '${id}' not found.`, param, null, 404);
}

/** A file that is deleted leaves every store. */
export function detachEverywhere(fileId: string, simulation: Simulation): void {
  for (const store of simulation.vectorStores.all()) store.files.delete(fileId);
}
