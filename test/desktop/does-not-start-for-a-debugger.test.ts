import { describe, expect, test } from 'vitest';
import { isHiddenStart, refusedSwitches } from '../../main/launch-flags.ts';
import { openDesktopHome } from './helpers/open-desktop-home.ts';

describe('A16 an installed app that is started with a switch for debuggers', () => {
  test.each([
    '--remote-debugging-port=0',
    '--remote-debugging-pipe',
    '--inspect-brk=0',
    '--js-flags=--expose-gc',
  ])(
    'ends at once: %s',
    async (flag) => {
      const home = await openDesktopHome();
      const desktop = await home.start({ args: [flag], env: { DOUBLE_PACKAGED: '1' } });
      expect(await desktop.ended).toBe(1);
      expect(desktop.stderr()).toContain(`does not start with ${flag.replace(/=.*/, '')}`);
      expect(desktop.told('utility-fork')).toEqual([]);
      expect(desktop.told('window-created')).toEqual([]);
    },
    180_000,
  );
});

test('a clone starts with them, for development', async () => {
  const home = await openDesktopHome();
  const desktop = await home.start({ args: ['--remote-debugging-port=0'] });
  await desktop.untilTray(/^Running/);
}, 180_000);

test('A16 no spelling gets a switch past', () => {
  const none = (): boolean => false;
  const refused = (...argv: string[]): string[] => refusedSwitches(none, argv);
  expect(refused('--Remote-Debugging-Port=1')).toEqual(['remote-debugging-port']);
  expect(refused('-inspect')).toEqual(['inspect']);
  expect(refused('--host-resolver-rules=MAP * evil\n')).toEqual(['host-resolver-rules']);
  expect(refused('inspect', 'tollgate://alerts', '--hidden', '--inspector')).toEqual([]);
  expect(refusedSwitches((name) => name === 'proxy-server', [])).toEqual(['proxy-server']);
  expect(isHiddenStart(['--hidden'])).toBe(true);
  expect(isHiddenStart(['--hidden=no'])).toBe(false);
});
