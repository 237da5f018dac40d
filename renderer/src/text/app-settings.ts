import { defineText } from './define-text.ts';

export const appSettingsText = defineText('app-settings', {
  mode: {
    title: 'Mode',
    options: {
      enforce: { title: 'Enforce', what: 'What would go over a limit is refused before it is sent.' },
      observe: {
        title: 'Observe',
        what: 'Records and warns, refuses nothing. Only limits of the whole key still hold.',
      },
    },
    paused: 'It is paused now. This is what it goes back to when it is resumed.',
    save: { enforce: 'Enforce its limits', observe: 'Stop enforcing' },
    toObserve: 'From the next request on, no limit and no rate of this app refuses anything.',
    toEnforce: 'From the next request on, what would go over a limit is refused.',
    usedUp: (words: string): string => `Used up already, so requests are refused at once: ${words}.`,
  },
  name: {
    title: 'Name',
    what: 'What lists, alerts and the command line call it. Tokens stay as they are.',
    save: 'Rename',
  },
  danger: {
    title: 'Remove this app',
    what: 'Ends its tokens, cuts what is under way and takes its limits away. What it has spent stays on record.',
    button: 'Remove app…',
  },
});
