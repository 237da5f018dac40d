import { fileURLToPath } from 'node:url';
import type { Page } from '@playwright/test';
import { onTestFinished } from 'vitest';
import { createPageHandler } from '../../../main/app-protocol.ts';
import { PAGE_ORIGIN, PAGE_SCHEME } from '../../../main/identity.ts';
import { listPageAssets } from '../../../main/page-assets.ts';
import { forwardToEngine } from '../../../main/rpc-forward.ts';
import { type ShellActions, ShellService } from '../../../main/shell-service.ts';
import { locateHome } from '../../../proxy/index.ts';
import { openPageBridge } from '../../desktop/electron-double/page-bridge.ts';
import { openTollgate, type Tollgate } from '../../helpers/open-tollgate.ts';
import { openBrowser } from './browser.ts';

const PAGE_DIR = fileURLToPath(new URL('../../../renderer/dist', import.meta.url));

export interface DesktopPage {
  readonly tollgate: Tollgate;
  readonly page: Page;
  readonly problems: string[];
  /** Tells the page of a new state, as the main process does. */
  readonly service: ShellService;
}

/**
 * The built page as the desktop app shows it: served by the real protocol handler, its calls answered by
 * the real engine and by a shell of the test's own. A browser knows no `app:`, so the page is told that the
 * bridge's origin is the desktop's.
 */
export async function openDesktopPage(path: string, actions: ShellActions): Promise<DesktopPage> {
  const tollgate = await openTollgate();
  onTestFinished(() => tollgate.close());
  const { socketPath } = locateHome({ TOLLGATE_HOME: tollgate.dataDir });
  const problems: string[] = [];
  const service = new ShellService(actions, { error: (...words: unknown[]) => problems.push(String(words)) });
  const handle = createPageHandler({
    assets: listPageAssets(PAGE_DIR),
    rpc: (request) => forwardToEngine(request, socketPath),
    shell: (request) => service.answer(request),
  });
  let origin = PAGE_ORIGIN;
  const port = await openPageBridge(PAGE_SCHEME, async (request) => {
    const answer = await handle(request);
    if (!answer.headers.get('content-type')?.startsWith('text/javascript')) return answer;
    const { status, headers } = answer;
    return new Response((await answer.text()).replaceAll(PAGE_ORIGIN, origin), { status, headers });
  });
  origin = `http://127.0.0.1:${port}`;

  const { context, close } = await openBrowser();
  onTestFinished(close);
  const page = context.pages()[0] ?? (await context.newPage());
  page.on('console', (message) => {
    if (message.type() === 'error' || message.type() === 'warning') problems.push(message.text());
  });
  page.on('pageerror', (error) => problems.push(String(error)));
  await page.goto(`${origin}${path}`);
  return { tollgate, page, problems, service };
}
