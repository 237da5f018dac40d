import { defineText } from './define-text.ts';

export const onboardingText = defineText('onboarding', {
  title: 'First steps',
  lead: 'Store the key, set a cap, point a program here.',
  facts: { baseUrl: 'Base URL', key: 'Key' },
});
