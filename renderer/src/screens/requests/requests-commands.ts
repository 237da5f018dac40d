import type { Command } from '../../palette/commands.ts';
import { requestsText as text } from '../../text/requests.ts';

export const commands: readonly Command[] = [
  {
    id: 'requests.running',
    label: text.commands.running,
    run: ({ navigate }) => void navigate({ to: '/requests', search: { outcome: 'open' } }),
  },
  {
    id: 'requests.refused',
    label: text.commands.refused,
    run: ({ navigate }) => void navigate({ to: '/requests', search: { outcome: 'refused' } }),
  },
  {
    id: 'requests.all',
    label: text.commands.all,
    run: ({ navigate }) => void navigate({ to: '/requests', search: {} }),
  },
];
