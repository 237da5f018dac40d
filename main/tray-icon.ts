import { join } from 'node:path';
import type { TrayState } from './tray-state.ts';

/**
 * The file of a state's icon: a template on macOS, which colours it as the menu bar needs it, an `.ico`
 * with all sizes on Windows. Electron finds the `@2x` files beside them by itself.
 */
export function trayIconPath(iconsDir: string, state: TrayState, platform: NodeJS.Platform): string {
  const endings: Partial<Record<NodeJS.Platform, string>> = { darwin: 'Template.png', win32: '.ico' };
  return join(iconsDir, `tray-${state}${endings[platform] ?? '.png'}`);
}
