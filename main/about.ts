import { app } from 'electron';
import type { ShellAbout } from '../proxy/contract/shell.ts';
import { APP_NAME } from './identity.ts';

export function about(): ShellAbout {
  const { electron, chrome, node } = process.versions;
  return {
    version: app.getVersion(),
    electron: electron ?? 'unknown',
    chromium: chrome ?? 'unknown',
    node,
    platform: process.platform,
    arch: process.arch,
    packaged: app.isPackaged,
  };
}

/** What the system's own about window says. */
export function prepareAboutPanel(iconPath: string): void {
  const { version, electron, chromium, node } = about();
  app.setAboutPanelOptions({
    applicationName: APP_NAME,
    applicationVersion: version,
    version: `Electron ${electron}, Chromium ${chromium}, Node ${node}`,
    copyright: 'MIT License',
    iconPath,
  });
}
