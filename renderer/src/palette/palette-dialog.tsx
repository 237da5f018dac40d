import '@mantine/spotlight/styles.layer.css';
import { Spotlight, type SpotlightActionGroupData, spotlight } from '@mantine/spotlight';
import { IconSearch } from '@tabler/icons-react';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { type ReactNode, useEffect } from 'react';
import { appScreen } from '../../../proxy/contract/screens.ts';
import { api } from '../api/client.ts';
import { usePauseAll } from '../layout/pause-control.tsx';
import { NAV } from '../layout/screens.ts';
import { rememberedSearch } from '../router/search.ts';
import { layoutText } from '../text/layout.ts';
import type { CommandContext, CommandModule } from './commands.ts';

const MODULES = import.meta.glob<CommandModule>('../screens/*/*-commands.ts', { eager: true });

/** Finds a screen, an app or a command by a few letters. */
// biome-ignore lint/style/noDefaultExport: React.lazy takes a default export
export default function PaletteDialog({ asked }: { readonly asked: number }): ReactNode {
  const { palette, pause, screens } = layoutText;
  const navigate = useNavigate();
  const queries = useQueryClient();
  const apps = useQuery(api.apps.list.queryOptions()).data?.apps ?? [];
  const { pauseAll, resumeAll } = usePauseAll();
  // biome-ignore lint/correctness/useExhaustiveDependencies: opens each time it is asked for
  useEffect(() => spotlight.open(), [asked]);

  const context: CommandContext = { navigate, queries };
  const own = Object.values(MODULES).flatMap(({ commands }) => commands);
  const ofApps = Object.values(MODULES).flatMap(({ appCommands = [] }) => appCommands);
  const actions: SpotlightActionGroupData[] = [
    {
      group: palette.goTo,
      actions: NAV.flat().map(({ screen, to, icon: Icon, key }) => ({
        id: `go.${screen}`,
        label: screens[screen],
        leftSection: <Icon size={17} stroke={1.6} aria-hidden="true" />,
        rightSection: key === null ? undefined : <kbd className="tg-dim tg-mono">{`g ${key}`}</kbd>,
        onClick: () => void navigate({ to, search: rememberedSearch(to) }),
      })),
    },
    {
      group: palette.actions,
      actions: [
        { id: 'pause.15m', label: `${pause.button}: ${pause.minutes15}`, onClick: () => pauseAll('15m') },
        { id: 'pause.open', label: `${pause.button}: ${pause.untilResumed}`, onClick: () => pauseAll(null) },
        { id: 'pause.resume', label: pause.resume, onClick: resumeAll },
        ...own.map(({ id, label, description, keywords, run }) => ({
          id,
          label,
          ...(description === undefined ? {} : { description }),
          ...(keywords === undefined ? {} : { keywords: [...keywords] }),
          onClick: () => run(context),
        })),
      ],
    },
    {
      group: palette.apps,
      actions: apps.flatMap((app) => [
        {
          id: `app.${app.id}`,
          label: palette.openApp(app.name),
          onClick: () => void navigate({ to: appScreen(app.id) }),
        },
        ...ofApps.flatMap(({ id, label, run }) => {
          const words = label(app);
          return words === null
            ? []
            : [{ id: `${id}.${app.id}`, label: words, onClick: () => run(context, app) }];
        }),
      ]),
    },
  ];
  return (
    <Spotlight
      actions={actions}
      shortcut={null}
      nothingFound={palette.empty}
      highlightQuery
      scrollable
      maxHeight={420}
      searchProps={{
        leftSection: <IconSearch size={17} stroke={1.6} aria-hidden="true" />,
        placeholder: palette.placeholder,
        'aria-label': palette.placeholder,
      }}
    />
  );
}
