import type { QueryClient } from '@tanstack/react-query';
import type { SettingsPatch } from '../../../../proxy/contract/settings.ts';
import { api, control } from '../../api/client.ts';
import { showError } from '../../api/show-error.ts';
import type { Command } from '../../palette/commands.ts';
import { settingsText } from '../../text/settings.ts';

const { commands: text } = settingsText;

/** The page follows the setting, also when it was changed here. */
function set(queries: QueryClient, patch: SettingsPatch): void {
  control.settings
    .set(patch)
    .then((settings) => queries.setQueryData(api.settings.get.queryKey(), settings))
    .catch(showError);
}

const tab = (id: string, label: string, name: string, keywords: readonly string[]): Command => ({
  id,
  label,
  keywords,
  run: ({ navigate }) => void navigate({ to: '/settings', search: { tab: name } }),
});

export const commands: readonly Command[] = [
  tab('settings.prices', text.prices, 'prices', ['cost', 'rates']),
  tab('settings.checks', text.checks, 'checks', ['doctor', 'diagnose']),
  tab('settings.sessions', text.sessions, 'sessions', ['browser', 'sign out']),
  {
    id: 'settings.dark',
    label: text.dark,
    run: ({ queries }) => set(queries, { dashboard: { theme: 'dark' } }),
  },
  {
    id: 'settings.light',
    label: text.light,
    run: ({ queries }) => set(queries, { dashboard: { theme: 'light' } }),
  },
  {
    id: 'settings.auto',
    label: text.auto,
    run: ({ queries }) => set(queries, { dashboard: { theme: 'auto' } }),
  },
  { id: 'settings.utc', label: text.utc, run: ({ queries }) => set(queries, { dashboard: { time: 'utc' } }) },
  {
    id: 'settings.local',
    label: text.local,
    run: ({ queries }) => set(queries, { dashboard: { time: 'local' } }),
  },
];
