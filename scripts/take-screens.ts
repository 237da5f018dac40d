/**
 * `npm run screens [-- NAME…]`: takes the pictures of docs/screens from the real page in a real browser,
 * with an engine and a simulated OpenAI behind it. Names are the beginnings of scene names; `--out DIR`
 * puts them elsewhere.
 */
import { mkdirSync, readdirSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import type { BrowserContext } from '@playwright/test';
import type { Tollgate } from '../test/helpers/open-tollgate.ts';
import { type BrowserOptions, openBrowser } from '../test/page/helpers/browser.ts';
import { type Scene, type SceneModule, VARIANTS, type Variant, type World } from './screens/scene.ts';
import { openWorld } from './screens/worlds.ts';

const FOLDER = new URL('screens/', import.meta.url);
const { values, positionals } = parseArgs({ allowPositionals: true, options: { out: { type: 'string' } } });
const out = values.out ?? fileURLToPath(new URL('../docs/screens', import.meta.url));

const LOOKS: Readonly<Record<Variant, BrowserOptions>> = {
  light: { width: 1_280, height: 820, colorScheme: 'light' },
  dark: { width: 1_280, height: 820, colorScheme: 'dark' },
  narrow: { width: 800, height: 900, colorScheme: 'light' },
};

/** What the engine says when its ledger cannot be read. */
const FAILURE = JSON.stringify({
  json: {
    defined: true,
    code: 'ledger_unavailable',
    status: 503,
    message: 'Tollgate cannot write its ledger, so it lets nothing through that may cost money.',
    data: { hint: 'Free disk space or mend the data folder; the log file has the reason.', details: {} },
  },
});

const scenes = await readScenes();
mkdirSync(out, { recursive: true });
for (const world of ['no-key', 'empty', 'used'] as const) await takeWorld(world);

async function readScenes(): Promise<Scene[]> {
  const files = readdirSync(FOLDER).filter((name) => name.endsWith('-scenes.ts'));
  const modules = await Promise.all(
    files.sort().map(async (name): Promise<SceneModule> => import(new URL(name, FOLDER).href)),
  );
  const all = modules.flatMap((module) => module.scenes);
  if (positionals.length === 0) return all;
  return all.filter(({ name }) => positionals.some((wanted) => name.startsWith(wanted)));
}

async function takeWorld(world: World): Promise<void> {
  const here = scenes.filter((scene) => scene.world === world);
  if (here.length === 0) return;
  const tollgate = await openWorld(world);
  try {
    for (const variant of VARIANTS) {
      const wanted = here.filter(({ variants }) => variants === undefined || variants.includes(variant));
      if (wanted.length === 0) continue;
      const { context, close } = await openBrowser(LOOKS[variant]);
      try {
        for (const scene of wanted) await take(context, tollgate, scene, variant);
      } finally {
        await close();
      }
    }
  } finally {
    await tollgate.close();
  }
}

async function take(
  context: BrowserContext,
  tollgate: Tollgate,
  scene: Scene,
  variant: Variant,
): Promise<void> {
  const page = await context.newPage();
  for (const call of scene.failing ?? []) {
    await page.route(`**/rpc/${call}`, (route) =>
      route.fulfill({ status: 503, contentType: 'application/json', body: FAILURE }),
    );
  }
  const { url } = await tollgate.client.sessions.link();
  const path = typeof scene.path === 'string' ? scene.path : await scene.path(tollgate);
  const { origin, hash } = new URL(url);
  await page.goto(`${origin}${path}${hash}`);
  await page.locator('h1').first().waitFor();
  await page.waitForTimeout(700);
  await scene.act?.(page, tollgate);
  const file = `${scene.name}-${variant}.png`;
  await page.screenshot({ path: `${out}/${file}`, caret: 'hide' });
  console.log(file);
  await page.close();
}
