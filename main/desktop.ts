import { join } from 'node:path';
import { app, clipboard, Menu, type Session } from 'electron';
import { type ControlClient, connect, type Home, type Logger } from '../proxy/client.ts';
import { AppError, problemOf } from '../proxy/contract/errors.ts';
import type { Settings, SettingsPatch } from '../proxy/contract/settings.ts';
import type { ShellState } from '../proxy/contract/shell.ts';
import { about } from './about.ts';
import { appMenu } from './app-menu.ts';
import { createPageHandler } from './app-protocol.ts';
import { createAutostart } from './autostart.ts';
import { actionFailed, engineStopped, stillRunning, TEST_NOTE, updateFound } from './desktop-notes.ts';
import { DEFAULT_DESKTOP, type DesktopSettings, settleAutostart } from './desktop-settings.ts';
import { forkEngine } from './engine-child.ts';
import { EngineWatch } from './engine-watch.ts';
import { PAGE_SCHEME } from './identity.ts';
import { openLogsFolder } from './logs-folder.ts';
import { MainWindow } from './main-window.ts';
import { Notifications } from './notifications.ts';
import { listPageAssets } from './page-assets.ts';
import { forwardToEngine } from './rpc-forward.ts';
import { ShellService } from './shell-service.ts';
import { shellState } from './shell-state.ts';
import { TrayIcon } from './tray.ts';
import { Updater, type UpdateSource } from './updater.ts';

export interface DesktopDeps {
  readonly home: Home;
  readonly logger: Logger;
  readonly session: Session;
  /** Folder of the app's own files. */
  readonly appDir: string;
  readonly engineEnv: Readonly<Record<string, string>>;
  readonly hasTray: boolean | null;
  readonly updates: UpdateSource | { readonly unavailable: string };
}

/** The parts of the desktop app, and what goes between them. */
export class Desktop {
  readonly #deps: DesktopDeps;
  readonly #engine: EngineWatch;
  readonly #window: MainWindow;
  readonly #notifications: Notifications;
  readonly #shell: ShellService;
  readonly #updater: Updater;
  readonly #autostart = createAutostart();
  readonly #pageDir: string;
  readonly #tray: TrayIcon | null;
  #settings: DesktopSettings | null = null;
  #showsAlerts = true;
  #toldProblem: string | null = null;
  #stopped: Promise<void> | null = null;
  #isStopped = false;

