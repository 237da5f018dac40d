import { notifications } from '@mantine/notifications';
import { api, control } from '../../api/client.ts';
import { showError } from '../../api/show-error.ts';
import type { Command } from '../../palette/commands.ts';
import { alertsText as text } from '../../text/alerts.ts';

export const commands: readonly Command[] = [
  {
    id: 'alerts.acknowledge-all',
    label: text.commands.acknowledgeAll,
    run: ({ queries }) => {
      control.alerts.acknowledge({ ids: 'all' }).then(({ acknowledged }) => {
        void queries.invalidateQueries({ queryKey: api.alerts.list.key() });
        void queries.invalidateQueries({ queryKey: api.engine.status.key() });
        notifications.show({ message: text.actions.acknowledgeAllDone(acknowledged) });
      }, showError);
    },
  },
  {
    id: 'alerts.rules',
    label: text.commands.rules,
    run: ({ navigate }) => void navigate({ to: '/alerts', search: { view: 'rules' } }),
  },
  {
    id: 'alerts.history',
    label: text.commands.history,
    run: ({ navigate }) => void navigate({ to: '/alerts', search: { state: 'all' } }),
  },
];
