import { describe, expect, test } from 'vitest';
import { deepLinkIn, parseDeepLink } from '../../main/deep-link.ts';
import { openDesktopHome } from './helpers/open-desktop-home.ts';

const APP = 'app_0123456789abcdef';

describe('a deep link', () => {
  test.each([
    ['tollgate://overview', '/'],
    ['tollgate://alerts', '/alerts'],
    ['tollgate://alerts/', '/alerts'],
    ['TOLLGATE://settings', '/settings'],
    [`tollgate://app/${APP}`, `/apps/${APP}`],
  ])('%s leads to %s', (link, screen) => {
    expect(parseDeepLink(link)).toBe(screen);
  });

  test.each([
    'tollgate://alerts?pause=all',
    'tollgate://alerts#delete',
    'tollgate://alerts/../settings',
    'tollgate://user:password@alerts',
    'tollgate://alerts:80',
    'tollgate://app/app_0123456789abcdef/pause',
    'tollgate://app/..%2f..%2frpc',
    'tollgate://app/',
    'tollgate://constructor',
    'tollgate://__proto__',
    'tollgate:alerts',
    'tollgate-x://alerts',
    'https://alerts',
    'javascript:alert(1)',
    `tollgate://app/${'a'.repeat(200)}`,
    '',
  ])('%s leads nowhere', (link) => {
    expect(parseDeepLink(link)).toBeNull();
  });

  test('is found among the arguments of a start', () => {
    expect(deepLinkIn(['/opt/Tollgate/tollgate', '--flag', 'tollgate://key'])).toBe('/key');
    expect(deepLinkIn(['tollgate', 'tollgate://key?x=1'])).toBeNull();
    expect(deepLinkIn(['tollgate'])).toBeNull();
  });
});

test('a link that the system hands over shows a screen; one that wants more does nothing', async () => {
  const home = await openDesktopHome();
  const desktop = await home.start({ args: ['--hidden'] });
  await desktop.untilTray(/^Running/);
  expect(await desktop.order('app.open-url', 'tollgate://settings?autostart=true')).toBe(true);
  expect(await desktop.order('app.open-url', 'tollgate://app/../../shell/installUpdate')).toBe(true);
  expect(desktop.told('window-created')).toEqual([]);
  expect(await desktop.order('app.open-url', 'tollgate://settings')).toBe(true);
  expect(desktop.told('load')).toEqual(['app://tollgate/settings']);
}, 180_000);
