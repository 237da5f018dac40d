import { execFile } from 'node:child_process';
import { promisify } from 'node:util';

const run = promisify(execFile);
const TIMEOUT_MS = 3_000;

/**
 * Whether something shows tray icons. macOS and Windows always do. On Linux it is a service on the session
 * bus that some desktops lack, GNOME without its extension for one; null where the bus cannot be asked.
 */
export async function hasTrayHost(
  platform: NodeJS.Platform,
  ask: () => Promise<string> = askBus,
): Promise<boolean | null> {
  if (platform !== 'linux') return true;
  try {
    return /boolean true/.test(await ask());
  } catch {
    return null;
  }
}

async function askBus(): Promise<string> {
  const { stdout } = await run(
    'dbus-send',
    [
      '--session',
      '--print-reply',
      '--dest=org.freedesktop.DBus',
      '/org/freedesktop/DBus',
      'org.freedesktop.DBus.NameHasOwner',
      'string:org.kde.StatusNotifierWatcher',
    ],
    { timeout: TIMEOUT_MS },
  );
  return stdout;
}
