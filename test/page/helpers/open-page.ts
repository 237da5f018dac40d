import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type { Page } from '@playwright/test';
import { onTestFinished, vi } from 'vitest';
import { openTollgate, type Tollgate, type TollgateOptions } from '../../helpers/open-tollgate.ts';
import { type BrowserOptions, openBrowser } from './browser.ts';

const BUILT_PAGE = fileURLToPath(new URL('../../../renderer/dist/index.html', import.meta.url));

// A browser and an engine begin in a few seconds on an idle machine, and in many on a busy one.
vi.setConfig({ testTimeout: 90_000 });

export interface DashboardPage {
  /** The engine behind it: calls, apps, tokens, the simulated OpenAI. */
  readonly tollgate: Tollgate;
  readonly page: Page;
  /** `http://127.0.0.1:PORT`, without a slash at the end. */
  readonly origin: string;
  /** What the console has said as a warning or an error, blocked styles and scripts among it. */
  readonly problems: string[];
  /** A link that opens the dashboard once, at a path of its own. */
  link(path?: string): Promise<string>;
  /** Goes to a screen inside of the page, as a click on a link does. */
  goTo(path: string): Promise<void>;
}

export interface PageOptions extends TollgateOptions, BrowserOptions {
  /** The screen to begin with. */
  readonly path?: string;
  /** Called before the page is opened, to make what it will show. */
  prepare?(tollgate: Tollgate): Promise<void>;
}

/**
 * The built page in real Chromium, served by an engine with the simulated OpenAI, with a session. Closes
 * everything at the end of the test.
 */
export async function openPage(options: PageOptions = {}): Promise<DashboardPage> {
  const opened = await openPageAlone(options);
  onTestFinished(opened.close);
  return opened;
}

/** The same outside of a test; the caller closes it. */
export async function openPageAlone(
  options: PageOptions = {},
): Promise<DashboardPage & { close(): Promise<void> }> {
  if (!existsSync(BUILT_PAGE)) throw new Error('The page is not built: run `npm run build`.');
  const tollgate = await openTollgate({
    ...options,
    config: { dashboardPort: 0, ...options.config },
  });
  await options.prepare?.(tollgate);
  const { context, close } = await openBrowser(options);
  const page = context.pages()[0] ?? (await context.newPage());
  const problems: string[] = [];
  page.on('console', (message) => {
    if (message.type() === 'error' || message.type() === 'warning') problems.push(message.text());
  });
  page.on('pageerror', (error) => problems.push(String(error)));
  const link = async (path = '/'): Promise<string> => {
    const { url } = await tollgate.client.sessions.link();
    const { origin, hash } = new URL(url);
    return `${origin}${path}${hash}`;
  };
  page.setDefaultTimeout(30_000);
  const first = await link(options.path);
  await page.goto(first);
  return {
    tollgate,
    page,
    origin: new URL(first).origin,
    problems,
    link,
    async goTo(path) {
      await page.evaluate(`history.pushState(null, '', ${JSON.stringify(path)})`);
    },
    async close() {
      await close();
      await tollgate.close();
    },
  };
}
