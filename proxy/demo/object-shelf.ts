/** Keeps the newest objects of one kind, as OpenAI keeps them all. */
export interface ObjectShelf<T extends { readonly id: string }> {
  find(id: string): T | null;
  /** From the oldest to the newest. */
  all(): readonly T[];
  add(object: T): void;
  remove(id: string): boolean;
}

/** `onEvicted` is told what had to go because there is too much of it. */
export function createShelf<T extends { readonly id: string }>(
  most = 2000,
  onEvicted: (object: T) => void = () => undefined,
): ObjectShelf<T> {
  const objects = new Map<string, T>();
  return {
    find: (id) => objects.get(id) ?? null,
    all: () => [...objects.values()],
    add: (object) => {
      objects.set(object.id, object);
      if (objects.size <= most) return;
      const oldest = objects.values().next().value;
      if (!oldest) return;
      objects.delete(oldest.id);
      onEvicted(oldest);
    },
    remove: (id) => objects.delete(id),
  };
}
