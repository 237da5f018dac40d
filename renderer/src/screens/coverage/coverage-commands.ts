import type { Command } from '../../palette/commands.ts';
import { coverageText } from '../../text/coverage.ts';

const { commands: text } = coverageText;

export const commands: readonly Command[] = [
  {
    id: 'coverage.open',
    label: text.open,
    keywords: ['routes', 'endpoints'],
    run: ({ navigate }) => void navigate({ to: '/coverage', search: {} }),
  },
  {
    id: 'coverage.refused',
    label: text.refused,
    run: ({ navigate }) => void navigate({ to: '/coverage', search: { how: 'refused' } }),
  },
];
