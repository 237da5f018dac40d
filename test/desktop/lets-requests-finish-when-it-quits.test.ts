import { expect, test } from 'vitest';
import { openDesktopHome } from './helpers/open-desktop-home.ts';

/** Two seconds of a stream, which the engine waits for. */
const PACE = { tokensPerSecond: 20, outputTokens: { min: 40, max: 40 } };

for (const [how, quit] of [
  ['from the tray', 'tray.choose'],
  ['by the shutdown of the system', 'system.shutdown'],
] as const) {
  test(`F17 quit ${how} during a stream: it ends whole, is settled, and the app ends with 0`, async () => {
    const home = await openDesktopHome({ openai: PACE });
    const desktop = await home.start();
    await desktop.untilTray(/^Running/);
    const token = await home.createApp('notebook', ['usd=1/day']);
    const baseUrl = await home.baseUrl();
    const stream = await home.chat(token, { model: 'gpt-4o', stream: true });
    const reader = stream.body?.getReader();
    const first = await reader?.read();
    let text = Buffer.from(first?.value ?? []).toString();

    await desktop.order(quit, ...(quit === 'tray.choose' ? ['Quit Tollgate'] : []));
    await desktop.untilTray(/^Stopping: waiting for requests under way/);
    await expect(fetch(`${baseUrl}/models`)).rejects.toThrow();
    for (let piece = await reader?.read(); piece && !piece.done; piece = await reader?.read()) {
      text += Buffer.from(piece.value).toString();
    }
    expect(text.trimEnd()).toMatch(/data: \[DONE\]$/);
    expect(await desktop.ended).toBe(0);
    expect(desktop.told('tray-destroyed')).toEqual([true]);

    await home.serve();
    const [request] = await home.requests();
    expect(request?.outcome).toBe('settled');
    expect(request?.costNanoUsd).toBe(home.openai.bill.totalNanoUsd());
  }, 180_000);
}

test('F17 SIGTERM ends it in the same way', async () => {
  const home = await openDesktopHome();
  const desktop = await home.start();
  await desktop.untilTray(/^Running/);
  desktop.child.kill('SIGTERM');
  expect(await desktop.ended).toBe(0);
  expect(desktop.told('utility-exit')).toEqual([{ code: 0, signal: null }]);
}, 180_000);
