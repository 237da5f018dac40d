import { createStore } from '../../api/store.ts';

/** The rows of the log as they are shown, for whoever stands beside it and walks along. */
export const shownRows = createStore<readonly string[]>([]);

/** The row before or after another; null at an end, and for one that is not shown. */
export function neighbour(rows: readonly string[], id: string, by: 1 | -1): string | null {
  const at = rows.indexOf(id);
  return at === -1 ? null : (rows[at + by] ?? null);
}
