import { defineText, plural } from './define-text.ts';

export const coverageText = defineText('coverage', {
  title: 'Coverage',
  lead: "What happens to each route of OpenAI's API. What is not here is refused, unless an app is allowed unknown routes.",
  list: 'Routes',
  empty: { title: 'No routes', what: 'This engine forwards nothing.' },
  none: {
    title: 'No route fits the filter',
    what: 'Other words, or another kind, may.',
    next: 'Show all routes',
  },
  columns: { method: 'Method', path: 'Path', how: 'What happens', optIn: 'Opt-in', note: 'How, or why not' },
  anyMethod: 'Any',
  how: { metered: 'Metered', free: 'Free', unmetered: 'Unmetered', refused: 'Refused' },
  tiles: {
    label: 'Routes by what happens',
    metered: 'Budget is held before, the cost is booked after',
    free: 'Costs nothing; app token and rate limits still hold',
    unmetered: 'Cost unknown: only for apps without a USD limit',
    refused: 'Never forwarded to OpenAI',
  },
  filter: {
    label: 'Find a route or a reason',
    optIn: 'Opt-in',
    anyOptIn: 'Any opt-in',
    noOptIn: 'Needs none',
  },
  shown: (shown: number, all: number): string =>
    shown === all ? `${all} ${plural(all, { one: 'row', other: 'rows' })}` : `${shown} of ${all} rows`,
  detail: {
    title: 'Route',
    family: 'Everything at or below this path',
    how: 'What happens',
    held: {
      metered:
        'The most that the request can cost is held from every limit before it leaves. What it did cost is booked afterwards.',
      free: 'Nothing is held. The request is recorded and counts for limits of requests.',
      unmetered:
        'Nothing can be held for it, so an app under a limit of dollars cannot use it. Elsewhere its cost is recorded as unknown.',
      refused: 'The request ends here with an error that says so. No byte of it reaches OpenAI.',
    },
    metered: 'How',
    refused: 'Why',
    note: 'Mind',
    optIn: 'Needs',
    none: 'No opt-in: every app may use it',
    allowedBy: 'Allowed for',
    nobody: 'No app yet',
    never: 'Nothing allows it: it is refused for every app',
    change: 'Opt-ins are part of the policy of an app.',
    open: 'Open an app',
  },
  commands: { open: 'What is metered, free or refused', refused: 'Routes that are refused' },
});
