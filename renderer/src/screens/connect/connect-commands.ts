import { notifications } from '@mantine/notifications';
import { api } from '../../api/client.ts';
import { showError } from '../../api/show-error.ts';
import type { Command } from '../../palette/commands.ts';
import { commonText } from '../../text/common.ts';
import { connectText } from '../../text/connect.ts';

const { commands: text } = connectText;

export const commands: readonly Command[] = [
  {
    id: 'connect.open',
    label: text.open,
    keywords: ['codex', 'aider', 'langchain', 'sdk', 'snippet'],
    run: ({ navigate }) => void navigate({ to: '/connect', search: {} }),
  },
  {
    id: 'connect.here',
    label: text.here,
    run: ({ navigate }) => void navigate({ to: '/connect', search: { show: 'here' } }),
  },
  {
    id: 'connect.copy-base-url',
    label: text.copyBaseUrl,
    run: ({ queries }) => {
      queries
        .ensureQueryData(api.engine.status.queryOptions())
        .then(({ baseUrl }) => navigator.clipboard.writeText(baseUrl ?? ''))
        .then(() => notifications.show({ message: commonText.copied }))
        .catch(showError);
    },
  },
];
