import type { SearchText } from '../../router/search.ts';

/** The dialog is in the address, so that the palette and the checklist can lead to it. */
export function parseKeySearch(search: Readonly<SearchText>): { readonly isRotating: boolean } {
  return { isRotating: search['rotate'] === 'yes' };
}
