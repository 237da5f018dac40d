import { NONCE_PLACEHOLDER } from '../proxy/contract/page-policy.ts';
import { PAGE_HOST, PAGE_ORIGIN } from './identity.ts';
import { INDEX_PATH, type PageAsset, type PageAssets } from './page-assets.ts';
import { newNonce, pageHeaders } from './page-headers.ts';

/** Who answers what the page asks. */
export interface PageServices {
  readonly assets: PageAssets;
  /** `/rpc`: the engine. */
  rpc(request: Request): Promise<Response>;
  /** `/shell`: what only the desktop can do. */
  shell(request: Request): Promise<Response>;
}

/**
 * Answers every request for `app://tollgate`: the page's files, and its calls. Nothing is read from a path
 * that the page has made, and calls are taken from the page itself only.
 */
export function createPageHandler(services: PageServices): (request: Request) => Promise<Response> {
  return async (request) => {
    const { host, pathname } = new URL(request.url);
    if (host !== PAGE_HOST) return refusal(404);
    const service = isBelow(pathname, '/rpc') ? services.rpc : services.shell;
    if (isBelow(pathname, '/rpc') || isBelow(pathname, '/shell')) {
      return isOwnCall(request) ? service(request) : refusal(403);
    }
    if (request.method !== 'GET' && request.method !== 'HEAD') return refusal(405);
    const asset = services.assets.get(pathname) ?? screenAt(services.assets, pathname);
    return asset ? serve(asset, request.method) : refusal(404);
  };
}

function isBelow(pathname: string, root: string): boolean {
  return pathname === root || pathname.startsWith(`${root}/`);
}

/**
 * A POST of our own page. Electron tells which origin has made a request; a page that sends an Origin
 * header of another one is not ours whatever else it says.
 */
function isOwnCall(request: Request): boolean {
  const initiator = 'initiatorOrigin' in request ? request.initiatorOrigin : undefined;
  const origin = request.headers.get('origin');
  return (
    request.method === 'POST' &&
    (initiator === undefined || initiator === PAGE_ORIGIN) &&
    (origin === null || origin === PAGE_ORIGIN) &&
    (request.headers.get('content-type') ?? '').startsWith('application/json')
  );
}

/** Screens have paths of their own, which all begin with the same document. */
function screenAt(assets: PageAssets, pathname: string): PageAsset | undefined {
  return /\.[a-z0-9]+$/i.test(pathname) ? undefined : assets.get(INDEX_PATH);
}

async function serve(asset: PageAsset, method: string): Promise<Response> {
  const nonce = newNonce();
  const headers = pageHeaders(asset.contentType, nonce);
  if (method === 'HEAD') return new Response(null, { headers });
  const content = await asset.read();
  const isHtml = asset.contentType.startsWith('text/html');
  const body = isHtml
    ? content.toString('utf8').replaceAll(NONCE_PLACEHOLDER, nonce)
    : new Uint8Array(content);
  return new Response(body, { headers });
}

const REFUSALS = { 403: 'Not for this page.\n', 404: 'Not found.\n', 405: 'Not that way.\n' } as const;

function refusal(status: keyof typeof REFUSALS): Response {
  const headers = pageHeaders('text/plain; charset=utf-8', newNonce());
  return new Response(REFUSALS[status], { status, headers });
}
