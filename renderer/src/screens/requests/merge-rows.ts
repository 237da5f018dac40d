import type { RequestView } from '../../../../proxy/contract/requests.ts';

/** Ids of one ledger rise: a longer one is younger, and of two as long the one that sorts later. */
export function compareIds(a: string, b: string): number {
  return a.length - b.length || (a < b ? -1 : a > b ? 1 : 0);
}

export interface MergeOptions {
  /** Rows older than the last that was read come with their page; false when everything was read. */
  readonly hasMore: boolean;
  /** Rows younger than this one wait; null shows everything. */
  readonly holdAbove: string | null;
  isWanted(row: RequestView): boolean;
}

export interface MergedRows {
  /** The newest first. */
  readonly rows: readonly RequestView[];
  /** How many are held back. */
  readonly waiting: number;
}

/**
 * What was read and what events told since, as one list. An event and a page may have passed each other on
 * the way, so of two states of a request the one that has ended is the later one.
 */
export function mergeRows(
  read: readonly RequestView[],
  live: ReadonlyMap<string, RequestView>,
  { hasMore, holdAbove, isWanted }: MergeOptions,
): MergedRows {
  const rows: RequestView[] = [];
  const seen = new Set<string>();
  for (const row of read) {
    if (seen.has(row.id)) continue;
    seen.add(row.id);
    const told = live.get(row.id);
    const now = told !== undefined && row.outcome === 'open' ? told : row;
    if (isWanted(now)) rows.push(now);
  }
  const oldest = hasMore ? read.at(-1)?.id : undefined;
  const others = [...live.values()].filter(
    (row) => !seen.has(row.id) && isWanted(row) && (oldest === undefined || compareIds(row.id, oldest) > 0),
  );
  if (others.length > 0) rows.push(...others);
  rows.sort((a, b) => compareIds(b.id, a.id));
  if (holdAbove === null) return { rows, waiting: 0 };
  const shown = rows.findIndex(({ id }) => compareIds(id, holdAbove) <= 0);
  const waiting = shown === -1 ? rows.length : shown;
  return { rows: rows.slice(waiting), waiting };
}
