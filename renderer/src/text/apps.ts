import { defineText } from './define-text.ts';

export const appsText = defineText('apps', {
  title: 'Apps',
  lead: 'Every program that may spend, and how far it may go.',
  list: 'Apps',
  empty: { title: 'No apps yet', what: 'An app is a name, a token and a cap for one program.' },
  columns: { name: 'Name', mode: 'State', today: 'Today', month: 'This month', seen: 'Last request' },
});
