import type { Command } from '../../palette/commands.ts';
import { securityText } from '../../text/security.ts';

const { commands: text } = securityText;

export const commands: readonly Command[] = [
  {
    id: 'security.open',
    label: text.open,
    keywords: ['findings', 'audit'],
    run: ({ navigate }) => void navigate({ to: '/security', search: {} }),
  },
  {
    id: 'security.scan',
    label: text.scan,
    keywords: ['secrets', 'leaks', '.env'],
    run: ({ navigate }) => void navigate({ to: '/security', search: { scan: 'usual' } }),
  },
];
