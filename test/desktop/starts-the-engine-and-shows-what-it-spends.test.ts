import { expect, test } from 'vitest';
import { formatUsd } from '../../proxy/contract/money.ts';
import { openDesktopHome } from './helpers/open-desktop-home.ts';

test('starts an engine, serves a first request through it, and the tray says what it cost', async () => {
  const home = await openDesktopHome();
  const desktop = await home.start();
  await desktop.untilTray(/^Running · \$0\.00 today$/);
  const token = await home.createApp('notebook', ['usd=1/day']);
  const answer = await home.chat(token);
  expect(answer.status).toBe(200);
  await answer.text();
  const cost = formatUsd(home.openai.bill.totalNanoUsd());
  expect(cost).not.toBe('$0.00');
  const line = await desktop.untilTray(/^Running · (?!\$0\.00 )/);
  expect(line).toBe(`Running · ${cost} today`);
  const menu = await desktop.trayMenu();
  expect(menu[1]?.label).toBe(`notebook: ${cost} of $1.00`);
  expect(desktop.told('tray-tooltip').at(-1)).toBe(`Tollgate: Running · ${cost} today`);
  expect(menu.find(({ label }) => label === 'Copy base URL')?.enabled).toBe(true);
  await desktop.order('tray.choose', 'Copy base URL');
  expect(desktop.told('clipboard')).toEqual([await home.baseUrl()]);
  await desktop.order('tray.choose', 'Quit Tollgate');
  expect(await desktop.ended).toBe(0);
}, 180_000);

test('a cap of the whole key is in the first line, and the icon warns as it fills', async () => {
  const home = await openDesktopHome({ openai: { outputTokens: { min: 300, max: 300 } } });
  const desktop = await home.start();
  await desktop.untilTray(/^Running/);
  const token = await home.createApp('notebook');
  await (await home.chat(token)).text();
  const spent = home.openai.bill.totalNanoUsd();
  await home.control((client) =>
    client.limits.set({
      limits: [{ metric: 'usd', window: 'day', amount: Math.ceil(spent * 1.1), enforce: 'hard' }],
    }),
  );
  const line = await desktop.untilTray(/ of /);
  expect(line).toBe(`Running · ${formatUsd(spent)} of ${formatUsd(Math.ceil(spent * 1.1))} today`);
  const icons = desktop.told<{ path: string }>('tray-image').map(({ path }) => path.split('/').at(-1));
  expect(icons).toEqual(['tray-offline.png', 'tray-normal.png', 'tray-warning.png']);
}, 180_000);
