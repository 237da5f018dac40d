import { randomBytes } from 'node:crypto';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { extname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { NONCE_PLACEHOLDER, PAGE_TYPES } from '../contract/page-policy.ts';

export interface PageFile {
  readonly type: string;
  readonly body: Buffer;
  /** Its name has the hash of its content: it never changes under this name. */
  readonly isLasting: boolean;
}

/** The built page, by path. */
export interface DashboardPage {
  readonly files: ReadonlyMap<string, PageFile>;
  /** With {@link NONCE_PLACEHOLDER}; null when the page has not been built. */
  readonly index: string | null;
}

/** In a clone beside the engine's package, in a published package inside of it. */
export function findPageDir(): string | null {
  const root = import.meta.url.endsWith('.ts') ? '../../' : '../../../';
  const places = [`${root}renderer/dist/`, import.meta.url.endsWith('.ts') ? '../page/' : '../../page/'];
  return (
    places
      .map((place) => fileURLToPath(new URL(place, import.meta.url)))
      .find((dir) => existsSync(join(dir, 'index.html'))) ?? null
  );
}

/**
 * Reads the built page once: afterwards a path is looked up in a map and never joined to a folder, and
 * what somebody puts into the folder later is not served. Files of unknown types and links are left out.
 */
export function readPage(dir: string | null): DashboardPage {
  const files = new Map<string, PageFile>();
  if (dir === null || !existsSync(join(dir, 'index.html'))) return { files, index: null };
  for (const entry of readdirSync(dir, { recursive: true, withFileTypes: true })) {
    const type = PAGE_TYPES[extname(entry.name)];
    if (!entry.isFile() || type === undefined || entry.name === 'index.html') continue;
    const path = join(entry.parentPath, entry.name);
    const name = path.slice(dir.length).replaceAll('\\', '/').replace(/^\/*/, '/');
    files.set(name, {
      type,
      body: readFileSync(path),
      isLasting: /^\/assets\/.*[-.][A-Za-z0-9_-]{8,}\.\w+$/.test(name),
    });
  }
  return { files, index: readFileSync(join(dir, 'index.html'), 'utf8') };
}

/** A page for one answer, with a nonce that only its own styles and scripts carry. */
export function pageWithNonce(index: string): { readonly nonce: string; readonly html: string } {
  const nonce = randomBytes(18).toString('base64url');
  return { nonce, html: index.replaceAll(NONCE_PLACEHOLDER, nonce) };
}

export const PLAIN_STYLE = `:root { color-scheme: light dark; font: 16px/1.5 system-ui, sans-serif; }
main { max-width: 42rem; margin: 4rem auto; padding: 0 1.5rem; }
h1 { font-size: 1.5rem; }
pre { padding: .75rem 1rem; border: 1px solid color-mix(in srgb, currentColor 20%, transparent); border-radius: .5rem; overflow-x: auto; }
`;

/** Shown where the page has not been built; says nothing that a stranger does not know. */
export const PLAIN_PAGE = `<!doctype html>
<html lang="en">
<head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<title>Tollgate</title><link rel="stylesheet" href="/page.css"></head>
<body><main>
<h1>Tollgate is running</h1>
<p>The dashboard has not been built in this clone. Build it, and load this page again:</p>
<pre>npm run build</pre>
<p>These commands show the same in a terminal:</p>
<pre>npx tollgate app create NAME --limit usd=5/day
npx tollgate usage
npx tollgate requests --follow</pre>
</main></body>
</html>
`;
