import type { AppView } from '../../../../proxy/contract/apps.ts';
import { APP_STATES, type AppState, stateOf } from '../../components/app-state.tsx';
import type { Sort } from '../../components/table-columns.ts';
import type { SearchText } from '../../router/search.ts';

export interface AppsFilter {
  readonly text: string;
  readonly state: AppState | null;
  readonly sort: Sort | undefined;
  /** Whether the dialog for a new app is open. */
  readonly isCreating: boolean;
}

/** `?q=note&state=paused&sort=-today&new=1` */
export function parseAppsFilter({ q = '', state, sort = '', new: isNew }: Readonly<SearchText>): AppsFilter {
  const desc = sort.startsWith('-');
  return {
    text: q,
    state: APP_STATES.find((each) => each === state) ?? null,
    sort: sort === '' ? undefined : { id: desc ? sort.slice(1) : sort, desc },
    isCreating: isNew !== undefined,
  };
}

export function sortName(sort: Sort | null): string | undefined {
  return sort === null ? undefined : `${sort.desc ? '-' : ''}${sort.id}`;
}

export function filterApps(apps: readonly AppView[], { text, state }: AppsFilter): readonly AppView[] {
  const wanted = text.trim().toLowerCase();
  return apps.filter(
    (app) => app.name.toLowerCase().includes(wanted) && (state === null || stateOf(app) === state),
  );
}
