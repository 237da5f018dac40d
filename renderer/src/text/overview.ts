import { defineText } from './define-text.ts';

export const overviewText = defineText('overview', {
  title: 'Overview',
  lead: 'Where the money goes.',
  facts: { today: 'Today', month: 'This month', held: 'Held' },
});
