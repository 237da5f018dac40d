/** One of the rollups: sums of requests by stretches of time that all have the same length. */
export interface Level {
  readonly table: string;
  /** Which stretch, counted from the epoch in UTC. */
  readonly column: string;
  /** Its length in quarters of an hour. */
  readonly size: number;
  readonly hasUsers: boolean;
}

export const QUARTERS: Level = { table: 'rollup', column: 'quarter', size: 1, hasUsers: true };
export const PLAIN_QUARTERS: Level = {
  table: 'rollup_quarter_apps',
  column: 'quarter',
  size: 1,
  hasUsers: false,
};
export const HOURS: Level = { table: 'rollup_hour', column: 'hour', size: 4, hasUsers: false };
export const DAYS: Level = { table: 'rollup_day_apps', column: 'day', size: 96, hasUsers: false };
export const USER_DAYS: Level = { table: 'rollup_day', column: 'day', size: 96, hasUsers: true };
export const USER_BLOCKS: Level = { table: 'rollup_block', column: 'block', size: 32 * 96, hasUsers: true };

export const LEVELS: readonly Level[] = [QUARTERS, PLAIN_QUARTERS, HOURS, DAYS, USER_DAYS, USER_BLOCKS];
/** What sums are read from that ask for no user, and for users. The finest first. */
export const PLAIN_LEVELS: readonly Level[] = [PLAIN_QUARTERS, HOURS, DAYS];
export const USER_LEVELS: readonly Level[] = [QUARTERS, USER_DAYS, USER_BLOCKS];

/** Whole stretches of a level, from `first` to before `end`. */
export interface Part {
  readonly level: Level;
  readonly first: number;
  readonly end: number;
}

/** Cuts the quarters from `from` to before `end` into stretches as long as there are, each once. */
export function cut(from: number, end: number, [fine, ...coarser]: readonly Level[]): Part[] {
  if (!fine || from >= end) return [];
  const part = (first: number, last: number): Part[] =>
    first < last ? [{ level: fine, first: first / fine.size, end: last / fine.size }] : [];
  const [next] = coarser;
  if (!next) return part(from, end);
  const first = Math.ceil(from / next.size) * next.size;
  const last = Math.floor(end / next.size) * next.size;
  if (first >= last) return part(from, end);
  return [...part(from, first), ...cut(first, last, coarser), ...part(last, end)];
}
