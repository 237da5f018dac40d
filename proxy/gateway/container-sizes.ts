import type { HostedTools } from '../pricing/hosted-bound.ts';
import type { UsedContainer } from '../pricing/usage.ts';
import type { OwnedObjects } from './owned-objects.ts';

/** A container that is named and that nobody here has made may be of the largest size. */
const UNKNOWN_CONTAINER_UNITS = 64;

/**
 * The memory that containers of a request's tools are billed by, in gigabytes. Plain data, so that it can
 * wait in the ledger.
 */
export interface ContainerSizes {
  /** By the id that the request names; null where it is not known. */
  readonly named: Readonly<Record<string, number | null>>;
  /** Of one that was made for the answer, by the tool that runs in it. */
  readonly code: number;
  readonly shell: number;
}

/** Where a request names no container, and OpenAI chooses one all the same. */
export const PLAIN_SIZES: ContainerSizes = { named: {}, code: 1, shell: 1 };

export function containerSizes(
  objects: Pick<OwnedObjects, 'get'>,
  hosted: Pick<HostedTools, 'newContainers' | 'containerIds'> | null,
): ContainerSizes {
  if (!hosted) return PLAIN_SIZES;
  const { newContainers, containerIds } = hosted;
  // An answer does not say which of several wishes a container was made for.
  const largest = (wanted: string): number =>
    Math.max(1, ...newContainers.map(({ tool, units }) => (tool === wanted ? units : 0)));
  const named = containerIds.map((id) => [id, unitsIn(objects.get(id)?.detail ?? null)] as const);
  return { named: Object.fromEntries(named), code: largest('code'), shell: largest('shell') };
}

/** Of each container that the tools may run in, at most. */
export function unitsOfEach(
  { newContainers }: Pick<HostedTools, 'newContainers'>,
  { named }: ContainerSizes,
): readonly number[] {
  return [
    ...newContainers.map(({ units }) => units),
    ...Object.values(named).map((units) => units ?? UNKNOWN_CONTAINER_UNITS),
  ];
}

/** Of all containers that an answer has used; each is billed once, whichever tools have run in it. */
export function unitsOfUsed(used: readonly UsedContainer[], sizes: ContainerSizes): number {
  const units = new Map<string, number>();
  for (const { id, tool } of used) {
    const key = id ?? `(${tool})`;
    units.set(key, Math.max(units.get(key) ?? 0, unitsOf(id, tool, sizes)));
  }
  return [...units.values()].reduce((sum, each) => sum + each, 0);
}

function unitsOf(id: string | null, tool: UsedContainer['tool'], sizes: ContainerSizes): number {
  if (id === null || !Object.hasOwn(sizes.named, id)) return sizes[tool];
  return sizes.named[id] ?? UNKNOWN_CONTAINER_UNITS;
}

/** Whether the size of one of them could only be guessed. */
export function isGuessed(used: readonly UsedContainer[], { named }: ContainerSizes): boolean {
  return used.some(({ id }) => id !== null && Object.hasOwn(named, id) && named[id] === null);
}

/** What is noted of a container when it is made. */
export function containerDetail(memoryUnits: number): string {
  return JSON.stringify({ memoryUnits });
}

function unitsIn(detail: string | null): number | null {
  if (detail === null) return null;
  const { memoryUnits } = JSON.parse(detail) as { memoryUnits?: number };
  return memoryUnits ?? null;
}
