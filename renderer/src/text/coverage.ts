import { defineText } from './define-text.ts';

export const coverageText = defineText('coverage', {
  title: 'Coverage',
  lead: "What happens to each route of OpenAI's API.",
  list: 'Coverage',
  empty: { title: 'No routes', what: 'This engine forwards nothing.' },
  columns: { method: 'Method', path: 'Path', how: 'How', note: 'Note' },
});
