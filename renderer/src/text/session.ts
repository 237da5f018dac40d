import { defineText } from './define-text.ts';

export const sessionText = defineText('session', {
  opening: 'Opening…',
  problems: {
    none: {
      title: 'This tab has no session',
      what: 'The dashboard opens with a link that works once. Other tabs and a restarted browser need a new one.',
    },
    used: {
      title: 'This link was used already',
      what: 'A link works once, within ten minutes, and only until the engine is restarted.',
    },
    attempts: {
      title: 'Too many wrong links',
      what: 'Wait a minute, then open a new link.',
    },
    ended: {
      title: 'This session has ended',
      what: 'Sessions end after twelve hours without use, after seven days, when they are revoked, and with the engine.',
    },
    unreachable: {
      title: 'The engine does not answer',
      what: 'The link could not be used because nothing answered. It still works once the engine runs.',
    },
  },
  next: 'Get a new link in a terminal:',
  command: 'npx tollgate open',
  start: 'Start the engine in a terminal, then open its link:',
  startCommand: 'npx tollgate serve',
});
