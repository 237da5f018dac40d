/**
 * `npm run package`: builds the app and its installers for this platform, into dist/installers. Arguments
 * go to electron-builder, such as `--linux AppImage`, `--mac --arm64` or `--dir`. TOLLGATE_UPDATE_URL is
 * where the app will ask for updates; without it the app asks nowhere. See docs/releasing.md.
 */
import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('..', import.meta.url));
const feed = process.env['TOLLGATE_UPDATE_URL'];

run('scripts/build-desktop.ts', []);
run('node_modules/electron-builder/cli.js', [
  '--config',
  'electron-builder.yml',
  '--publish',
  'never',
  ...(feed === undefined ? [] : ['-c.publish.provider=generic', `-c.publish.url=${feed}`]),
  ...process.argv.slice(2),
]);

function run(script: string, args: readonly string[]): void {
  const { status } = spawnSync(process.execPath, [`${root}${script}`, ...args], {
    cwd: root,
    stdio: 'inherit',
  });
  if (status !== 0) process.exit(status ?? 1);
}
