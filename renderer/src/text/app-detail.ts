import { defineText } from './define-text.ts';

export const appDetailText = defineText('app-detail', {
  title: 'App',
  lead: 'One app and its limits.',
  facts: { name: 'Name', mode: 'State', limits: 'Limits' },
});
