/**
 * `npm run screens:desktop`: pictures for docs/screens of what the desktop app shows. The tray icons as they
 * are installed, and, where the page has been built, the window as the real main process serves it over the
 * double of Electron, with requests made against the simulated OpenAI.
 */
import { existsSync, mkdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Browser } from '@playwright/test';
import { TRAY_STATES } from '../../../main/tray-state.ts';
import { type ControlClient, connect } from '../../../proxy/client.ts';
import { parseLimit } from '../../../proxy/contract/limits.ts';
import { demoPrices } from '../../../proxy/demo/demo-prices.ts';
import { openSimulatedOpenAi } from '../../../proxy/demo/simulated-openai.ts';
import { locateHome } from '../../../proxy/home.ts';
import { openChromium } from '../helpers/open-chromium.ts';
import { pageUrl } from '../helpers/page-call.ts';
import { startDesktop } from '../helpers/start-desktop.ts';

const ROOT = fileURLToPath(new URL('../../../', import.meta.url));
const KEY = 'sk-proj-ForPicturesForPicturesForPictures0123456789';
const PAGE_DIR = process.env['TOLLGATE_TEST_PAGE'] ?? join(ROOT, 'renderer/dist');

mkdirSync(join(ROOT, 'docs/screens'), { recursive: true });
const browser = await openChromium();
try {
  await takeIcons(browser);
  if (existsSync(join(PAGE_DIR, 'index.html'))) await takeWindow(browser);
  else process.stderr.write('no picture of the window: the page has not been built\n');
} finally {
  await browser.close();
}

async function takeIcons(from: Browser): Promise<void> {
  const page = await from.newPage({ viewport: { width: 760, height: 330 }, deviceScaleFactor: 2 });
  await page.setContent(iconTable());
  await page.screenshot({ path: join(ROOT, 'docs/screens/tray-icons.png') });
  await page.close();
}

/** Each state at the size it is shown and enlarged: as on Linux and Windows, and as macOS colours it. */
function iconTable(): string {
  const image = (name: string, width: number): string => {
    const data = readFileSync(join(ROOT, 'main/icons', name)).toString('base64');
    return `<img width="${width}" src="data:image/png;base64,${data}">`;
  };
  const row = (title: string, ending: string, style: string): string =>
    `<tr class="${style}"><th>${title}</th>${TRAY_STATES.map(
      (state) =>
        `<td>${image(`tray-${state}${ending}.png`, 16)} ${image(`tray-${state}${ending}@2x.png`, 32)}</td>`,
    ).join('')}</tr>`;
  return `<style>
    body { font: 14px sans-serif; margin: 16px; background: #fff; color: #222; }
    table { border-collapse: collapse; width: 100%; }
    th { font-weight: normal; text-align: left; padding: 12px; }
    td { padding: 12px; } td img { margin-right: 12px; vertical-align: middle; }
    .dark { background: #2b2c30; color: #eee; } .light { background: #f1f2f4; }
    .dark.mac img { filter: invert(1); }
  </style><table>
    <tr><th></th>${TRAY_STATES.map((state) => `<th>${state}</th>`).join('')}</tr>
    ${row('Light panel', '', 'light')}${row('Dark panel', '', 'dark')}
    ${row('macOS, light', 'Template', 'light mac')}${row('macOS, dark', 'Template', 'dark mac')}
  </table>`;
}

async function takeWindow(from: Browser): Promise<void> {
  const dir = await mkdtemp(join(tmpdir(), 'tollgate-screens-'));
  const home = join(dir, 'home');
  mkdirSync(home, { mode: 0o700 });
  mkdirSync(join(dir, 'app/renderer'), { recursive: true });
  symlinkSync(join(ROOT, 'main'), join(dir, 'app/main'));
  symlinkSync(PAGE_DIR, join(dir, 'app/renderer/dist'));
  const settings = {
    engine: { port: 0, dashboardPort: 0 },
    dashboard: { theme: 'light', onboardedAt: new Date().toISOString() },
  };
  writeFileSync(join(home, 'settings.json'), JSON.stringify(settings));
  const openai = await openSimulatedOpenAi({ key: KEY, prices: demoPrices, tokensPerSecond: 0 });
  const desktop = await startDesktop({
    args: ['--hidden'],
    env: {
      PATH: process.env['PATH'] ?? '',
      HOME: dir,
      TOLLGATE_HOME: home,
      TOLLGATE_KEY_STORE: 'env',
      TOLLGATE_UPSTREAM: openai.baseUrl,
      OPENAI_API_KEY: KEY,
      DOUBLE_APP_DIR: join(dir, 'app'),
    },
  });
  try {
    await desktop.untilTray(/^Running/);
    const connected = await connect(locateHome({ TOLLGATE_HOME: home }));
    if (!connected) throw new Error('no engine answers');
    await spend(connected.client);
    const page = await from.newPage({ viewport: { width: 1180, height: 800 } });
    await page.goto(await pageUrl(desktop));
    await page.locator('h1').first().waitFor();
    // Streams stay open, so the network never rests: the drawing of charts is waited for instead.
    await page.waitForTimeout(2_000);
    await page.screenshot({ path: join(ROOT, 'docs/screens/desktop-window.png') });
    await page.close();
    await desktop.order('app.quit');
    await desktop.ended;
  } finally {
    await desktop.kill();
    await openai.close();
    await rm(dir, { recursive: true, force: true });
  }
}

/** Two apps with a day's work behind them. */
async function spend(client: ControlClient): Promise<void> {
  const { baseUrl } = await client.engine.status();
  for (const [name, limit, requests] of [
    ['notebook', 'usd=0.05/day', 12],
    ['coding-agent', 'usd=0.20/day', 30],
  ] as const) {
    const limits = [{ ...parseLimit(limit), enforce: 'hard' as const }];
    const { token } = await client.apps.create({ name, limits });
    for (let request = 0; request < requests; request += 1) {
      const answer = await fetch(`${baseUrl}/chat/completions`, {
        method: 'POST',
        headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
        body: JSON.stringify({
          model: request % 3 === 0 ? 'gpt-4o' : 'gpt-5.4-mini',
          messages: [{ role: 'user', content: 'Say hello' }],
        }),
      });
      await answer.text();
    }
  }
}
