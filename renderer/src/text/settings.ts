import { defineText } from './define-text.ts';

export const settingsText = defineText('settings', {
  title: 'Settings',
  lead: 'What is remembered for you.',
  facts: { theme: 'Colours', time: 'Times in', updates: 'Updates' },
});
