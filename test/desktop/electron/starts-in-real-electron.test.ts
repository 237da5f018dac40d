import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { _electron } from '@playwright/test';
import { describe, expect, onTestFinished, test } from 'vitest';
import { connect } from '../../../proxy/cli/control-client.ts';
import { locateHome } from '../../../proxy/home.ts';
import { until } from '../../helpers/until.ts';

const ROOT = fileURLToPath(new URL('../../../', import.meta.url));

function electronProgram(): string | null {
  const pathFile = join(ROOT, 'node_modules/electron/path.txt');
  const name = existsSync(pathFile) ? readFileSync(pathFile, 'utf8') : 'electron';
  const dir = process.env['ELECTRON_OVERRIDE_DIST_PATH'] ?? join(ROOT, 'node_modules/electron/dist');
  return existsSync(join(dir, name)) ? join(dir, name) : null;
}

/** Why the real thing cannot run here, or null when it can. */
function whyNot(): string | null {
  if (electronProgram() === null) return "Electron's program is not installed; `npm start` fetches it";
  const isLinux = process.platform === 'linux';
  if (isLinux && !process.env['DISPLAY'] && !process.env['WAYLAND_DISPLAY']) return 'there is no display';
  if (isLinux && process.getuid?.() === 0) return 'Chromium does not run as root within its sandbox';
  return null;
}

const reason = whyNot();
if (reason) process.stderr.write(`skipped "real Electron": ${reason}\n`);

/** The one test without a double: what only Electron itself can show. */
describe.skipIf(reason !== null)('real Electron', () => {
  test('starts the engine, shows a locked-down page, and quits clean', async () => {
    const dir = await mkdtemp(join(tmpdir(), 'tollgate-electron-'));
    onTestFinished(() => rm(dir, { recursive: true, force: true, maxRetries: 5 }));
    const home = join(dir, 'home');
    mkdirSync(home, { mode: 0o700 });
    writeFileSync(join(home, 'settings.json'), JSON.stringify({ engine: { port: 0, dashboardPort: 0 } }));
    const built = spawnSync(process.execPath, [join(ROOT, 'scripts/build-desktop.ts')], { encoding: 'utf8' });
    expect(built.status, built.stderr).toBe(0);

    const { TOLLGATE_UPSTREAM: _upstream, ...inherited } = process.env;
    const env = Object.fromEntries(
      Object.entries(inherited).flatMap(([name, value]) => (value === undefined ? [] : [[name, value]])),
    );
    const app = await _electron.launch({
      executablePath: electronProgram() ?? '',
      args: [ROOT],
      env: {
        ...env,
        TOLLGATE_HOME: home,
        TOLLGATE_KEY_STORE: 'env',
        OPENAI_API_KEY: 'sk-proj-notARealKeyNotARealKeyNotARealKey12345678',
        TOLLGATE_UPSTREAM: 'http://127.0.0.1:9/v1',
      },
    });
    onTestFinished(() => app.close());
    const page = await app.firstWindow();
    expect(page.url()).toBe('app://tollgate/');
    // No bridge of any kind: what Node or Electron would bring is not there.
    expect(await page.evaluate('[typeof require, typeof process, typeof module].join()')).toBe(
      'undefined,undefined,undefined',
    );
    expect(await app.evaluate(({ webContents }) => webContents.getAllWebContents().length)).toBe(1);

    // The engine in its utility process, by its own socket and through the page's protocol.
    await until(async () => (await connect(locateHome({ TOLLGATE_HOME: home }))) !== null, 30_000);
    const call = `fetch('/rpc/engine/status', {
      method: 'POST', headers: { 'content-type': 'application/json' }, body: '{}',
    }).then((answer) => answer.json()).then(({ json }) => json.baseUrl)`;
    expect(await page.evaluate(call)).toMatch(/^http:\/\/127\.0\.0\.1:\d+\/v1$/);
    const blocked = `fetch('https://example.com/').then(() => 'answered', () => 'refused')`;
    expect(await page.evaluate(blocked)).toBe('refused');

    const ended = new Promise((resolve) => app.process().once('exit', resolve));
    await app.evaluate(({ app: electron }) => electron.quit());
    expect(await ended).toBe(0);
    expect(await connect(locateHome({ TOLLGATE_HOME: home }))).toBeNull();
  }, 120_000);
});
