/**
 * The entry of the desktop app. What has to be said before Electron is ready is said at once, without
 * waiting for anything: the app may become ready as soon as this module has been loaded.
 */

import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { app, dialog, powerMonitor, session } from 'electron';
import { locateHome, openLog, prepareHome } from '../proxy/client.ts';
import { AppError } from '../proxy/contract/errors.ts';
import { prepareAboutPanel } from './about.ts';
import { deepLinkIn, parseDeepLink } from './deep-link.ts';
import { Desktop } from './desktop.ts';
import { engineEnvironment, takeSecrets } from './engine-environment.ts';
import { hardenApp } from './harden-app.ts';
import { hardenAllContents } from './harden-contents.ts';
import { hardenSession } from './harden-session.ts';
import { APP_NAME, DEEP_LINK_SCHEME } from './identity.ts';
import { isHiddenStart, refusedSwitches } from './launch-flags.ts';
import { hasTrayHost } from './tray-host.ts';
import { openUpdateSource } from './update-source.ts';

const secrets = takeSecrets(process.env);
const home = locateHome(process.env);

if (mayStart()) {
  hardenApp();
  hardenAllContents();
  // Chromium's own files beside ours, so that each home has its own lock and its own window.
  app.setPath('userData', join(home.dataDir, 'desktop'));
  if (app.requestSingleInstanceLock()) void start();
  else app.exit(0);
}

function mayStart(): boolean {
  const refused = app.isPackaged
    ? refusedSwitches((name) => app.commandLine.hasSwitch(name), [...process.execArgv, ...process.argv])
    : [];
  if (refused.length === 0) return true;
  process.stderr.write(`tollgate: error: ${APP_NAME} does not start with --${refused.join(', --')}.\n`);
  app.exit(1);
  return false;
}

async function start(): Promise<void> {
  /** Where somebody wants to go before there is a window; undefined when nobody does. */
  let wanted: string | null | undefined = isHiddenStart(process.argv) ? undefined : deepLinkIn(process.argv);
  let desktop: Desktop | null = null;
  const open = (screen: string | null): void => {
    if (desktop) desktop.open(screen);
    else wanted = screen;
  };
  app.on('second-instance', (_event, argv) => {
    if (!isHiddenStart(argv)) open(deepLinkIn(argv));
  });
  app.on('open-url', (event, url) => {
    event.preventDefault();
    const screen = parseDeepLink(url);
    if (screen !== null) open(screen);
  });
  app.on('activate', () => open(null));
  // A window that hides is not closed. On macOS an app goes on without one.
  app.on('window-all-closed', () => {
    if (process.platform !== 'darwin') app.quit();
  });

  await app.whenReady();
  try {
    desktop = await createDesktop();
    quitWhenDrained(desktop);
    desktop.start();
  } catch (error) {
    refuseToStart(error);
    return;
  }
  const atLogin = process.platform === 'darwin' && app.getLoginItemSettings().wasOpenedAtLogin;
  if (wanted !== undefined && !atLogin) desktop.open(wanted);
}

async function createDesktop(): Promise<Desktop> {
  prepareHome(home);
  const userDataDir = app.getPath('userData');
  mkdirSync(userDataDir, { recursive: true, mode: 0o700 });
  const { logger } = openLog(join(home.logPath, '..', 'desktop.log'), 'info');
  process.on('uncaughtException', (error) => logger.error({ err: error }, 'uncaught exception'));
  process.on('unhandledRejection', (error) => logger.error({ err: error }, 'unhandled rejection'));
  hardenSession(session.defaultSession, app.isPackaged);
  prepareAboutPanel(join(app.getAppPath(), 'main/icons/app.png'));
  if (app.isPackaged) app.setAsDefaultProtocolClient(DEEP_LINK_SCHEME);
  const [hasTray, updates] = await Promise.all([hasTrayHost(process.platform), openUpdateSource(logger)]);
  logger.info({ version: app.getVersion(), packaged: app.isPackaged, hasTray }, 'started');
  // Not refused: the launcher of an AppImage says so where the system lacks user namespaces.
  if (app.commandLine.hasSwitch('no-sandbox')) logger.warn('Chromium runs without its sandbox');
  return new Desktop({
    home,
    logger,
    session: session.defaultSession,
    appDir: app.getAppPath(),
    engineEnv: engineEnvironment(process.env, app.isPackaged, secrets),
    hasTray,
    updates,
  });
}

/** Whatever ends the app, the requests under way end first. */
function quitWhenDrained(desktop: Desktop): void {
  app.on('before-quit', (event) => {
    if (desktop.isStopped) return;
    event.preventDefault();
    void desktop.stop().then(() => app.quit());
  });
  // macOS and Linux wait a moment for an app that quits at once.
  powerMonitor.on('shutdown', () => app.quit());
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => app.quit());
}

function refuseToStart(error: unknown): void {
  const { message, hint } =
    error instanceof AppError
      ? error
      : { message: `${APP_NAME} could not start: ${String(error)}`, hint: '' };
  dialog.showErrorBox(APP_NAME, `${message}\n\n${hint}`);
  app.exit(1);
}
