/**
 * Where the screens of the dashboard are, for whoever leads there from outside the page: the tray, a
 * notification, a deep link, `tollgate open`.
 */
export const SCREENS = {
  overview: '/',
  apps: '/apps',
  requests: '/requests',
  alerts: '/alerts',
  connect: '/connect',
  coverage: '/coverage',
  security: '/security',
  key: '/key',
  settings: '/settings',
} as const;
export type Screen = keyof typeof SCREENS;

/** The first steps, which the page leads to by itself. */
export const WELCOME_PATH = '/welcome';

/** Ids as the engine makes them. */
export const APP_ID_PATTERN = /^app_[0-9a-f]{16}$/;

/** The screen of one app; the list of apps for what is no app id. */
export function appScreen(appId: string | null): string {
  return appId !== null && APP_ID_PATTERN.test(appId) ? `${SCREENS.apps}/${appId}` : SCREENS.apps;
}

/** Whether a path is one of a screen, or of one thing on it: all of them begin with the same document. */
export function isScreenPath(path: string): boolean {
  const match = /^(\/[a-z]*)(?:\/([\w-]{1,100}))?$/.exec(path);
  if (!match) return false;
  const [, screen = '', thing] = match;
  if (screen === SCREENS.overview) return thing === undefined;
  return screen === WELCOME_PATH || Object.values<string>(SCREENS).includes(screen);
}
