import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { autostartEntry, autostartPath, isAutostartOn } from '../../main/xdg-autostart.ts';
import { until } from '../helpers/until.ts';
import { openDesktopHome } from './helpers/open-desktop-home.ts';
import { whyMissing } from './helpers/programs.ts';

const PACKAGED = { DOUBLE_PACKAGED: '1' };

test('nothing starts at login until the tray is asked to, and never again after that', async () => {
  const home = await openDesktopHome();
  const desktop = await home.start({ env: PACKAGED });
  await desktop.untilTray(/^Running/);
  const path = join(home.dir, '../.config/autostart/dev.tollgate.Tollgate.desktop');
  expect(existsSync(path)).toBe(false);
  await desktop.order('tray.choose', 'Start at login');
  await until(() => existsSync(path), 10_000);
  await desktop.waitFor<readonly { label: string; checked: boolean }[]>('tray-menu', (menu) =>
    menu.some(({ label, checked }) => label === 'Start at login' && checked),
  );
  expect(readFileSync(path, 'utf8')).toContain(`Exec="${process.execPath}" "--hidden"`);
  await desktop.order('tray.choose', 'Start at login');
  await until(() => !existsSync(path), 10_000);
}, 180_000);

test('who took the login item away elsewhere does not get it back', async () => {
  const home = await openDesktopHome();
  home.set({}, { autostart: true });
  const desktop = await home.start({ env: PACKAGED });
  await desktop.untilTray(/^Running/);
  await until(async () => !(await home.control((client) => client.settings.get())).desktop.autostart, 10_000);
  expect(existsSync(join(home.dir, '../.config/autostart'))).toBe(false);
}, 180_000);

test('a clone offers no start at login', async () => {
  const home = await openDesktopHome();
  const desktop = await home.start();
  await desktop.untilTray(/^Running/);
  expect((await desktop.trayMenu()).map(({ label }) => label)).not.toContain('Start at login');
}, 180_000);

describe('the file of Linux desktops', () => {
  const awkward = '/opt/My "Apps" $HOME `x` 100%\\tollgate';

  test('lies where the user has put the settings', () => {
    const file = 'autostart/dev.tollgate.Tollgate.desktop';
    expect(autostartPath({}, '/home/x')).toBe(`/home/x/.config/${file}`);
    expect(autostartPath({ XDG_CONFIG_HOME: '/cfg' }, '/home/x')).toBe(`/cfg/${file}`);
    // The specification has relative paths ignored.
    expect(autostartPath({ XDG_CONFIG_HOME: 'cfg' }, '/home/x')).toBe(`/home/x/.config/${file}`);
  });

  test('quotes what Exec must not read as more than a path', () => {
    expect(autostartEntry({ program: awkward, args: ['--hidden'] })).toContain(
      'Exec="/opt/My \\\\"Apps\\\\" \\\\$HOME \\\\`x\\\\` 100%%\\\\\\\\tollgate" "--hidden"\n',
    );
  });

  test('a desktop that has switched it off is believed', async () => {
    const { dir } = await openDesktopHome();
    const path = join(dir, 'x.desktop');
    expect(isAutostartOn(path)).toBe(false);
    writeFileSync(path, autostartEntry({ program: '/x', args: [] }));
    expect(isAutostartOn(path)).toBe(true);
    writeFileSync(path, `${autostartEntry({ program: '/x', args: [] })}Hidden=true\n`);
    expect(isAutostartOn(path)).toBe(false);
  });

  const missing = whyMissing('desktop-file-validate');
  if (missing) process.stderr.write(`skipped "desktop-file-validate": ${missing}\n`);
  test.skipIf(missing !== null)('is valid for desktop-file-validate', async () => {
    const { dir } = await openDesktopHome();
    for (const [index, program] of ['/usr/bin/tollgate', awkward].entries()) {
      const path = join(dir, `entry-${index}.desktop`);
      writeFileSync(path, autostartEntry({ program, args: ['--hidden'] }));
      const { status, stdout } = spawnSync('desktop-file-validate', [path], { encoding: 'utf8' });
      expect(stdout).toBe('');
      expect(status).toBe(0);
    }
  });
});
