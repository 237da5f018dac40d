// `npm run build`: builds the dashboard's page into renderer/dist. Also called by whatever is about to show
// the page, which builds it only when its sources are newer than the last build.
import { existsSync, readdirSync, rmSync, statSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { root, run, setUp } from './setup.mjs';

const OUTPUT = `${root}renderer/dist`;
const BUILT = `${OUTPUT}/index.html`;
/** What the page is made of; the lock file stands for the packages in it. */
const SOURCES = [
  'renderer/index.html',
  'renderer/vite.config.ts',
  'renderer/public',
  'renderer/src',
  'proxy/contract',
  'package-lock.json',
];

/** Resolves to whether there is an up-to-date page now; says what it does, and what went wrong. */
export async function buildPage(node, { force = false } = {}) {
  if (!force && !isStale()) return true;
  const isQuiet = !force;
  if (isQuiet) process.stderr.write('Building the dashboard…\n');
  const started = Date.now();
  const args = [`${root}node_modules/vite/bin/vite.js`, 'build', `${root}renderer`];
  // Whoever builds it in a test, say: the page is always built as it is shipped.
  const env = { ...process.env, NODE_ENV: 'production' };
  const code = await run(node, isQuiet ? [...args, '--logLevel', 'error'] : args, { env });
  if (code !== 0) {
    // What is left of it would be taken for the whole page.
    rmSync(BUILT, { force: true });
    process.stderr.write(`The dashboard was not built: vite ended with exit code ${code}.\n`);
    return false;
  }
  if (isQuiet) process.stderr.write(`Built in ${Math.round((Date.now() - started) / 1000)} s.\n`);
  return true;
}

function isStale() {
  if (!existsSync(BUILT)) return true;
  const builtMs = statSync(BUILT).mtimeMs;
  return SOURCES.some((source) => isNewer(`${root}${source}`, builtMs));
}

/** A folder is newer as well: a file that was removed from it leaves no other trace. */
function isNewer(path, thanMs) {
  const stat = statSync(path);
  if (stat.mtimeMs > thanMs) return true;
  return stat.isDirectory() && readdirSync(path).some((name) => isNewer(`${path}/${name}`, thanMs));
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const force = !process.argv.includes('--if-stale');
  process.exitCode = (await buildPage(await setUp(), { force })) ? 0 : 1;
}
