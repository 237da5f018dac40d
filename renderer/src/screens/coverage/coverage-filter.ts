import { OPT_INS, type OptIn } from '../../../../proxy/contract/app-policy.ts';
import type { CoverageRow } from '../../../../proxy/contract/coverage.ts';
import type { SearchText } from '../../router/search.ts';

export const HOWS = [
  'metered',
  'free',
  'unmetered',
  'refused',
] as const satisfies readonly CoverageRow['how'][];
export type How = (typeof HOWS)[number];

export interface CoverageFilter {
  readonly words: string;
  readonly how: How | null;
  /** `none` for routes that every app may use. */
  readonly optIn: OptIn | 'none' | null;
  /** Of the row that is open. */
  readonly route: string | null;
}

export function parseFilter(search: Readonly<SearchText>): CoverageFilter {
  const optIn = search['opt-in'];
  return {
    words: search['q'] ?? '',
    how: HOWS.find((name) => name === search['how']) ?? null,
    optIn: optIn === 'none' ? 'none' : (OPT_INS.find((name) => name === optIn) ?? null),
    route: search['route'] ?? null,
  };
}

/** A path alone may be there with several methods. */
export function routeKey({ method, path }: CoverageRow): string {
  return `${method ?? 'ANY'} ${path}`;
}

export function filterRoutes(
  routes: readonly CoverageRow[],
  { words, how, optIn }: CoverageFilter,
): readonly CoverageRow[] {
  const wanted = words.trim().toLowerCase();
  return routes.filter((row) => {
    if (how !== null && row.how !== how) return false;
    if (optIn !== null && (row.optIn ?? 'none') !== optIn) return false;
    return wanted === '' || `${routeKey(row)} ${row.note}`.toLowerCase().includes(wanted);
  });
}

/** Notes come as the end of a sentence; alone they begin one. */
export function asSentence(note: string): string {
  return note.charAt(0).toUpperCase() + note.slice(1);
}
