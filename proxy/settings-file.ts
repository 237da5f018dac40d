import { readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { AppError, problemOf } from './contract/errors.ts';
import type { Settings, SettingsPatch } from './contract/settings.ts';

export const DEFAULT_SETTINGS: Settings = {
  engine: { port: null, dashboardPort: null, zone: null, queueMs: null },
  desktop: {
    autostart: false,
    closeToTray: true,
    toldOfTray: false,
    dockIcon: true,
    updates: 'notify',
  },
  dashboard: { theme: 'auto', time: 'local', onboardedAt: null },
};

/**
 * What is remembered for the user, in a file of the data folder: it says on which ports an engine starts,
 * so it is read before there is a ledger. Holds no secret.
 */
export function settingsPath(dataDir: string): string {
  return join(dataDir, 'settings.json');
}

/**
 * The defaults where there is no file, and for whatever in it is of another type than it should be.
 * @throws AppError `home_unwritable` for one that cannot be read
 */
export function readSettings(dataDir: string): Settings {
  let stored: unknown;
  try {
    stored = JSON.parse(readFileSync(settingsPath(dataDir), 'utf8'));
  } catch (error) {
    const { code = '' } = error as NodeJS.ErrnoException;
    // A home that cannot be is refused by whoever opens it, who says more of it.
    if (['ENOENT', 'ENOTDIR'].includes(code) || error instanceof SyntaxError) return DEFAULT_SETTINGS;
    throw new AppError(
      'home_unwritable',
      { path: settingsPath(dataDir), problem: problemOf(error) },
      { cause: error },
    );
  }
  const groups = asRecord(stored);
  const { engine, desktop, dashboard } = DEFAULT_SETTINGS;
  return {
    engine: sameTypes(engine, ENGINE_TYPES, groups['engine']),
    desktop: sameTypes(desktop, {}, groups['desktop']),
    dashboard: sameTypes(dashboard, { onboardedAt: 'string' }, groups['dashboard']),
  };
}

/** @throws AppError `home_unwritable` */
export function writeSettings(dataDir: string, patch: SettingsPatch): Settings {
  const before = readSettings(dataDir);
  const after: Settings = {
    engine: { ...before.engine, ...given(patch.engine) },
    desktop: { ...before.desktop, ...given(patch.desktop) },
    dashboard: { ...before.dashboard, ...given(patch.dashboard) },
  };
  const path = settingsPath(dataDir);
  try {
    const draft = `${path}.${process.pid}`;
    writeFileSync(draft, `${JSON.stringify(after, null, 2)}\n`, { mode: 0o600 });
    renameSync(draft, path);
  } catch (error) {
    throw new AppError('home_unwritable', { path, problem: problemOf(error) }, { cause: error });
  }
  return after;
}

/** Types of what is null by default. */
const ENGINE_TYPES = { port: 'number', dashboardPort: 'number', zone: 'string', queueMs: 'number' };

function sameTypes<Group extends object>(
  defaults: Group,
  types: Readonly<Record<string, string>>,
  stored: unknown,
): Group {
  const found = asRecord(stored);
  const known = Object.entries(defaults).map(([name, value]) => {
    const type = value === null ? types[name] : typeof value;
    const isRight = typeof found[name] === type || (value === null && found[name] === null);
    return [name, isRight ? found[name] : value];
  });
  return { ...defaults, ...Object.fromEntries(known) };
}

function asRecord(value: unknown): Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {};
}

/** Without what is undefined, which would take the place of what is there. */
function given<Part extends object>(
  part: Part | undefined,
): { [Name in keyof Part]: Exclude<Part[Name], undefined> } {
  const entries = Object.entries(part ?? {}).filter(([, value]) => value !== undefined);
  return Object.fromEntries(entries) as { [Name in keyof Part]: Exclude<Part[Name], undefined> };
}
