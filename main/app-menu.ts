import { app, type MenuItemConstructorOptions } from 'electron';
import { SCREENS } from '../proxy/contract/screens.ts';
import { APP_NAME } from './identity.ts';

export interface MenuActions {
  open(screen: string | null): void;
  openLogs(): void;
  checkForUpdates(): void;
  quit(): void;
}

type Item = MenuItemConstructorOptions;

/** The menu of the app: without it macOS knows neither copy and paste nor quit. */
export function appMenu(platform: NodeJS.Platform, isPackaged: boolean, actions: MenuActions): Item[] {
  const settings: Item = {
    label: 'Settings…',
    accelerator: 'CommandOrControl+,',
    click: () => actions.open(SCREENS.settings),
  };
  const quit: Item = {
    label: `Quit ${APP_NAME}`,
    accelerator: 'CommandOrControl+Q',
    click: () => actions.quit(),
  };
  const aboutItem: Item = { label: `About ${APP_NAME}`, click: () => app.showAboutPanel() };
  const updates: Item = { label: 'Check for Updates…', click: () => actions.checkForUpdates() };
  const isMac = platform === 'darwin';
  return [
    isMac
      ? {
          label: APP_NAME,
          submenu: [
            aboutItem,
            updates,
            { type: 'separator' },
            settings,
            { type: 'separator' },
            { role: 'services' },
            { type: 'separator' },
            { role: 'hide' },
            { role: 'hideOthers' },
            { role: 'unhide' },
            { type: 'separator' },
            quit,
          ],
        }
      : {
          label: 'File',
          submenu: [settings, { type: 'separator' }, { role: 'close' }, quit],
        },
    { role: 'editMenu' },
    {
      label: 'View',
      submenu: [
        { role: 'reload' },
        ...(isPackaged ? [] : [{ role: 'toggleDevTools' as const }]),
        { type: 'separator' },
        { role: 'resetZoom' },
        { role: 'zoomIn' },
        { role: 'zoomOut' },
        { type: 'separator' },
        { role: 'togglefullscreen' },
      ],
    },
    { role: 'windowMenu' },
    {
      role: 'help',
      submenu: [
        { label: 'Show Log Files', click: () => actions.openLogs() },
        ...(isMac ? [] : [updates, { type: 'separator' as const }, aboutItem]),
      ],
    },
  ];
}
