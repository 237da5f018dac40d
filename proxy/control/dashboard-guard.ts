import type { IncomingMessage } from 'node:http';

const MAX_HEADERS = 100;
/** Places a page is shown in that is not a window of its own: another page may lie around or over it. */
const FRAMES = new Set(['iframe', 'frame', 'embed', 'object', 'fencedframe']);

/** Why a request is not let in, before anything is read from it but its head; null lets it in. */
export type Turned = { readonly status: 400 | 403 | 405 | 415; readonly text: string } | null;

const MALFORMED: Turned = { status: 400, text: 'The HTTP request is malformed.\n' };
const FOREIGN: Turned = {
  status: 403,
  text: 'This address is not the dashboard. Open it exactly as `tollgate open` prints it.\n',
};
const WRONG_METHOD: Turned = { status: 405, text: 'This is not a method of the dashboard.\n' };
const WRONG_TYPE: Turned = { status: 415, text: 'Calls are JSON.\n' };

/**
 * A web page can make a browser send requests here: through a name of its own that leads to 127.0.0.1, a
 * form, an image, a frame. Its name is then in Host, its origin in Origin or Sec-Fetch-Site. Everything
 * that is not asked by a window of ours, or by hand, is turned away alike, whatever it asks for.
 */
export function turnAway(request: IncomingMessage, isOurHost: (host: string) => boolean): Turned {
  if (!isWellFormed(request)) return MALFORMED;
  const { headers, method = '' } = request;
  const host = headers.host ?? '';
  if (!isOurHost(host)) return FOREIGN;
  const { origin } = headers;
  if (origin !== undefined && origin.toLowerCase() !== `http://${host.toLowerCase()}`) return FOREIGN;
  const site = headers['sec-fetch-site'];
  if (site !== undefined && site !== 'same-origin' && site !== 'none') return FOREIGN;
  if (FRAMES.has(String(headers['sec-fetch-dest'] ?? ''))) return FOREIGN;
  if (method === 'GET' || method === 'HEAD') return null;
  return method === 'POST' ? turnCallAway(request) : WRONG_METHOD;
}

/** What changes something is asked by a script of our page: never by a form, a link or a beacon. */
function turnCallAway({ headers }: IncomingMessage): Turned {
  if (headers['sec-fetch-site'] === 'none') return FOREIGN;
  const mode = headers['sec-fetch-mode'];
  if (mode !== undefined && mode !== 'cors' && mode !== 'same-origin') return FOREIGN;
  const target = headers['sec-fetch-dest'];
  if (target !== undefined && target !== 'empty') return FOREIGN;
  const type = /^application\/json(?:\s*;\s*charset=utf-8)?$/i;
  return type.test(headers['content-type'] ?? '') ? null : WRONG_TYPE;
}

/** HTTP/1.1 with a path for a target, one Host, and few enough headers that none can hide another. */
function isWellFormed({ httpVersion, rawHeaders, url }: IncomingMessage): boolean {
  const isPath = url?.startsWith('/') === true && !url.startsWith('//');
  const isOnce = (wanted: string): boolean => {
    const count = rawHeaders.filter((name, at) => at % 2 === 0 && name.toLowerCase() === wanted).length;
    return count <= 1;
  };
  const hasHost = rawHeaders.some((name, at) => at % 2 === 0 && name.toLowerCase() === 'host');
  const single = ['host', 'authorization', 'x-tollgate-session', 'origin', 'content-type'].every(isOnce);
  return httpVersion === '1.1' && hasHost && single && isPath && rawHeaders.length <= MAX_HEADERS * 2;
}

/** The session token of a call, from its one header; null where there is none, or something else. */
export function sessionToken({ headers }: IncomingMessage): string | null {
  const own = headers['x-tollgate-session'];
  const { authorization } = headers;
  if (own !== undefined && authorization !== undefined) return null;
  const token = typeof own === 'string' ? own : /^bearer +(\S+)$/i.exec(authorization ?? '')?.[1];
  return token !== undefined && /^tgs_[A-Za-z0-9_-]{43}$/.test(token) ? token : null;
}
