import { spawnSync } from 'node:child_process';
import { mkdirSync, rmdirSync, statSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import chromium, { inflate } from '@sparticuz/chromium';

export interface Chromium {
  readonly executablePath: string;
  /** For its process: the libraries that came with it, where the system lacks them. */
  readonly env: Readonly<Record<string, string>>;
}

const LOCK = join(tmpdir(), 'tollgate-chromium.lock');
const STALE_MS = 120_000;

let found: Promise<Chromium> | null = null;

/** Chromium as it comes from npm, unpacked once for this machine. */
export function findChromium(): Promise<Chromium> {
  found ??= unpack();
  return found;
}

/** One process unpacks while others wait: a program that is half there cannot be run. */
async function unpack(): Promise<Chromium> {
  while (!takeLock()) await new Promise((resolve) => setTimeout(resolve, 100));
  try {
    const executablePath = await chromium.executablePath();
    const { stdout } = spawnSync('ldd', [executablePath], { encoding: 'utf8' });
    if (!stdout.includes('not found')) return { executablePath, env: {} };
    const bin = join(dirname(createRequire(import.meta.url).resolve('@sparticuz/chromium')), '../bin');
    const libraries = await inflate(join(bin, 'al2023.tar.br'));
    const env = { LD_LIBRARY_PATH: join(libraries, 'lib'), FONTCONFIG_PATH: join(tmpdir(), 'fonts') };
    return { executablePath, env };
  } finally {
    rmdirSync(LOCK);
  }
}

function takeLock(): boolean {
  try {
    mkdirSync(LOCK);
    return true;
  } catch (error) {
    if (!(error instanceof Error) || !('code' in error) || error.code !== 'EEXIST') throw error;
  }
  // Left behind by a process that was killed.
  const stat = statSync(LOCK, { throwIfNoEntry: false });
  if (stat && Date.now() - stat.mtimeMs > STALE_MS) rmdirSync(LOCK);
  return false;
}
