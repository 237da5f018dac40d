import { useNavigate, useSearch } from '@tanstack/react-router';
import { useCallback, useMemo } from 'react';

/** What stands after the `?`: names and plain text, so that an address can be read and written by hand. */
export type SearchText = { [name: string]: string };

export function parseSearchText(text: string): SearchText {
  return Object.fromEntries(new URLSearchParams(text));
}

export function writeSearchText(search: Readonly<Record<string, unknown>>): string {
  const set = Object.entries(search).filter(([, value]) => value !== undefined && value !== '');
  const text = new URLSearchParams(set.map(([name, value]) => [name, String(value)])).toString();
  return text === '' ? '' : `?${text}`;
}

/** Every screen takes any text; what means nothing to it is ignored by its own parsing. */
export function anySearch(search: Readonly<Record<string, unknown>>): SearchText {
  return Object.fromEntries(Object.entries(search).map(([name, value]) => [name, String(value)]));
}

/**
 * The filter of a screen, which lives in the address: it survives a reload, can be bookmarked and sent, and
 * comes back with the screen. `parse` is to be made outside of the component; undefined takes a name away.
 */
export function useSearchFilter<Filter>(
  parse: (search: Readonly<SearchText>) => Filter,
): readonly [Filter, (patch: Readonly<Record<string, string | undefined>>) => void] {
  const search: SearchText = useSearch({ strict: false });
  const navigate = useNavigate();
  const filter = useMemo(() => parse(search), [parse, search]);
  const change = useCallback(
    (patch: Readonly<Record<string, string | undefined>>) => {
      void navigate({
        to: '.',
        replace: true,
        search: (before: Readonly<Record<string, unknown>>) => {
          const after = Object.entries({ ...before, ...patch }).filter(([, value]) => value !== undefined);
          return anySearch(Object.fromEntries(after));
        },
      });
    },
    [navigate],
  );
  return [filter, change];
}

const remembered = new Map<string, SearchText>();

/** Called for every place the user is at. */
export function rememberSearch(path: string, search: SearchText): void {
  remembered.set(path, search);
}

/** How a screen was filtered when it was left. */
export function rememberedSearch(path: string): SearchText {
  return remembered.get(path) ?? {};
}
