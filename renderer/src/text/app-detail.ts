import { defineText, plural } from './define-text.ts';

export const appDetailText = defineText('app-detail', {
  title: 'App',
  back: 'Apps',
  missing: { next: 'Show all apps' },
  pause: 'Pause',
  resume: 'Resume',
  keys: { pause: 'Pause or resume', add: 'Add a limit', token: 'New token' },
  lead: {
    today: (spent: string, requests: number, shown: string): string =>
      `${spent} and ${shown} ${plural(requests, { one: 'request', other: 'requests' })} today`,
    month: (spent: string): string => `${spent} this month`,
    seen: 'last request',
    never: 'no request yet',
  },
  notices: {
    paused: (since: string): string => `Paused since ${since}. Every request is refused.`,
    observe: 'Observing: its limits warn and refuse nothing. Limits of the whole key still hold.',
    observeNext: 'Enforce…',
    over: 'A limit is used up: what would go over it is refused.',
  },
  tabs: {
    label: 'Parts of this app',
    limits: 'Limits',
    tokens: 'Tokens',
    policy: 'Policy',
    settings: 'Settings',
  },
  palette: {
    addLimit: (app: string): string => `Add a limit to ${app}`,
    newToken: (app: string): string => `New token for ${app}`,
  },
  recent: {
    title: 'Recent requests',
    all: 'All requests',
    none: 'No request yet. The first one appears here at once.',
    columns: {
      at: 'When',
      endpoint: 'Endpoint',
      model: 'Model',
      outcome: 'Outcome',
      tokens: 'Tokens',
      cost: 'Cost',
    },
    outcomes: {
      settled: 'Settled',
      estimated: 'Estimated',
      'charged-at-bound': 'At its bound',
      voided: 'Not billed',
      refused: 'Refused',
      open: 'Under way',
    },
    unknownCost: 'The price of this model is unknown, or the request is still under way.',
  },
});
