import { ActionIcon, Menu } from '@mantine/core';
import { IconArrowRight, IconDots, IconListDetails, IconTrash } from '@tabler/icons-react';
import { useNavigate } from '@tanstack/react-router';
import { type ReactNode, useState } from 'react';
import type { AppView } from '../../../../proxy/contract/apps.ts';
import { appScreen } from '../../../../proxy/contract/screens.ts';
import { AppPauseButton } from '../../components/app-pause-button.tsx';
import { appsText as text } from '../../text/apps.ts';
import { RemoveAppDialog } from './remove-app-dialog.tsx';

/** The switch that stops an app, and what else can be done from its row. */
export function AppRowActions({ app }: { readonly app: AppView }): ReactNode {
  const navigate = useNavigate();
  const [isRemoving, setRemoving] = useState(false);
  return (
    <div className="tg-app-actions">
      <AppPauseButton app={app} />
      <Menu>
        <Menu.Target>
          <ActionIcon size={28} aria-label={text.more(app.name)}>
            <IconDots size={16} />
          </ActionIcon>
        </Menu.Target>
        <Menu.Dropdown>
          <Menu.Item
            leftSection={<IconArrowRight size={15} />}
            onClick={() => void navigate({ to: appScreen(app.id) })}
          >
            {text.menu.open}
          </Menu.Item>
          <Menu.Item
            leftSection={<IconListDetails size={15} />}
            onClick={() => void navigate({ to: '/requests', search: { app: app.id } })}
          >
            {text.menu.requests}
          </Menu.Item>
          <Menu.Divider />
          <Menu.Item color="red" leftSection={<IconTrash size={15} />} onClick={() => setRemoving(true)}>
            {text.menu.remove}
          </Menu.Item>
        </Menu.Dropdown>
      </Menu>
      <RemoveAppDialog app={app} isOpen={isRemoving} onClose={() => setRemoving(false)} />
    </div>
  );
}
