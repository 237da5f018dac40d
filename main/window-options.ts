import type { BrowserWindowConstructorOptions, WebPreferences } from 'electron';
import { APP_NAME } from './identity.ts';
import type { WindowState } from './window-state.ts';

/** A plain web page: no Node, no preload, no bridge of any kind. */
export function webPreferences(isPackaged: boolean): WebPreferences {
  return {
    sandbox: true,
    contextIsolation: true,
    nodeIntegration: false,
    nodeIntegrationInWorker: false,
    nodeIntegrationInSubFrames: false,
    webSecurity: true,
    allowRunningInsecureContent: false,
    experimentalFeatures: false,
    webviewTag: false,
    plugins: false,
    navigateOnDragDrop: false,
    spellcheck: false,
    safeDialogs: true,
    devTools: !isPackaged,
  };
}

export interface WindowLook {
  readonly state: WindowState;
  readonly isPackaged: boolean;
  readonly isDark: boolean;
  readonly iconPath: string;
}

export function windowOptions({
  state,
  isPackaged,
  isDark,
  iconPath,
}: WindowLook): BrowserWindowConstructorOptions {
  const { width, height, x, y } = state;
  return {
    title: APP_NAME,
    width,
    height,
    ...(x === null || y === null ? {} : { x, y }),
    minWidth: 480,
    minHeight: 480,
    // Shown when the page is drawn, over the colour it will have.
    show: false,
    backgroundColor: isDark ? '#1a1b1e' : '#ffffff',
    autoHideMenuBar: true,
    ...(process.platform === 'linux' ? { icon: iconPath } : {}),
    webPreferences: webPreferences(isPackaged),
  };
}
