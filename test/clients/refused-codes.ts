import { globSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const PROXY = fileURLToPath(new URL('../../proxy/', import.meta.url));

/** Every code that the data plane refuses with, as the source has them; those of sockets have no HTTP answer. */
export function refusedCodes(): readonly string[] {
  const sources = ['engine.ts', ...globSync('gateway/**/*.ts', { cwd: PROXY, exclude: ['**/sockets/**'] })];
  const codes = sources.flatMap((path) => {
    const source = readFileSync(`${PROXY}${path}`, 'utf8');
    return [...source.matchAll(/\brefuse\(\s*'([a-z_]+)'/g)].map(([, code]) => code ?? '');
  });
  return [...new Set(codes)].sort();
}
