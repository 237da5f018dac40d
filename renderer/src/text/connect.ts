import { defineText } from './define-text.ts';

export const connectText = defineText('connect', {
  title: 'Connect',
  lead: 'How each tool is pointed at Tollgate.',
  list: 'Connect',
  empty: { title: 'No tools', what: 'This engine knows of none.' },
  columns: { name: 'Tool', category: 'Kind', support: 'Support' },
});
