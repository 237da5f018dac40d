import { spawnSync } from 'node:child_process';
import { chmod, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { type CommandResult, runTollgate } from '../../helpers/tollgate-command.ts';

/** A stand-in for systemctl, which needs a session: it notes what it is asked, and fails on demand. */
const SYSTEMCTL = `#!/bin/sh
echo "$@" >> "$SYSTEMCTL_LOG"
case "$*" in
  *is-active*) test -e "$SYSTEMCTL_LOG.active" ;;
  *"$SYSTEMCTL_FAILS"*) echo "Failed to connect to bus: No medium found" >&2; exit 1 ;;
  *--now*) touch "$SYSTEMCTL_LOG.active" ;;
esac
`;

let dir: string;
beforeEach(async () => {
  dir = await mkdtemp(join(tmpdir(), 'tollgate-service-'));
  await mkdir(join(dir, 'bin'));
  await writeFile(join(dir, 'bin', 'systemctl'), SYSTEMCTL);
  await chmod(join(dir, 'bin', 'systemctl'), 0o755);
});
afterEach(() => rm(dir, { recursive: true, force: true }));

function run(args: readonly string[], env: Readonly<Record<string, string>> = {}): Promise<CommandResult> {
  return runTollgate(['service', ...args], {
    home: dir,
    env: {
      PATH: `${join(dir, 'bin')}:${process.env['PATH'] ?? ''}`,
      SYSTEMCTL_LOG: join(dir, 'asked'),
      SYSTEMCTL_FAILS: 'nothing',
      ...env,
    },
  });
}

const unitPath = (): string => join(dir, '.config/systemd/user/tollgate.service');
const asked = async (): Promise<string[]> => (await readFile(join(dir, 'asked'), 'utf8')).trim().split('\n');

describe.skipIf(process.platform !== 'linux')('tollgate service on Linux', () => {
  test('install writes a unit, hands it over and starts it; uninstall leaves nothing', async () => {
    const installed = await run(['install', '--json']);
    expect(installed.stderr).toBe('');
    expect(JSON.parse(installed.stdout)).toEqual({
      manager: 'systemd',
      path: unitPath(),
      installed: true,
      running: true,
      started: true,
    });
    expect(await asked()).toEqual([
      '--user is-active --quiet tollgate.service',
      '--user daemon-reload',
      '--user enable --now tollgate.service',
      '--user is-active --quiet tollgate.service',
    ]);
    const unit = await readFile(unitPath(), 'utf8');
    expect(unit).toContain(`ExecStart="${process.execPath}" `);
    expect(unit).toContain(`Environment="TOLLGATE_HOME=${dir}"`);

    const status = await run(['status']);
    expect([status.code, status.stdout]).toEqual([
      0,
      expect.stringContaining('The service is installed in systemd and runs.'),
    ]);

    const removed = await run(['uninstall']);
    expect([removed.code, removed.stdout]).toEqual([0, 'Removed the service from systemd.\n']);
    expect((await asked()).slice(-2)).toEqual([
      '--user disable --now tollgate.service',
      '--user daemon-reload',
    ]);
    await expect(readFile(unitPath())).rejects.toThrow('ENOENT');
    expect((await run(['status'])).code).toBe(1);
  });

  const analyze = spawnSync('systemd-analyze', ['--version']).status === 0;
  if (!analyze)
    process.stderr.write('skipped "systemd accepts the unit": systemd-analyze is not installed\n');
  test.skipIf(!analyze)(
    'systemd accepts the unit, with a folder that has every special character',
    async () => {
      const odd = join(dir, 'a "b" $c %d \\e');
      await mkdir(odd, { mode: 0o700 });
      expect((await run(['install', '--port', '4750'], { TOLLGATE_HOME: odd })).code).toBe(0);
      const verified = spawnSync('systemd-analyze', ['verify', '--user', unitPath()], {
        env: { ...process.env, HOME: dir, XDG_RUNTIME_DIR: dir },
        encoding: 'utf8',
      });
      expect([verified.status, verified.stderr]).toEqual([0, '']);
    },
  );

  test('what could not be handed over is taken back, and the reason is shown', async () => {
    const failed = await run(['install'], { SYSTEMCTL_FAILS: 'daemon-reload' });
    expect(failed.code).toBe(1);
    expect(failed.stderr).toContain(
      '`systemctl --user daemon-reload` failed: Failed to connect to bus: No medium found.',
    );
    await expect(readFile(unitPath())).rejects.toThrow('ENOENT');
  });

  test('the unit never holds a key, and a store without anybody to unlock it is refused', async () => {
    const key = 'sk-proj-NeverInAUnitNeverInAUnit0123456789';
    const installed = await run(['install', '--key-store', 'env'], { OPENAI_API_KEY: key });
    expect([installed.code, installed.stderr]).toEqual([0, expect.stringContaining('write OPENAI_API_KEY=')]);
    const unit = await readFile(unitPath(), 'utf8');
    expect(unit).not.toContain(key);
    expect(unit).toContain(`EnvironmentFile=${dir}/service.env`);

    const refused = await run(['install', '--key-store', 'file']);
    expect([refused.code, refused.stderr]).toEqual([2, expect.stringContaining('use the keychain')]);
  });

  test('the unit starts an engine that answers', async () => {
    await run(['install', '--port', '4751', '--no-dashboard', '--key-store', 'env']);
    const unit = await readFile(unitPath(), 'utf8');
    const command = [...(/^ExecStart=(.*)$/m.exec(unit)?.[1] ?? '').matchAll(/"([^"]*)"/g)].map(
      ([, word = '']) => word,
    );
    expect(command.slice(2)).toEqual(['serve', '--port=4751', '--no-dashboard', '--key-store=env']);
    const help = spawnSync(command[0] ?? '', [...command.slice(1), '--help'], { encoding: 'utf8' });
    expect([help.status, help.stdout]).toEqual([0, expect.stringContaining('Usage: tollgate serve')]);
  });
});
