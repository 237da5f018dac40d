import type { MenuItemConstructorOptions } from 'electron';
import { appScreen, SCREENS } from '../proxy/contract/screens.ts';
import type { EngineSituation } from './engine-host.ts';
import type { EngineModel } from './engine-model.ts';
import { menuText } from './plain-text.ts';
import { appLine, headline, topApps } from './tray-text.ts';

export interface TrayView {
  readonly situation: EngineSituation;
  readonly model: EngineModel | null;
  readonly autostart: { readonly enabled: boolean; readonly isSupported: boolean };
}

/** What the entries of the menu do. */
export interface TrayActions {
  /** Shows the window, at a screen or where it is. */
  open(screen: string | null): void;
  /** `until` is a span such as `15m`; null pauses until somebody resumes. */
  pauseAll(until: string | null): void;
  resumeAll(): void;
  copyBaseUrl(): void;
  retryEngine(): void;
  setAutostart(enabled: boolean): void;
  quit(): void;
}

type Item = MenuItemConstructorOptions;
const SEPARATOR: Item = { type: 'separator' };
const MAX_LINE = 80;

/** The menu of the tray, the most important first: it must do without a window. */
export function trayMenu({ situation, model, autostart }: TrayView, actions: TrayActions): Item[] {
  const running = situation.state === 'running' ? model : null;
  const apps = running ? topApps(running) : [];
  return [
    { label: menuText(headline(situation, model), MAX_LINE), enabled: false },
    ...apps.map(
      (app): Item => ({
        label: menuText(appLine(app), MAX_LINE),
        click: () => actions.open(appScreen(app.id)),
      }),
    ),
    SEPARATOR,
    ...(running ? runningItems(running, actions) : brokenItems(situation, actions)),
    SEPARATOR,
    { label: 'Open Tollgate', click: () => actions.open(null) },
    { label: 'Settings…', click: () => actions.open(SCREENS.settings) },
    ...(autostart.isSupported
      ? [
          {
            label: 'Start at login',
            type: 'checkbox' as const,
            checked: autostart.enabled,
            click: () => actions.setAutostart(!autostart.enabled),
          },
        ]
      : []),
    SEPARATOR,
    { label: 'Quit Tollgate', enabled: situation.state !== 'stopping', click: () => actions.quit() },
  ];
}

function runningItems(model: EngineModel, actions: TrayActions): Item[] {
  const { paused, openAlerts, baseUrl } = model.status;
  return [
    paused
      ? { label: resumeLabel(paused.until), click: () => actions.resumeAll() }
      : {
          label: 'Pause all',
          submenu: [
            { label: 'For 15 minutes', click: () => actions.pauseAll('15m') },
            { label: 'For 1 hour', click: () => actions.pauseAll('1h') },
            { label: 'Until I resume', click: () => actions.pauseAll(null) },
          ],
        },
    ...(openAlerts > 0
      ? [{ label: alertsLabel(openAlerts), click: () => actions.open(SCREENS.alerts) }]
      : []),
    { label: 'Copy base URL', enabled: baseUrl !== null, click: () => actions.copyBaseUrl() },
  ];
}

function brokenItems(situation: EngineSituation, actions: TrayActions): Item[] {
  return [
    {
      label: 'Try again now',
      enabled: situation.state === 'restarting',
      click: () => actions.retryEngine(),
    },
  ];
}

function resumeLabel(until: string | null): string {
  if (until === null) return 'Resume all';
  const time = new Date(until).toLocaleTimeString(undefined, { hour: '2-digit', minute: '2-digit' });
  return `Resume all (paused until ${time})`;
}

function alertsLabel(count: number): string {
  return count === 1 ? '1 open alert' : `${count} open alerts`;
}
