import { spawnSync } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, onTestFinished, test } from 'vitest';
import { hasTrayHost } from '../../main/tray-host.ts';
import { until } from '../helpers/until.ts';
import { openDesktopHome } from './helpers/open-desktop-home.ts';
import { openPrivateDesktop } from './helpers/private-desktop.ts';
import { whyMissing } from './helpers/programs.ts';

const missing = whyMissing('dunst', 'dunstctl', 'notify-send', 'dbus-daemon', 'dbus-send', 'Xvfb');
if (missing) process.stderr.write(`skipped "a real notification daemon": ${missing}\n`);

interface Popup {
  readonly summary: { readonly data: string };
  readonly body: { readonly data: string };
  readonly appname: { readonly data: string };
  readonly urgency: { readonly data: string };
}

/**
 * What the app hands to Electron's Notification goes over D-Bus to dunst. The class itself is the double's,
 * which sends it with libnotify's own program, as Electron does it with the library.
 */
describe.skipIf(missing !== null)('a real notification daemon', () => {
  test('shows what a threshold says, and a click on it opens the app there', async () => {
    const dir = await mkdtemp(join(tmpdir(), 'tollgate-bus-'));
    onTestFinished(() => rm(dir, { recursive: true, force: true, maxRetries: 5 }));
    const screen = await openPrivateDesktop(dir);
    const control = (...args: readonly string[]): string =>
      spawnSync('dunstctl', args, { env: screen.env, encoding: 'utf8' }).stdout;
    screen.run('dunst', ['-conf', '/dev/null']);
    await until(() => control('is-paused').trim() === 'false', 20_000);

    const home = await openDesktopHome();
    const desktop = await home.start({ args: ['--hidden'], env: { ...screen.env, DOUBLE_NOTIFY: 'bus' } });
    await desktop.untilTray(/^Running/);
    const token = await home.createApp('notebook', ['requests=2/day']);
    await (await home.chat(token)).text();
    await until(() => control('count', 'displayed').trim() === '1', 20_000);

    // Ending the popup as a click does: with its first action.
    control('action');
    await desktop.waitFor('load', (url) => /^app:\/\/tollgate\/apps\/app_/.test(String(url)));
    await until(() => control('count', 'history').trim() === '1', 20_000);
    const { data } = JSON.parse(control('history')) as { data: readonly (readonly Popup[])[] };
    const [popup] = data.flat();
    expect(popup?.appname.data).toBe('Tollgate');
    expect(popup?.summary.data).toBe('notebook has used 50 % of 2 requests a day');
  }, 120_000);

  test('a bus tells whether there is a tray', async () => {
    const dir = await mkdtemp(join(tmpdir(), 'tollgate-bus-'));
    onTestFinished(() => rm(dir, { recursive: true, force: true, maxRetries: 5 }));
    const screen = await openPrivateDesktop(dir);
    const home = await openDesktopHome();
    const desktop = await home.start({ env: screen.env });
    await desktop.untilTray(/^Running/);
    await desktop.order('window.close');
    // Nobody on this bus shows icons, so none is claimed.
    const [told] = desktop.told<{ body: string }>('notification');
    expect(told?.body).toContain('Start Tollgate again to open its window');
  }, 180_000);
});

test('whether icons are shown is known on macOS and Windows, asked on Linux, and else left open', async () => {
  const says = (answer: string) => () => Promise.resolve(`method return\n   boolean ${answer}\n`);
  expect(await hasTrayHost('darwin')).toBe(true);
  expect(await hasTrayHost('win32')).toBe(true);
  expect(await hasTrayHost('linux', says('true'))).toBe(true);
  expect(await hasTrayHost('linux', says('false'))).toBe(false);
  expect(await hasTrayHost('linux', () => Promise.reject(new Error('no bus')))).toBeNull();
});
