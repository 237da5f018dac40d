import { readdirSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { extname, join, sep } from 'node:path';
import { PAGE_TYPES } from '../proxy/contract/page-policy.ts';

/** One file of the page. */
export interface PageAsset {
  readonly contentType: string;
  read(): Promise<Buffer>;
}

/** The page's files by the path that a browser asks for. */
export type PageAssets = ReadonlyMap<string, PageAsset>;

export const INDEX_PATH = '/index.html';

/**
 * The files of the built page, listed once: what is asked for later is looked up in the list and never
 * becomes part of a path.
 */
export function listPageAssets(pageDir: string): PageAssets {
  const files = readdirSync(pageDir, { recursive: true, withFileTypes: true }).filter((entry) =>
    entry.isFile(),
  );
  const assets = new Map<string, PageAsset>();
  for (const { parentPath, name } of files) {
    const contentType = PAGE_TYPES[extname(name)];
    if (contentType === undefined) continue;
    const file = join(parentPath, name);
    const path = `/${file
      .slice(pageDir.length + 1)
      .split(sep)
      .join('/')}`;
    assets.set(path, { contentType, read: () => readFile(file) });
  }
  return assets;
}
