import { defineText } from './define-text.ts';

export const alertsText = defineText('alerts', {
  title: 'Alerts',
  lead: 'What you were told, the newest first.',
  list: 'Alerts',
  empty: {
    title: 'Nothing to tell',
    what: 'Budgets that run low, refusals and trouble with the key appear here.',
  },
  columns: { title: 'What', app: 'App', severity: 'Severity', at: 'When' },
});
