import type { SearchText } from '../../router/search.ts';

export const TABS = ['engine', 'dashboard', 'desktop', 'sessions', 'prices', 'checks', 'about'] as const;
export type Tab = (typeof TABS)[number];

export interface SettingsSearch {
  readonly tab: Tab;
  /** Of the prices. */
  readonly words: string;
  readonly isOwn: boolean;
  /** The model whose price is open; empty for a new one. */
  readonly price: string | null;
}

export function parseSearch(search: Readonly<SearchText>): SettingsSearch {
  return {
    tab: TABS.find((name) => name === search['tab']) ?? 'engine',
    words: search['q'] ?? '',
    isOwn: search['which'] === 'own',
    price: search['price'] ?? null,
  };
}
