import { appScreen } from '../../../../proxy/contract/screens.ts';
import type { AppCommand, Command } from '../../palette/commands.ts';
import { appDetailText } from '../../text/app-detail.ts';

const { palette: text } = appDetailText;

export const commands: readonly Command[] = [];

export const appCommands: readonly AppCommand[] = [
  {
    id: 'app-detail.limit',
    label: ({ name }) => text.addLimit(name),
    run: ({ navigate }, { id }) => void navigate({ to: appScreen(id), search: { open: 'new' } }),
  },
  {
    id: 'app-detail.token',
    label: ({ name }) => text.newToken(name),
    run: ({ navigate }, { id }) =>
      void navigate({ to: appScreen(id), search: { tab: 'tokens', open: 'new' } }),
  },
];
