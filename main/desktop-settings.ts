import type { Settings } from '../proxy/contract/settings.ts';
import type { Autostart } from './autostart.ts';

export type DesktopSettings = Settings['desktop'];

/** Until the engine has said what the user wants. */
export const DEFAULT_DESKTOP: DesktopSettings = {
  autostart: false,
  closeToTray: true,
  toldOfTray: false,
  dockIcon: true,
  updates: 'notify',
};

/**
 * Brings the login item in line with the setting, when somebody changes the setting. What was found at the
 * start of the app stands: whoever took the login item away elsewhere does not want it back.
 *
 * @returns what the setting should be instead, or null when it is right
 */
export function settleAutostart(
  autostart: Autostart,
  before: DesktopSettings | null,
  now: DesktopSettings,
): boolean | null {
  const isOn = autostart.isOn();
  if (now.autostart === isOn) return null;
  if (before === null || before.autostart === now.autostart || autostart.unsupported !== null) return isOn;
  autostart.set(now.autostart);
  const isOnNow = autostart.isOn();
  return isOnNow === now.autostart ? null : isOnNow;
}
