/**
 * `npm run desktop:build`: compiles the main process and the engine into dist/app, as Electron runs them.
 * Electron takes JavaScript; nothing is bundled, so that the worker threads and the native modules are
 * found where the code says they are.
 */
import { spawnSync } from 'node:child_process';
import { readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('..', import.meta.url));
const app = `${root}dist/app`;
// Built aside, so that an app that is running or being packed never sees half of it.
const out = `${app}.${process.pid}`;

interface Manifest {
  readonly name: string;
  readonly version: string;
}

const tsc = `${root}node_modules/typescript/bin/tsc`;
const { status } = spawnSync(
  process.execPath,
  [tsc, '-p', `${root}main/tsconfig.build.json`, '--outDir', out],
  {
    stdio: 'inherit',
  },
);
if (status !== 0) {
  rmSync(out, { recursive: true, force: true });
  process.exit(status ?? 1);
}
// The engine reads its version from the manifest above it, and Node that these files are modules.
const { name, version }: Manifest = JSON.parse(readFileSync(`${root}proxy/package.json`, 'utf8'));
writeFileSync(`${out}/package.json`, `${JSON.stringify({ name, version, type: 'module' })}\n`);
rmSync(app, { recursive: true, force: true });
renameSync(out, app);
// The window shows it: without the page there is no app.
const page = spawnSync(process.execPath, [`${root}scripts/build-page.mjs`, '--if-stale'], {
  stdio: 'inherit',
});
if (page.status !== 0) process.exit(page.status ?? 1);
