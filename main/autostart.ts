import { homedir } from 'node:os';
import { app } from 'electron';
import { autostartPath, isAutostartOn, removeAutostart, writeAutostart } from './xdg-autostart.ts';

/** Off until somebody asks for it. Started at login, the app shows its tray and no window. */
export interface Autostart {
  /** Why it cannot be switched on; null when it can. */
  readonly unsupported: string | null;
  /** What the system is going to do. */
  isOn(): boolean;
  /** What is left to do for the user; null when nothing is. */
  hint(): string | null;
  set(isOn: boolean): void;
}

const HIDDEN = ['--hidden'];

export function createAutostart(): Autostart {
  if (!app.isPackaged) {
    return {
      unsupported: 'Only an installed app can start at login.',
      isOn: () => false,
      hint: () => null,
      set: () => undefined,
    };
  }
  return process.platform === 'linux' ? linuxAutostart() : loginItem();
}

function loginItem(): Autostart {
  // Windows compares the arguments; macOS starts the app as it is and says how it was started.
  const options = process.platform === 'win32' ? { args: HIDDEN } : {};
  return {
    unsupported: null,
    isOn: () => app.getLoginItemSettings(options).openAtLogin,
    hint: () =>
      process.platform === 'darwin' && app.getLoginItemSettings().status === 'requires-approval'
        ? 'Allow Tollgate in System Settings under General, Login Items.'
        : null,
    set: (isOn) => app.setLoginItemSettings({ openAtLogin: isOn, ...options }),
  };
}

function linuxAutostart(): Autostart {
  const path = autostartPath(process.env, homedir());
  // The mounted AppImage has another path at each start.
  const program = process.env['APPIMAGE'] ?? process.execPath;
  return {
    unsupported: null,
    isOn: () => isAutostartOn(path),
    hint: () => null,
    set: (isOn) => (isOn ? writeAutostart(path, { program, args: HIDDEN }) : removeAutostart(path)),
  };
}
