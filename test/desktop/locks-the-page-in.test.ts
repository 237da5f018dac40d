import { expect, test } from 'vitest';
import { LINKS } from '../../proxy/contract/links.ts';
import { openDesktopHome } from './helpers/open-desktop-home.ts';
import type { DesktopUnderTest } from './helpers/start-desktop.ts';

async function started(env: Readonly<Record<string, string>> = {}): Promise<DesktopUnderTest> {
  const home = await openDesktopHome();
  const desktop = await home.start({ env });
  await desktop.waitFor('window', (what) => what === 'shown');
  return desktop;
}

const PREFERENCES = {
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
};

test('the window gets a plain web page: no Node, no preload, no developer tools once installed', async () => {
  const clone = await started();
  const [options] = clone.told<Electron.BrowserWindowConstructorOptions>('window-created');
  expect(options?.webPreferences).toEqual({ ...PREFERENCES, devTools: true });
  const installed = await started({ DOUBLE_PACKAGED: '1' });
  const [packed] = installed.told<Electron.BrowserWindowConstructorOptions>('window-created');
  expect(packed?.webPreferences).toEqual({ ...PREFERENCES, devTools: false });
  const menu = JSON.stringify(installed.told('app-menu'));
  expect(menu).not.toContain('toggleDevTools');
}, 180_000);

test('the sandbox and the scheme are told before anything else, and nothing speaks with servers', async () => {
  const { events, told } = await started();
  const order = events.map(({ event }) => event);
  expect(order.indexOf('sandbox')).toBeLessThan(order.indexOf('window-created'));
  expect(told('schemes')).toEqual([
    [
      {
        scheme: 'app',
        privileges: expect.objectContaining({
          standard: true,
          secure: true,
          bypassCSP: false,
          corsEnabled: false,
          allowServiceWorkers: false,
        }),
      },
    ],
  ]);
  expect(told('switch')).toEqual(
    expect.arrayContaining(['disable-background-networking', 'disable-breakpad']),
  );
  expect(told('spell-checker')).toEqual([false]);
}, 180_000);

test('A69 the page goes nowhere else, and opens nothing but the few addresses that are known', async () => {
  const desktop = await started();
  for (const kind of ['will-navigate', 'will-redirect', 'will-frame-navigate']) {
    const go = (url: string): Promise<unknown> => desktop.order('contents.navigate', kind, url);
    expect(await go('app://tollgate/alerts')).toBe('allowed');
    for (const url of [
      'https://example.com/',
      'http://127.0.0.1:4748/',
      'file:///etc/passwd',
      'app://tollgate.evil/',
      'app://evil/',
      'app://x@tollgate/',
      'data:text/html,x',
      'javascript:alert(1)',
      'about:blank',
      'blob:app://tollgate/1',
      'nonsense',
    ]) {
      expect(await go(url), `${kind} ${url}`).toBe('prevented');
    }
  }
  expect(await desktop.order('contents.webview')).toBe('prevented');

  for (const url of [
    'https://example.com/',
    `${LINKS.openaiKeys}?next=https://example.com`,
    'https://platform.openai.com.evil.example/api-keys',
    'file:///bin/sh',
    'tollgate://alerts',
    'javascript:alert(1)',
    'app://tollgate/',
  ]) {
    expect(await desktop.order('contents.open', url), url).toEqual({ action: 'deny' });
  }
  expect(desktop.told('open-external')).toEqual([]);
  expect(await desktop.order('contents.open', LINKS.openaiKeys)).toEqual({ action: 'deny' });
  // A page that asks again and again is not heard.
  await desktop.order('contents.open', LINKS.openaiUsage);
  expect(desktop.told('open-external')).toEqual([LINKS.openaiKeys]);
}, 180_000);

test('the page gets no permission, device, download or address but its own', async () => {
  const desktop = await started();
  const home = 'app://tollgate/';
  for (const permission of [
    'media',
    'geolocation',
    'notifications',
    'midi',
    'pointerLock',
    'fullscreen',
    'openExternal',
    'clipboard-read',
    'hid',
    'usb',
    'serial',
    'idle-detection',
    'fileSystem',
    'display-capture',
    'something-new',
  ]) {
    expect(await desktop.order('session.permission', permission, home, true), permission).toBe(false);
    expect(await desktop.order('session.check', permission, 'app://tollgate', true), permission).toBe(false);
  }
  // To copy a snippet.
  const copy = 'clipboard-sanitized-write';
  expect(await desktop.order('session.permission', copy, home, true)).toBe(true);
  expect(await desktop.order('session.permission', copy, home, false)).toBe(false);
  expect(await desktop.order('session.permission', copy, 'https://example.com/', true)).toBe(false);
  expect(await desktop.order('session.check', copy, 'app://tollgate', true)).toBe(true);
  expect(await desktop.order('session.check', copy, 'https://example.com', true)).toBe(false);
  expect(await desktop.order('session.device')).toBe(false);
  expect(await desktop.order('session.bluetooth')).toBe(false);
  expect(await desktop.order('session.display')).toBeNull();

  for (const url of [
    'app://tollgate/page.js',
    'data:text/plain,x',
    'blob:app://tollgate/1',
    'devtools://x/',
  ]) {
    expect(await desktop.order('session.request', url), url).toBe('allowed');
  }
  for (const url of [
    'https://example.com/',
    'http://127.0.0.1:4747/v1/models',
    'ws://127.0.0.1:4747/',
    'file:///etc/passwd',
    'app://evil/',
    'blob:https://example.com/1',
    'chrome-extension://x/',
  ]) {
    expect(await desktop.order('session.request', url), url).toBe('cancelled');
  }
  expect(await desktop.order('session.download', 'blob:app://tollgate/1')).toBe('allowed');
  expect(await desktop.order('session.download', 'https://example.com/x.exe')).toBe('prevented');
}, 180_000);

test('an installed app lets no developer tools speak with the page', async () => {
  const desktop = await started({ DOUBLE_PACKAGED: '1' });
  expect(await desktop.order('session.request', 'devtools://devtools/x.js')).toBe('cancelled');
}, 180_000);

test('F18 a page that crashes is loaded again, a few times, and the engine does not notice', async () => {
  const desktop = await started();
  await desktop.untilTray(/^Running/);
  for (let crash = 0; crash < 5; crash += 1) await desktop.order('contents.crash');
  expect(desktop.told('reload')).toHaveLength(3);
  expect(desktop.told('utility-exit')).toEqual([]);
}, 180_000);
