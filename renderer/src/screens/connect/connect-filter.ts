import type { Tool } from '../../../../proxy/contract/snippets.ts';
import type { SearchText } from '../../router/search.ts';

export const SHOWN = ['all', 'here', 'works'] as const;
export type Shown = (typeof SHOWN)[number];

export interface ConnectFilter {
  readonly words: string;
  readonly shown: Shown;
  /** Ids; null where nothing was chosen. */
  readonly tool: string | null;
  readonly app: string | null;
  readonly model: string | null;
}

export function parseFilter(search: Readonly<SearchText>): ConnectFilter {
  return {
    words: search['q'] ?? '',
    shown: SHOWN.find((name) => name === search['show']) ?? 'all',
    tool: search['tool'] ?? null,
    app: search['app'] ?? null,
    model: search['model'] ?? null,
  };
}

export function filterTools(tools: readonly Tool[], { words, shown }: ConnectFilter): readonly Tool[] {
  const wanted = words.trim().toLowerCase();
  return tools.filter((tool) => {
    if (shown === 'here' && tool.installed !== true) return false;
    if (shown === 'works' && tool.support !== 'works') return false;
    return wanted === '' || `${tool.name} ${tool.id} ${tool.note}`.toLowerCase().includes(wanted);
  });
}
