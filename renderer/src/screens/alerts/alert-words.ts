import type { LinkProps } from '@tanstack/react-router';
import type { AlertKind } from '../../../../proxy/contract/alert-words.ts';
import type { AlertView } from '../../../../proxy/contract/alerts.ts';
import type { SearchText } from '../../router/search.ts';
import { alertsText as text } from '../../text/alerts.ts';

export interface Destination {
  readonly link: Pick<LinkProps, 'to' | 'params' | 'search'>;
  readonly label: string;
}

const REQUESTS: Readonly<Partial<Record<AlertKind, SearchText>>> = {
  refusals: { outcome: 'refused' },
  'unpriced-model': { reason: 'model_price_unknown' },
  'usage-problem': { outcome: 'charged-at-bound' },
  'unusual-spend': {},
  overage: {},
};
const CHECKLIST: Destination = { link: { to: '/security' }, label: text.go.security };
const KEY: Destination = { link: { to: '/key' }, label: text.go.key };
const PLACES: Readonly<Partial<Record<AlertKind, Destination>>> = {
  'unknown-token': CHECKLIST,
  'real-key': CHECKLIST,
  'peer-refused': CHECKLIST,
  'key-rejected': KEY,
  'key-unavailable': KEY,
  ledger: { link: { to: '/settings' }, label: text.go.settings },
};

/** Where an alert is dealt with. */
export function destinationOf({ kind, appId }: AlertView): Destination {
  const place = PLACES[kind];
  if (place) return place;
  const filter = REQUESTS[kind];
  if (filter) {
    const search = appId === null ? filter : { ...filter, app: appId };
    return { link: { to: '/requests', search }, label: text.go.requests };
  }
  return appId === null
    ? { link: { to: '/' }, label: text.go.limits }
    : { link: { to: '/apps/$appId', params: { appId } }, label: text.go.app };
}
