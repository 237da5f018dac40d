import {
  closeSync,
  mkdirSync,
  openSync,
  readFileSync,
  rmSync,
  watch,
  writeFileSync,
  writeSync,
} from 'node:fs';
import { join } from 'node:path';
import { CancelableEvent } from './cancelable-event.ts';
import { Emitter, type EventsOf } from './emitter.ts';
import { closeAllWindows } from './open-windows.ts';
import type { WebContentsDouble } from './web-contents.ts';
import { obey, tell } from './wire.ts';

type AppUsed = Pick<
  Electron.App,
  | 'whenReady'
  | 'quit'
  | 'exit'
  | 'setName'
  | 'getVersion'
  | 'getAppPath'
  | 'getPath'
  | 'setPath'
  | 'isPackaged'
  | 'enableSandbox'
  | 'requestSingleInstanceLock'
  | 'setAppUserModelId'
  | 'setToastActivatorCLSID'
  | 'setAsDefaultProtocolClient'
  | 'setLoginItemSettings'
  | 'setAboutPanelOptions'
  | 'showAboutPanel'
> & {
  readonly commandLine: Pick<Electron.CommandLine, 'appendSwitch' | 'hasSwitch'>;
  readonly dock?: Pick<Electron.Dock, 'show' | 'hide'>;
  getLoginItemSettings(options?: Electron.LoginItemSettingsOptions): Electron.LoginItemSettings;
};

const env = process.env;
const SECOND = 'second-instance.json';

type AppEvents = EventsOf<
  Electron.App,
  {
    'before-quit': [event: Electron.Event];
    'window-all-closed': [];
    'second-instance': [event: Electron.Event, argv: string[], cwd: string, data: unknown];
    'open-url': [event: Electron.Event, url: string];
    activate: [event: Electron.Event, hasVisibleWindows: boolean];
  }
> & {
  /** The contents are a double as well. */
  'web-contents-created': [event: Electron.Event, contents: WebContentsDouble];
};

/** The app: a ready event, a lock in the user's folder, and an end that can be put off. */
class AppDouble extends Emitter<AppEvents> implements AppUsed {
  readonly isPackaged = env['DOUBLE_PACKAGED'] === '1';
  readonly #paths = new Map<string, string>();
  readonly #switches = new Set<string>();
  #isQuitting = false;
  #opensAtLogin = false;

  readonly commandLine = {
    appendSwitch: (name: string) => {
      this.#switches.add(name);
      tell('switch', name);
    },
    hasSwitch: (name: string) =>
      this.#switches.has(name) || process.argv.some((text) => new RegExp(`^--${name}(=|$)`).test(text)),
  };

  whenReady(): Promise<void> {
    return new Promise((resolve) => {
      setImmediate(resolve);
    });
  }

  /** As documented: `before-quit`, then every window's `close`; both can be prevented. */
  quit(): void {
    const before = new CancelableEvent();
    this.emit('before-quit', before);
    if (before.defaultPrevented || !closeAllWindows()) return;
    if (this.#isQuitting) return;
    this.#isQuitting = true;
    tell('quit', 0);
    this.#end(0);
  }

  exit(code = 0): void {
    tell('quit', code);
    this.#end(code);
  }

  /** The channel must have delivered what was told. */
  #end(code: number): void {
    process.disconnect?.();
    process.exit(code);
  }

  setName(name: string): void {
    tell('name', name);
  }

  getVersion(): string {
    return '0.1.0';
  }

  getAppPath(): string {
    return env['DOUBLE_APP_DIR'] ?? process.cwd();
  }

  getPath(name: string): string {
    const path = this.#paths.get(name);
    if (path === undefined) throw new Error(`no path was set for ${name}`);
    return path;
  }

  setPath(name: string, path: string): void {
    this.#paths.set(name, path);
  }

  enableSandbox(): void {
    tell('sandbox', true);
  }

  requestSingleInstanceLock(): boolean {
    const dir = this.getPath('userData');
    mkdirSync(dir, { recursive: true, mode: 0o700 });
    const lock = join(dir, 'double.lock');
    try {
      const file = openSync(lock, 'wx');
      writeSync(file, String(process.pid));
      closeSync(file);
    } catch {
      writeFileSync(join(dir, SECOND), JSON.stringify(process.argv));
      return false;
    }
    process.on('exit', () => rmSync(lock, { force: true }));
    watch(dir, (_kind, name) => {
      if (name === SECOND) this.#greetSecond(join(dir, SECOND));
    }).unref();
    return true;
  }

  #greetSecond(path: string): void {
    let argv: string[];
    try {
      argv = JSON.parse(readFileSync(path, 'utf8'));
    } catch {
      // Written half so far, or read already.
      return;
    }
    rmSync(path, { force: true });
    this.emit('second-instance', new CancelableEvent(), argv, process.cwd(), null);
  }

  setAppUserModelId(id: string): void {
    tell('app-user-model-id', id);
  }

  setToastActivatorCLSID(id: string): void {
    tell('toast-activator', id);
  }

  setAsDefaultProtocolClient(scheme: string): boolean {
    tell('protocol-client', scheme);
    return true;
  }

  getLoginItemSettings(): Electron.LoginItemSettings {
    return {
      openAtLogin: this.#opensAtLogin,
      wasOpenedAtLogin: false,
      status: this.#opensAtLogin ? 'enabled' : 'not-registered',
      executableWillLaunchAtLogin: this.#opensAtLogin,
      launchItems: [],
    };
  }

  setLoginItemSettings({ openAtLogin = false }: Electron.Settings): void {
    this.#opensAtLogin = openAtLogin;
    tell('login-item', openAtLogin);
  }

  setAboutPanelOptions(options: Electron.AboutPanelOptionsOptions): void {
    tell('about-panel', options);
  }

  showAboutPanel(): void {
    tell('about-panel-shown', true);
  }
}

export const app = new AppDouble();

obey('app.quit', () => {
  app.quit();
});
obey('app.open-url', (url) => {
  const event = new CancelableEvent();
  app.emit('open-url', event, String(url));
  return event.defaultPrevented;
});
obey('app.activate', () => {
  app.emit('activate', new CancelableEvent(), false);
});
