import { mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { onTestFinished } from 'vitest';
import type { Settings } from '../../../proxy/contract/settings.ts';
import {
  CHAT,
  type EngineHome,
  type EngineHomeOptions,
  openEngineHome,
  post,
} from '../../helpers/engine-home.ts';
import { CANARY_KEY } from '../../helpers/open-tollgate.ts';
import { type DesktopUnderTest, startDesktop } from './start-desktop.ts';

const ROOT = fileURLToPath(new URL('../../../', import.meta.url));

/** Compiled code of all these starts, outside of the folders that the tests remove. */
const COMPILED = join(ROOT, 'node_modules/.cache/desktop');

/** The page that the window shows: a small one of the tests, or the built one of this folder. */
const PAGE_DIR = process.env['TOLLGATE_TEST_PAGE'] ?? join(ROOT, 'test/desktop/page');

export interface DesktopHome extends Omit<EngineHome, 'start'> {
  /** Leaves settings of an earlier start; ports are free ones unless told. */
  set(engine: Partial<Settings['engine']>, desktop?: Partial<Settings['desktop']>): void;
  /** `http://127.0.0.1:PORT/v1` of the engine that runs. */
  baseUrl(): Promise<string>;
  /** A small chat completion with an app token. */
  chat(token: string, body?: object): Promise<Response>;
  /** `tollgate serve` on the same home. */
  readonly serve: EngineHome['start'];
  /** Starts the app; what still runs at the end of the test is killed. */
  start(options?: DesktopStart): Promise<DesktopUnderTest>;
}

export interface DesktopStart {
  readonly args?: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
  /** The main process, unless it is that of this clone. */
  readonly main?: string;
}

/** A data folder on which the real main process runs, over the double of Electron, on free ports. */
export async function openDesktopHome(options: EngineHomeOptions = {}): Promise<DesktopHome> {
  // The home of the engine is within a folder that the test removes after everything has ended in it.
  const dir = await mkdtemp(join(tmpdir(), 'tollgate-desktop-'));
  const running: DesktopUnderTest[] = [];
  onTestFinished(async () => {
    await rm(dir, { recursive: true, force: true, maxRetries: 5 });
  });
  const home = join(dir, 'home');
  mkdirSync(home, { mode: 0o700 });
  const set = (engine: Partial<Settings['engine']>, desktop: Partial<Settings['desktop']> = {}): void => {
    const settings = { engine: { port: 0, dashboardPort: 0, ...engine }, desktop };
    writeFileSync(join(home, 'settings.json'), JSON.stringify(settings));
  };
  set({});
  const { start: serve, ...engineHome } = await openEngineHome({ ...options, dir: home });
  const appDir = layOutApp(dir);
  onTestFinished(async () => {
    for (const desktop of running) await desktop.kill();
  });
  const baseUrl = async (): Promise<string> =>
    (await engineHome.control((client) => client.engine.status())).baseUrl ?? '';
  return {
    ...engineHome,
    set,
    baseUrl,
    chat: async (token, body = {}) =>
      post({ baseUrl: await baseUrl() }, token, '/chat/completions', { ...CHAT, ...body }),
    serve,
    async start({ args = [], env = {}, main } = {}) {
      const desktop = await startDesktop({
        args,
        main,
        env: {
          PATH: process.env['PATH'] ?? '',
          HOME: dir,
          TOLLGATE_HOME: home,
          TOLLGATE_KEY_STORE: 'env',
          TOLLGATE_UPSTREAM: options.upstream ?? engineHome.openai.baseUrl,
          OPENAI_API_KEY: CANARY_KEY,
          DOUBLE_APP_DIR: appDir,
          NODE_COMPILE_CACHE: COMPILED,
          ...env,
        },
      });
      running.push(desktop);
      return desktop;
    },
  };
}

/** The app's folder, with the page of the test in the place of the built one. */
function layOutApp(dir: string): string {
  const appDir = join(dir, 'app');
  mkdirSync(join(appDir, 'renderer'), { recursive: true });
  symlinkSync(join(ROOT, 'main'), join(appDir, 'main'));
  symlinkSync(PAGE_DIR, join(appDir, 'renderer/dist'));
  return appDir;
}
