// The desktop app from a clone. Electron's program is no part of its package: it is fetched the first
// time, and checked against the hashes that the package carries. Where there can be no window, the engine
// runs alone and the dashboard opens in the browser; why is said, and nothing is pretended.
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { root, run } from './setup.mjs';

const FETCH_MS = 10 * 60_000;
const packageDir = `${root}node_modules/electron`;
const say = (line) => process.stderr.write(`${line}\n`);

/**
 * Resolves to the exit code of the app, or of `tollgate serve` in its place, which `tollgate` runs.
 * `build` brings the app up to date and resolves to an exit code.
 */
export async function startDesktop({ node, args, tollgate, build }) {
  const { program, why } = await findProgram(node, args);
  if (program === undefined) {
    say(`No desktop app: ${why}.`);
    say('Running without a window, as `npx tollgate serve` does; stop it with Ctrl-C.');
    return tollgate('serve', ...(hasDisplay() ? ['--open'] : []), ...args);
  }
  const built = await build();
  if (built !== 0) return built;
  return run(program, [root, ...args]);
}

async function findProgram(node, args) {
  const options = args.filter((argument) => argument !== '--hidden' && !argument.startsWith('tollgate:'));
  if (options.length > 0) return { why: `${options[0]} is an option of the command line` };
  if (!hasDisplay()) return { why: 'this session has no display' };
  if (process.platform === 'linux' && process.getuid() === 0) {
    return { why: 'Chromium does not run as root within its sandbox' };
  }
  const installed = installedProgram();
  if (installed) return { program: installed };
  if (!existsSync(`${packageDir}/install.js`)) return { why: 'the package electron is not installed' };
  if (process.env.ELECTRON_SKIP_BINARY_DOWNLOAD) {
    return { why: "Electron's program is not here, and ELECTRON_SKIP_BINARY_DOWNLOAD forbids to fetch it" };
  }
  say("Fetching Electron's program, about 110 MB; once…");
  const code = await run(node, [`${packageDir}/install.js`], { timeout: FETCH_MS });
  const fetched = installedProgram();
  return fetched
    ? { program: fetched }
    : { why: `Electron's program could not be fetched (exit code ${code})` };
}

/** Where the package electron looks, too; null when it is not there. */
function installedProgram() {
  const pathFile = `${packageDir}/path.txt`;
  const name = existsSync(pathFile) ? readFileSync(pathFile, 'utf8') : 'electron';
  const program = join(process.env.ELECTRON_OVERRIDE_DIST_PATH ?? `${packageDir}/dist`, name);
  return existsSync(program) ? program : null;
}

function hasDisplay() {
  if (process.platform !== 'linux') return true;
  return Boolean(process.env.DISPLAY || process.env.WAYLAND_DISPLAY);
}
