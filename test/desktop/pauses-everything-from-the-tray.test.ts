import { expect, test } from 'vitest';
import { openDesktopHome } from './helpers/open-desktop-home.ts';

test('one click pauses all apps and cuts what runs; another one lets them go on', async () => {
  const home = await openDesktopHome({ openai: { tokensPerSecond: 20 } });
  const desktop = await home.start();
  await desktop.untilTray(/^Running/);
  const token = await home.createApp('notebook', ['usd=1/day']);
  const stream = await home.chat(token, { stream: true, max_completion_tokens: 400 });
  expect(stream.status).toBe(200);
  const reader = stream.body?.getReader();
  await reader?.read();

  await desktop.order('tray.choose', 'Pause all', 'For 15 minutes');
  await desktop.untilTray(/^Everything is paused/);
  expect(desktop.told<{ path: string }>('tray-image').at(-1)?.path).toMatch(/tray-paused\.png$/);
  let rest = '';
  for (let piece = await reader?.read(); piece && !piece.done; piece = await reader?.read()) {
    rest += Buffer.from(piece.value).toString();
  }
  expect(rest).toContain('app_paused');
  expect(rest).not.toContain('[DONE]');
  const refused = await home.chat(token);
  expect(refused.headers.get('x-tollgate-error')).toMatch(/paused/);
  const sent = home.openai.received.length;

  const { paused } = await home.control((client) => client.engine.status());
  const minutes = (Date.parse(paused?.until ?? '') - Date.now()) / 60_000;
  expect(minutes).toBeGreaterThan(13);
  expect(minutes).toBeLessThanOrEqual(15);
  const label = (await desktop.trayMenu()).find((item) => item.label.startsWith('Resume all'))?.label;
  expect(label).toMatch(/^Resume all \(paused until .*\d\d/);
  await desktop.order('tray.choose', label);
  await desktop.untilTray(/^Running/);
  expect((await home.chat(token)).status).toBe(200);
  expect(home.openai.received.length).toBe(sent + 1);
}, 180_000);