  constructor(deps: DesktopDeps) {
    this.#deps = deps;
    const { home, logger, appDir } = deps;
    this.#pageDir = join(appDir, 'renderer/dist');
    const iconPath = join(appDir, 'main/icons/app.png');
    this.#notifications = new Notifications({ iconPath, open: (screen) => this.open(screen) });
    this.#window = new MainWindow({
      statePath: join(app.getPath('userData'), 'window.json'),
      iconPath,
      isPackaged: app.isPackaged,
      logger,
      hidesOnClose: () => (this.#settings ?? DEFAULT_DESKTOP).closeToTray,
      onHidden: () => this.#explainTray(),
    });
    this.#updater = new Updater({
      source: deps.updates,
      onChange: () => this.#changed(),
      onFound: (version, isReady) => this.#notifications.show(updateFound(version, isReady)),
    });
    this.#engine = new EngineWatch({
      // The engine serves the same page to browsers, and is packed where it cannot find it by itself.
      fork: () => forkEngine({ ...deps.engineEnv, TOLLGATE_PAGE_DIR: this.#pageDir }),
      connect: async () => (await connect(home))?.client ?? null,
      logger,
      onChange: () => this.#changed(),
      onAlert: (alert) => {
        if (this.#showsAlerts) this.#notifications.alert(alert);
      },
      onSettings: (settings) => void this.#applySettings(settings),
      onAlertSettings: ({ desktop }) => {
        this.#showsAlerts = desktop;
      },
    });
    this.#shell = new ShellService(
      {
        about,
        state: () => this.#state(),
        restartEngine: () => this.#engine.retryNow(),
        openLogs: () => openLogsFolder(home.logPath),
        checkForUpdates: () => this.#updater.check(),
        downloadUpdate: () => this.#updater.download(),
        installUpdate: () => void this.stop().then(() => this.#updater.install()),
        testNotification: () => this.#notifications.show(TEST_NOTE),
      },
      logger,
    );
    this.#tray = this.#createTray(join(appDir, 'main/icons'));
  }

  start(): void {
    const { home, session } = this.#deps;
    const handle = createPageHandler({
      assets: listPageAssets(this.#pageDir),
      rpc: (request) => forwardToEngine(request, home.socketPath),
      shell: (request) => this.#shell.answer(request),
    });
    session.protocol.handle(PAGE_SCHEME, handle);
    Menu.setApplicationMenu(
      Menu.buildFromTemplate(
        appMenu(process.platform, app.isPackaged, {
          open: (screen) => this.open(screen),
          openLogs: () => void openLogsFolder(home.logPath),
          checkForUpdates: () => void this.#updater.check(),
          quit: () => app.quit(),
        }),
      ),
    );
    this.#engine.start();
  }

  /** Brings the window to the front, at a screen or where it is. */
  open(screen: string | null): void {
    this.#window.show(screen);
  }

  /** Whether nothing is under way any more, so that the app may end at once. */
  get isStopped(): boolean {
    return this.#isStopped;
  }

  /** Resolves when requests under way have ended; the window may close then. Never rejects. */
  stop(): Promise<void> {
    this.#stopped ??= this.#stop();
    return this.#stopped;
  }

  async #stop(): Promise<void> {
    this.#window.prepareToQuit();
    this.#updater.close();
    this.#notifications.close();
    try {
      await this.#engine.stop();
    } catch (error) {
      // Nothing may keep the app from ending; the next engine charges what was left open.
      this.#deps.logger.error({ err: error }, 'the engine could not be stopped');
    }
    this.#tray?.destroy();
    this.#isStopped = true;
  }

  #createTray(iconsDir: string): TrayIcon | null {
    try {
      return new TrayIcon(iconsDir, {
        open: (screen) => this.open(screen),
        pauseAll: (until) => this.#ask('pause', (client) => client.engine.pauseAll({ until })),
        resumeAll: () => this.#ask('resume', (client) => client.engine.resumeAll()),
        copyBaseUrl: () => clipboard.writeText(this.#engine.model?.status.baseUrl ?? ''),
        retryEngine: () => this.#engine.retryNow(),
        setAutostart: (autostart) => this.#ask('change the setting', saving({ desktop: { autostart } })),
        quit: () => app.quit(),
      });
    } catch (error) {
      this.#deps.logger.warn({ err: error }, 'there is no tray');
      return null;
    }
  }

  /** Something that the user did outside of the page; where it fails, they are told. */
  #ask(what: string, call: (client: ControlClient) => Promise<unknown>): void {
    const { client } = this.#engine;
    const called = client ? call(client) : Promise.reject(new AppError('engine_not_running'));
    called.catch((error: unknown) => {
      this.#deps.logger.warn({ err: error }, `could not ${what}`);
      this.#notifications.show(actionFailed(what, problemOf(error)));
    });
  }

  #changed(): void {
    const { situation, model } = this.#engine;
    const autostart = {
      enabled: this.#autostart.isOn(),
      isSupported: this.#autostart.unsupported === null,
    };
    this.#tray?.show({ situation, model, autostart });
    this.#shell.publish(this.#state());
    if (situation.state === 'running') this.#toldProblem = null;
    if (situation.state !== 'restarting' || this.#toldProblem === situation.problem.code) return;
    this.#toldProblem = situation.problem.code;
    this.#notifications.show(engineStopped(situation.problem));
  }

  #state(): ShellState {
    const { situation, restarts } = this.#engine;
    return shellState({
      situation,
      restarts,
      autostart: this.#autostart,
      hasTray: this.#tray ? this.#deps.hasTray : false,
      updates: this.#updater.state,
    });
  }

  async #applySettings({ desktop }: Settings): Promise<void> {
    const before = this.#settings;
    this.#settings = desktop;
    this.#updater.setMode(desktop.updates);
    if (process.platform === 'darwin') {
      if (desktop.dockIcon) await app.dock?.show();
      else app.dock?.hide();
    }
    const autostart = settleAutostart(this.#autostart, before, desktop);
    if (autostart !== null) this.#ask('change the setting', saving({ desktop: { autostart } }));
    this.#changed();
  }

  #explainTray(): void {
    const settings = this.#settings ?? DEFAULT_DESKTOP;
    if (settings.toldOfTray) return;
    this.#settings = { ...settings, toldOfTray: true };
    this.#notifications.show(stillRunning(this.#tray ? this.#deps.hasTray : false));
    // Where it cannot be kept it is said again after the next start, which is no reason to complain.
    if (this.#engine.client) this.#ask('change the setting', saving({ desktop: { toldOfTray: true } }));
  }
}

function saving(patch: SettingsPatch): (client: ControlClient) => Promise<unknown> {
  return (client) => client.settings.set(patch);
}
