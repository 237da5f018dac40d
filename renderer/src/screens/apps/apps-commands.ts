import type { AppView } from '../../../../proxy/contract/apps.ts';
import { putApp } from '../../api/app-cache.ts';
import { control } from '../../api/client.ts';
import { showError } from '../../api/show-error.ts';
import type { AppCommand, Command, CommandContext } from '../../palette/commands.ts';
import { appsText as text } from '../../text/apps.ts';
import { pauseText } from '../../text/pause.ts';

export const commands: readonly Command[] = [
  {
    id: 'apps.create',
    label: text.create,
    keywords: [...text.createWords],
    run: ({ navigate }) => void navigate({ to: '/apps', search: { new: '1' } }),
  },
];

export const appCommands: readonly AppCommand[] = [
  {
    id: 'apps.pause',
    label: ({ name, mode }) => (mode === 'paused' ? null : pauseText.pause(name)),
    run: (context, { id }) => void change(context, control.apps.pause({ app: id })),
  },
  {
    id: 'apps.resume',
    label: ({ name, mode }) => (mode === 'paused' ? pauseText.resume(name) : null),
    run: (context, { id }) => void change(context, control.apps.resume({ app: id })),
  },
];

async function change({ queries }: CommandContext, changed: Promise<AppView>): Promise<void> {
  try {
    putApp(queries, await changed);
  } catch (error) {
    showError(error);
  }
}
