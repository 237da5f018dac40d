import { ALERT_KINDS, type AlertKind } from '../../../../proxy/contract/alert-words.ts';
import type { SearchText } from '../../router/search.ts';

export interface AlertsFilter {
  readonly view: 'alerts' | 'rules';
  readonly state: 'open' | 'all';
  readonly kind: AlertKind | undefined;
  readonly app: string | undefined;
}

export function parseAlertsFilter(search: Readonly<SearchText>): AlertsFilter {
  const { app } = search;
  return {
    view: search['view'] === 'rules' ? 'rules' : 'alerts',
    state: search['state'] === 'all' ? 'all' : 'open',
    kind: ALERT_KINDS.find((kind) => kind === search['kind']),
    app: app === undefined || app === '' || app.length > 100 ? undefined : app,
  };
}
