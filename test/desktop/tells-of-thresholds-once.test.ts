import { expect, test } from 'vitest';
import { openDesktopHome } from './helpers/open-desktop-home.ts';

interface Shown {
  readonly title: string;
  readonly body: string;
  readonly urgency: string;
}

test('a threshold is told once, and a click on it leads to the app', async () => {
  const home = await openDesktopHome();
  const desktop = await home.start({ args: ['--hidden'] });
  await desktop.untilTray(/^Running/);
  const token = await home.createApp('notebook', ['requests=2/day']);
  await (await home.chat(token)).text();
  const first = await desktop.waitFor<Shown>('notification');
  expect(first.title).toMatch(/notebook.*50 ?%|50 ?%.*notebook/);
  await (await home.chat(token)).text();
  await desktop.waitFor<Shown>('notification', ({ title }) => title.includes('used up'));
  expect((await home.chat(token)).status).toBe(429);
  expect((await home.chat(token)).status).toBe(429);
  const thresholds = desktop
    .told<Shown>('notification')
    .filter(({ title }) => title.includes('2 requests a day'));
  expect(thresholds).toHaveLength(2);
  expect(desktop.told('window-created')).toEqual([]);

  const { apps } = await home.control((client) => client.apps.list());
  await desktop.order('notification.click', 0);
  expect(desktop.told('load')).toEqual([`app://tollgate/apps/${apps[0]?.id}`]);
  await desktop.waitFor('window', (what) => what === 'shown');
  const menu = await desktop.trayMenu();
  expect(menu.some(({ label }) => /^\d+ open alerts?$/.test(label))).toBe(true);
}, 180_000);

test('who switched notifications off gets none', async () => {
  const home = await openDesktopHome();
  const desktop = await home.start();
  await desktop.untilTray(/^Running/);
  await home.control((client) => client.alerts.change({ desktop: false }));
  const token = await home.createApp('notebook', ['requests=2/day']);
  await (await home.chat(token)).text();
  await desktop.waitFor<readonly { label: string }[]>('tray-menu', (menu) =>
    menu.some(({ label }) => label === '1 open alert'),
  );
  expect(desktop.told('notification')).toEqual([]);
}, 180_000);

test('A69 many at once are not shown one by one', async () => {
  const home = await openDesktopHome();
  const desktop = await home.start();
  await desktop.untilTray(/^Running/);
  for (let app = 0; app < 7; app += 1) {
    const token = await home.createApp(`app-${app}`, ['requests=2/day']);
    await (await home.chat(token)).text();
  }
  await desktop.waitFor<readonly { label: string }[]>('tray-menu', (menu) =>
    menu.some(({ label }) => label === '7 open alerts'),
  );
  expect(desktop.told('notification')).toHaveLength(4);
}, 180_000);
