import { expect, test } from 'vitest';
import { openDesktopHome } from './helpers/open-desktop-home.ts';
import { shellCall } from './helpers/page-call.ts';

test('F11 attaches to `tollgate serve`, leaves it alone when it quits, and takes over when it ends', async () => {
  const home = await openDesktopHome();
  const served = await home.serve();
  const desktop = await home.start();
  await desktop.untilTray(/^Running/);
  expect(desktop.told('utility-fork')).toEqual([]);
  expect((await shellCall(desktop, 'state')).engine).toMatchObject({ state: 'running', attached: true });
  const token = await home.createApp('notebook', ['usd=1/day']);
  await (await home.chat(token)).text();
  await desktop.untilTray(/^Running · (?!\$0\.00 )/);

  await desktop.order('app.quit');
  expect(await desktop.ended).toBe(0);
  expect((await home.chat(token)).status).toBe(200);

  const again = await home.start();
  await again.untilTray(/^Running/);
  expect(await served.stop()).toBe(0);
  await again.waitFor('utility-fork');
  await again.untilTray(/^Running/);
  expect((await shellCall(again, 'state')).engine).toMatchObject({ attached: false, restarts: 0 });
  expect((await home.chat(token)).status).toBe(200);
}, 180_000);
