import { objectId } from './object-ids.ts';
import { createShelf, type ObjectShelf } from './object-shelf.ts';
import { invalidRequest } from './openai-error.ts';
import { type Json, optionalChoice } from './request-fields.ts';
import type { Simulation } from './simulation.ts';

export type MemoryLimit = '1g' | '4g' | '16g' | '64g';

export interface ContainerFile {
  readonly id: string;
  readonly path: string;
  readonly bytes: Buffer;
  /** In seconds. */
  readonly createdAt: number;
}

/** A machine in which hosted tools run. */
export interface Container {
  readonly id: string;
  readonly name: string;
  readonly memoryLimit: MemoryLimit;
  /** Without being used, it lives so long. */
  readonly lifetimeMinutes: number;
  readonly createdAtMs: number;
  readonly files: ObjectShelf<ContainerFile>;
  lastActiveAtMs: number;
}

/** What a session costs, as a multiple of one with 1 GB: OpenAI's factor is the memory itself. */
const UNITS: Readonly<Record<MemoryLimit, number>> = { '1g': 1, '4g': 4, '16g': 16, '64g': 64 };
const MEMORY_LIMITS: readonly MemoryLimit[] = ['1g', '4g', '16g', '64g'];
export const DEFAULT_LIFETIME_MINUTES = 20;

export function sessionUnits({ memoryLimit }: Container): number {
  return UNITS[memoryLimit];
}

export function readMemoryLimit(body: Json): MemoryLimit {
  return optionalChoice(body, 'memory_limit', MEMORY_LIMITS) ?? '1g';
}

export function addContainer(
  simulation: Simulation,
  fields: Pick<Container, 'name' | 'memoryLimit' | 'lifetimeMinutes'>,
  fileIds: readonly string[],
): Container {
  const now = simulation.now();
  const container: Container = {
    ...fields,
    id: objectId('cntr_'),
    createdAtMs: now,
    lastActiveAtMs: now,
    files: createShelf(),
  };
  for (const id of fileIds) {
    const file = simulation.files.find(id);
    if (file) addContainerFile(container, file.fileName, file.bytes, now);
  }
  simulation.containers.add(container);
  return container;
}

export function addContainerFile(
  container: Container,
  name: string,
  bytes: Buffer,
  nowMs: number,
): ContainerFile {
  const createdAt = Math.floor(nowMs / 1000);
  const file = { id: objectId('cfile_'), path: `/mnt/data/${name}`, bytes, createdAt };
  container.files.add(file);
  return file;
}

export function isExpired(container: Container, nowMs: number): boolean {
  return nowMs >= container.lastActiveAtMs + container.lifetimeMinutes * 60_000;
}

/** A container that a tool is told to run in. Throws OpenAiError (404). */
export function requireContainer(id: string, simulation: Simulation): Container {
  const container = simulation.containers.find(id);
  if (container && !isExpired(container, simulation.now())) return container;
  throw invalidRequest(`Container with id '${id}' not found.`, 'tools', 'container_not_found', 404);
}
