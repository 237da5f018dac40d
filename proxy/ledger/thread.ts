import { getCompileCacheDir } from 'node:module';
import { dirname } from 'node:path';

/** The script of a thread beside this file: TypeScript in a clone, JavaScript in the built package. */
export function threadUrl(name: string): URL {
  return new URL(`./${name}${import.meta.url.endsWith('.ts') ? '.ts' : '.js'}`, import.meta.url);
}

/**
 * The whole environment of a thread: nothing of the process, so no secret in it either, but the compile
 * cache of the process, without which a thread loads the TypeScript compiler (17 MB).
 */
export function threadEnv(): Record<string, string> {
  const cacheDir = getCompileCacheDir();
  return cacheDir === undefined ? {} : { NODE_COMPILE_CACHE: dirname(cacheDir) };
}
