import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, isAbsolute, join } from 'node:path';
import { APP_ID, APP_NAME, LINUX_ICON } from './identity.ts';

/** The program that a login starts. */
export interface Launcher {
  readonly program: string;
  readonly args: readonly string[];
}

/** Where Linux desktops look for what to start at login. */
export function autostartPath(env: Readonly<Record<string, string | undefined>>, homeDir: string): string {
  const own = env['XDG_CONFIG_HOME'];
  const configDir = own && isAbsolute(own) ? own : join(homeDir, '.config');
  return join(configDir, 'autostart', `${APP_ID}.desktop`);
}

/** A desktop entry as the Desktop Entry Specification 1.5 has it. */
export function autostartEntry({ program, args }: Launcher): string {
  return [
    '[Desktop Entry]',
    'Type=Application',
    `Name=${APP_NAME}`,
    'Comment=Hard caps for what local programs spend at OpenAI',
    `Exec=${[program, ...args].map(quoteExec).join(' ')}`,
    `Icon=${LINUX_ICON}`,
    'Terminal=false',
    'StartupNotify=false',
    'X-GNOME-Autostart-enabled=true',
    '',
  ].join('\n');
}

/** Quoted for Exec, and then escaped as any string of the file; `%` would begin a field code. */
function quoteExec(argument: string): string {
  const quoted = `"${argument.replaceAll(/["`$\\]/g, '\\$&')}"`;
  return quoted.replaceAll('\\', '\\\\').replaceAll('%', '%%');
}

export function isAutostartOn(path: string): boolean {
  try {
    return !/^(Hidden=true|X-GNOME-Autostart-enabled=false)\s*$/m.test(readFileSync(path, 'utf8'));
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return false;
    throw error;
  }
}

export function writeAutostart(path: string, launcher: Launcher): void {
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, autostartEntry(launcher));
}

export function removeAutostart(path: string): void {
  rmSync(path, { force: true });
}
