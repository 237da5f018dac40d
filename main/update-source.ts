import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { app } from 'electron';
import type { Logger } from '../proxy/client.ts';
import type { UpdateSource } from './updater.ts';

/**
 * electron-updater, or why this app has none. A build gets its feed when it is released; without one, and
 * from a clone, there is nothing to ask. Signatures are checked by the system (macOS), against the name of
 * the publisher (Windows), and by the hash in the feed (AppImage).
 */
export async function openUpdateSource(
  logger: Pick<Logger, 'info' | 'warn' | 'error' | 'debug'>,
): Promise<UpdateSource | { readonly unavailable: string }> {
  const unavailable = whyUnavailable();
  if (unavailable !== null) return { unavailable };
  const { default: electronUpdater } = await import('electron-updater');
  const { autoUpdater } = electronUpdater;
  autoUpdater.autoDownload = false;
  autoUpdater.allowDowngrade = false;
  autoUpdater.allowPrerelease = false;
  autoUpdater.logger = {
    info: (message: unknown) => logger.info({ message: String(message) }, 'updater'),
    warn: (message: unknown) => logger.warn({ message: String(message) }, 'updater'),
    error: (message: unknown) => logger.error({ message: String(message) }, 'updater'),
    debug: (message: string) => logger.debug({ message }, 'updater'),
  };
  return {
    async check() {
      const result = await autoUpdater.checkForUpdates();
      return result?.isUpdateAvailable ? result.updateInfo.version : null;
    },
    async download(onPercent) {
      const progress = ({ percent }: { percent: number }): void => onPercent(percent);
      autoUpdater.on('download-progress', progress);
      try {
        await autoUpdater.downloadUpdate();
      } finally {
        autoUpdater.off('download-progress', progress);
      }
    },
    install: () => autoUpdater.quitAndInstall(),
    installOnQuit(isOn) {
      autoUpdater.autoInstallOnAppQuit = isOn;
    },
  };
}

function whyUnavailable(): string | null {
  if (!app.isPackaged) return 'This app runs from a clone; update it with git.';
  if (process.platform === 'linux' && process.env['APPIMAGE'] === undefined) {
    return 'The package manager of the system updates this app.';
  }
  if (!existsSync(join(process.resourcesPath, 'app-update.yml'))) {
    return 'This build has no address to ask for updates.';
  }
  return null;
}
