/**
 * `npm run desktop:build`: compiles the main process and the engine into dist/app, as Electron runs them.
 * Electron takes JavaScript; nothing is bundled, so that the worker threads and the native modules are
 * found where the code says they are.
 */
import { spawnSync } from 'node:child_process';
import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('..', import.meta.url));
const out = `${root}dist/app`;

interface Manifest {
  readonly name: string;
  readonly version: string;
}

rmSync(out, { recursive: true, force: true });
const tsc = `${root}node_modules/typescript/bin/tsc`;
const { status } = spawnSync(process.execPath, [tsc, '-p', `${root}main/tsconfig.build.json`], {
  stdio: 'inherit',
});
if (status !== 0) process.exit(status ?? 1);
// The engine reads its version from the manifest above it, and Node that these files are modules.
const { name, version }: Manifest = JSON.parse(readFileSync(`${root}proxy/package.json`, 'utf8'));
writeFileSync(`${out}/package.json`, `${JSON.stringify({ name, version, type: 'module' })}\n`);
// The window shows it: without the page there is no app.
const page = spawnSync(process.execPath, [`${root}scripts/build-page.mjs`], { stdio: 'inherit' });
if (page.status !== 0) process.exit(page.status ?? 1);
