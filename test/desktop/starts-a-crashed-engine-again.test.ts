import { expect, test } from 'vitest';
import { openDesktopHome } from './helpers/open-desktop-home.ts';
import { shellCall } from './helpers/page-call.ts';

test('F18 an engine that is killed starts again by itself, and what it held is charged', async () => {
  const home = await openDesktopHome({ openai: { tokensPerSecond: 20 } });
  const desktop = await home.start();
  await desktop.untilTray(/^Running/);
  const firstPid = await desktop.order('engine.pid');
  const token = await home.createApp('notebook', ['usd=1/day']);
  const stream = await home.chat(token, { stream: true, max_completion_tokens: 400 });
  await stream.body?.getReader().read();

  await desktop.order('engine.kill');
  await desktop.untilTray(/^Not running: The engine ended unexpectedly/);
  expect(desktop.told<{ path: string }>('tray-image').at(-1)?.path).toMatch(/tray-offline\.png$/);
  await desktop.untilTray(/^Running/);
  expect(await desktop.order('engine.pid')).not.toBe(firstPid);
  const [request] = await home.requests();
  expect(request?.outcome).toBe('charged-at-bound');
  expect(request?.costNanoUsd).toBeGreaterThanOrEqual(home.openai.bill.totalNanoUsd());
  const told = desktop.told<{ title: string }>('notification').map(({ title }) => title);
  expect(told).toEqual(['The engine ended unexpectedly.']);
  expect((await home.chat(token)).status).toBe(200);

  const { engine } = await shellCall(desktop, 'state');
  expect(engine).toEqual({ state: 'running', attached: false, problem: null, retryAt: null, restarts: 1 });
}, 180_000);

test('each wait is longer than the one before, until somebody asks for it now', async () => {
  const home = await openDesktopHome();
  const desktop = await home.start();
  await desktop.untilTray(/^Running/);
  let longest = 0;
  for (let crash = 1; crash <= 3; crash += 1) {
    await desktop.order('engine.kill');
    await desktop.waitFor('utility-exit', () => desktop.told('utility-exit').length === crash);
    const { engine } = await shellCall(desktop, 'state');
    // The first wait is half a second, which a busy machine may have slept through.
    if (crash === 1 && engine.state !== 'restarting') {
      await desktop.untilTray(/^Running/);
      continue;
    }
    expect(engine).toMatchObject({ state: 'restarting', restarts: crash });
    expect(engine.problem?.code).toBe('internal_error');
    expect(Date.parse(engine.retryAt ?? '') - Date.now()).toBeLessThanOrEqual(250 * 2 ** crash);
    longest = Date.parse(engine.retryAt ?? '') - Date.now();
    // It does not wait for its time: a person has asked.
    await desktop.order('tray.choose', 'Try again now');
    await desktop.untilTray(/^Running/);
  }
  expect(longest, 'the third is longer than the second can be').toBeGreaterThan(1_000);
}, 180_000);

test('A28 a port that somebody else has is named, and the engine starts when it is free', async () => {
  const home = await openDesktopHome();
  const { createServer } = await import('node:http');
  const squatter = createServer();
  await new Promise<void>((resolve) => squatter.listen(0, '127.0.0.1', resolve));
  const address = squatter.address();
  const port = typeof address === 'object' ? (address?.port ?? 0) : 0;
  home.set({ port });
  const desktop = await home.start();
  try {
    const line = await desktop.untilTray(/^Not running:/);
    expect(line).toContain(String(port));
    const { engine } = await shellCall(desktop, 'state');
    expect(engine.problem?.code).toBe('port_in_use');
    // Not a crash.
    expect(engine.restarts).toBe(0);
  } finally {
    squatter.close();
  }
  await desktop.untilTray(/^Running/);
  expect(await home.baseUrl()).toBe(`http://127.0.0.1:${port}/v1`);
}, 180_000);
