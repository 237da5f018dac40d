import { defineText } from './define-text.ts';

export const requestsText = defineText('requests', {
  title: 'Requests',
  lead: 'Every request as it begins and as it ends.',
  list: 'Requests',
  empty: { title: 'No requests yet', what: 'The first request of an app appears here at once.' },
  columns: { at: 'When', app: 'App', model: 'Model', outcome: 'Outcome', cost: 'Cost' },
});
