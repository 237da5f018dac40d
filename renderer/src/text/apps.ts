import { defineText, plural } from './define-text.ts';

export const appsText = defineText('apps', {
  title: 'Apps',
  lead: 'Every program that may spend, and how far it may go.',
  list: 'Apps',
  create: 'New app',
  createKey: 'New app',
  createWords: ['create app', 'add app', 'token'],
  pauseKey: 'Pause or resume the app of the row',
  filter: 'Filter by name',
  state: 'State',
  states: { all: 'All', enforce: 'Enforcing', observe: 'Observing', over: 'Over', paused: 'Paused' },
  columns: {
    name: 'Name',
    state: 'State',
    spend: 'Tightest limit',
    today: 'Today',
    seen: 'Last request',
    stop: 'Pause and more',
  },
  limits: (count: number): string =>
    count === 0 ? 'No limits' : `${count} ${plural(count, { one: 'limit', other: 'limits' })}`,
  noToken: 'no token',
  noLimit: 'No limit of its own',
  of: (cap: string): string => `of ${cap}`,
  held: (amount: string): string => `${amount} held`,
  free: (amount: string): string => `${amount} free`,
  never: 'Never',
  modes: {
    enforce: 'enforces when resumed',
    observe: 'observes when resumed',
    refuses: (until: string): string => `refuses until ${until}`,
    refusesForever: 'refuses until it is raised',
    nothing: 'refuses nothing',
  },
  more: (app: string): string => `More for ${app}`,
  menu: { open: 'Open', requests: 'Its requests', remove: 'Remove…' },
  empty: {
    title: 'No apps yet',
    what: 'An app is a name, a token and a cap for one program. Make one for each, and none can spend more than you allow.',
    next: 'Make the first app',
  },
  noMatch: {
    title: 'No app matches',
    what: 'No app has this name and state.',
    next: 'Show all apps',
  },
  remove: {
    title: (app: string): string => `Remove ${app}?`,
    now: 'At once:',
    tokens: (count: number): string =>
      count === 0
        ? 'It has no app token that works'
        : `${count} app ${plural(count, { one: 'token stops', other: 'tokens stop' })} working, and programs that use ${plural(count, { one: 'it', other: 'them' })} get 401`,
    streams: 'Requests and streams under way are cut',
    limits: (words: string): string => `Its limits go: ${words}`,
    record: 'What it has spent stays on record and counts for the limits of the whole key.',
    noUndo: 'This cannot be taken back: a new app of this name gets new tokens.',
    confirm: (app: string): string => `Remove ${app}`,
  },
});
