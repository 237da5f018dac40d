import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { until } from '../helpers/until.ts';
import { openDesktopHome } from './helpers/open-desktop-home.ts';

interface Shown {
  readonly title: string;
  readonly body: string;
}

test('closing hides the window, says so the first time, and keeps its place', async () => {
  const home = await openDesktopHome();
  const desktop = await home.start();
  await desktop.untilTray(/^Running/);
  await desktop.order('window.place', 120, 80, 900, 700);
  await desktop.order('window.close');
  expect(await desktop.order('window.visible')).toBe(false);
  expect(desktop.told<Shown>('notification').map(({ title }) => title)).toEqual([
    'Tollgate goes on in the background',
  ]);
  await until(async () => (await home.control((client) => client.settings.get())).desktop.toldOfTray, 10_000);
  await desktop.order('tray.choose', 'Open Tollgate');
  expect(await desktop.order('window.visible')).toBe(true);
  await desktop.order('window.close');
  expect(desktop.told('notification')).toHaveLength(1);
  expect(desktop.told('utility-exit')).toEqual([]);
  await desktop.order('app.quit');
  expect(await desktop.ended).toBe(0);

  expect(JSON.parse(readFileSync(join(home.dir, 'desktop/window.json'), 'utf8'))).toEqual({
    x: 120,
    y: 80,
    width: 900,
    height: 700,
    isMaximized: false,
  });
  const again = await home.start();
  const place = await again.waitFor<Electron.BrowserWindowConstructorOptions>('window-created');
  expect(place).toMatchObject({ x: 120, y: 80, width: 900, height: 700, show: false });
  await again.untilTray(/^Running/);
  await again.order('window.close');
  expect(again.told('notification')).toEqual([]);
}, 180_000);

test('without a tray the app works, says how to get back, and never claims an icon', async () => {
  const home = await openDesktopHome();
  const desktop = await home.start({ env: { DOUBLE_NO_TRAY: '1' } });
  await desktop.waitFor('window', (what) => what === 'shown');
  await desktop.waitFor('page');
  await until(() => home.control(() => Promise.resolve(true)).catch(() => false), 40_000);
  await desktop.order('window.close');
  const [told] = desktop.told<Shown>('notification');
  expect(told?.body).toMatch(/^Programs can still use it\. Start Tollgate again to open its window/);
  const second = await home.start();
  expect(await second.ended).toBe(0);
  await until(async () => (await desktop.order('window.visible')) === true, 10_000);
  await desktop.order('app-menu.click', 'File', 'Quit Tollgate');
  expect(await desktop.ended).toBe(0);
}, 180_000);

test('who wants the window to end the app gets that, and requests are waited for', async () => {
  const home = await openDesktopHome();
  home.set({}, { closeToTray: false });
  const desktop = await home.start();
  await desktop.untilTray(/^Running/);
  await desktop.order('window.close');
  expect(await desktop.ended).toBe(0);
  expect(desktop.told('utility-exit')).toEqual([{ code: 0, signal: null }]);
}, 180_000);

test('where notifications are not to be had, alerts stay in the tray and nothing breaks', async () => {
  const home = await openDesktopHome();
  const desktop = await home.start({ env: { DOUBLE_NO_NOTIFICATIONS: '1' } });
  await desktop.untilTray(/^Running/);
  const token = await home.createApp('notebook', ['requests=2/day']);
  await (await home.chat(token)).text();
  await desktop.waitFor<readonly { label: string }[]>('tray-menu', (menu) =>
    menu.some(({ label }) => label === '1 open alert'),
  );
  expect(desktop.told('notification')).toEqual([]);
}, 180_000);
