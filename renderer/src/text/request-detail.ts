import { defineText } from './define-text.ts';

export const requestDetailText = defineText('request-detail', {
  title: 'Request',
  lead: 'One request and the life of its hold.',
  facts: { id: 'Id', app: 'App', model: 'Model', outcome: 'Outcome', cost: 'Cost' },
});
