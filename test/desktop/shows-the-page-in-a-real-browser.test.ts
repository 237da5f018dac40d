import { readFileSync } from 'node:fs';
import type { Browser, Page } from '@playwright/test';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { openChromium } from './helpers/open-chromium.ts';
import { type DesktopHome, openDesktopHome } from './helpers/open-desktop-home.ts';
import { pageUrl } from './helpers/page-call.ts';
import type { DesktopUnderTest } from './helpers/start-desktop.ts';

let browser: Browser;
beforeAll(async () => {
  browser = await openChromium();
}, 180_000);
afterAll(() => browser?.close());

interface Opened {
  readonly home: DesktopHome;
  readonly desktop: DesktopUnderTest;
  readonly page: Page;
  readonly origin: string;
}

async function opened(): Promise<Opened> {
  const home = await openDesktopHome();
  const desktop = await home.start();
  await desktop.untilTray(/^Running/);
  const origin = await pageUrl(desktop);
  const page = await browser.newPage();
  await page.goto(`${origin}/apps`);
  return { home, desktop, page, origin };
}

/** A script of the folder beside this file, as it is run within a page. */
function attempt(name: string): string {
  return readFileSync(new URL(`./attempts/${name}.js`, import.meta.url), 'utf8');
}

test('the page calls and follows the engine and the shell through the app', async () => {
  const { home, desktop, page } = await opened();
  const says = (id: string, text: string): Promise<void> =>
    page.locator(`#${id}`, { hasText: text }).waitFor({ timeout: 20_000 });
  await says('engine', 'running');
  expect(await page.textContent('#screen')).toBe('/apps');
  await says('base-url', await home.baseUrl());
  const token = await home.createApp('notebook', ['usd=1/day']);
  await (await home.chat(token)).text();
  await says('spent', String(home.openai.bill.totalNanoUsd()));
  await desktop.order('engine.kill');
  await desktop.waitFor('utility-exit', () => true);
  await says('engine', 'running');
  await page.close();
}, 180_000);

test('T14 the policy holds in a real browser: no foreign script, address, frame or worker', async () => {
  const { page } = await opened();
  const margin = await page.evaluate('getComputedStyle(document.querySelector("main")).marginTop');
  expect(margin).toBe('32px');
  const outcome = await page.evaluate<{ blocked: string[] }>(attempt('break-the-policy'));
  expect(outcome).toMatchObject({
    ran: false,
    results: { html: 'refused', eval: 'refused', 'foreign address': 'refused', worker: 'refused' },
  });
  for (const directive of ['connect-src', 'frame-src', 'img-src', 'require-trusted-types-for']) {
    expect(outcome.blocked).toContain(directive);
  }
  await page.close();
}, 180_000);

test('A20 A70 a page of another address can neither frame it nor make its calls', async () => {
  const { home, desktop, page, origin } = await opened();
  const stranger = await browser.newPage();
  await stranger.route('http://stranger.test/', (route) =>
    route.fulfill({ contentType: 'text/html', body: `<iframe src="${origin}/"></iframe>` }),
  );
  await stranger.goto('http://stranger.test/');
  expect(await stranger.frameLocator('iframe').locator('#screen').count()).toBe(0);
  const script = `const TARGET = ${JSON.stringify(origin)};\n${attempt('call-from-elsewhere')}`;
  expect(await stranger.evaluate(script)).toMatchObject({ full: 'failed' });
  const { paused } = await home.control((client) => client.engine.status());
  expect(paused).toBeNull();
  expect(desktop.told('utility-fork')).toHaveLength(1);
  await stranger.close();
  await page.close();
}, 180_000);
