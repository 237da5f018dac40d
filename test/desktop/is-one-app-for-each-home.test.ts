import { expect, test } from 'vitest';
import { openDesktopHome } from './helpers/open-desktop-home.ts';

test('a second start brings the window of the first to the front, and ends', async () => {
  const home = await openDesktopHome();
  const desktop = await home.start({ args: ['--hidden'] });
  await desktop.untilTray(/^Running/);
  expect(desktop.told('window-created')).toEqual([]);

  const second = await home.start();
  expect(await second.ended).toBe(0);
  expect(second.told('utility-fork')).toEqual([]);
  expect(second.told('tray-image')).toEqual([]);
  await desktop.waitFor('window', (what) => what === 'shown');
  expect(desktop.told('load')).toEqual(['app://tollgate/']);

  // Started at login while it runs: nobody has asked for a window.
  await desktop.order('window.close');
  const hidden = await home.start({ args: ['--hidden'] });
  expect(await hidden.ended).toBe(0);
  // A link leads to its screen; so does the next one.
  const linked = await home.start({ args: ['tollgate://alerts'] });
  expect(await linked.ended).toBe(0);
  await desktop.waitFor('load', (url) => url === 'app://tollgate/alerts');
  await desktop.waitFor(
    'window',
    () => desktop.told('window').filter((what) => what === 'shown').length === 2,
  );
  expect(desktop.told('utility-fork')).toHaveLength(1);
}, 180_000);
