import { readFileSync } from 'node:fs';

/** `name@version` of what is installed in this folder. */
export function packageVersion(name: string): string {
  const manifest = new URL(`./node_modules/${name}/package.json`, import.meta.url);
  const { version } = JSON.parse(readFileSync(manifest, 'utf8')) as { version: string };
  return `${name}@${version}`;
}
