import { defineText } from './define-text.ts';

export const securityText = defineText('security', {
  title: 'Security',
  lead: 'What protects the key and the budget, and what does not yet.',
  list: 'Security',
  empty: { title: 'Nothing to check', what: 'This engine has no points to look at.' },
  columns: { title: 'Point', state: 'State', severity: 'Severity' },
});
