import { defineText } from './define-text.ts';

export const keyText = defineText('key', {
  title: 'Key',
  lead: 'The OpenAI key that Tollgate keeps and no program sees.',
  facts: { state: 'State', backend: 'Kept in', kind: 'Kind', fingerprint: 'Fingerprint' },
});
