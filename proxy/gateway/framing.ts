import type { IncomingMessage } from 'node:http';
import { type Refusal, refuse } from './refusal.ts';
import { ROUTES } from './routes.ts';

const MAX_HEADERS = 100;
const MAX_TARGET_BYTES = 8 * 1024;

/** What a request says of itself, once it is known to be well formed. */
export interface Framing {
  readonly method: string;
  /** The part before `?`, as it came. */
  readonly path: string;
  /** `?…` as it came, or empty. */
  readonly query: string;
  readonly host: string;
  readonly authorization: string | null;
  readonly origin: string | null;
  readonly fetchSite: string | null;
  /** Media type, lower case, without parameters; empty when there is none. */
  readonly mediaType: string;
  readonly contentType: string;
  /** Null when the body is chunked. */
  readonly contentLength: number | null;
  readonly hasBody: boolean;
}

/** Paths that are in order because they are ours; most requests have one of them and no query. */
const KNOWN_TARGETS = new Set(
  ROUTES.filter(({ path }) => !path.includes('{')).map(({ endpoint }) => endpoint),
);

const malformed = (problem: string): Refusal => refuse('malformed_request', { problem });

/**
 * Refuses what Node's parser lets through but a proxy must not (reference/security.md section 3): two
 * Host or Authorization headers of which the first would silently win, HTTP/1.0 without a Host, targets
 * that are not a plain path, a tail of headers. Works on `rawHeaders` only, where nothing was merged.
 */
export function readFraming(request: IncomingMessage): Framing | Refusal {
  if (request.httpVersion !== '1.1') return malformed('only HTTP/1.1 is spoken here');
  const raw = request.rawHeaders;
  if (raw.length > MAX_HEADERS * 2) return refuse('headers_too_large');
  const target = request.url ?? '';
  if (target.length > MAX_TARGET_BYTES) return refuse('uri_too_long');
  const targetProblem = KNOWN_TARGETS.has(target) ? null : problemOfTarget(target);
  if (targetProblem) return malformed(targetProblem);

  let host: string | null = null;
  let authorization: string | null = null;
  let origin: string | null = null;
  let fetchSite: string | null = null;
  let contentType = '';
  let contentLength: number | null = null;
  let chunked = false;
  for (let index = 0; index < raw.length; index += 2) {
    const value = raw[index + 1] ?? '';
    switch (raw[index]?.toLowerCase()) {
      case 'host':
        if (host !== null) return malformed('it has two Host headers');
        host = value;
        break;
      case 'authorization':
        if (authorization !== null) return malformed('it has two Authorization headers');
        authorization = value;
        break;
      case 'origin':
        if (origin !== null) return malformed('it has two Origin headers');
        origin = value;
        break;
      case 'sec-fetch-site':
        if (fetchSite !== null) return malformed('it has two Sec-Fetch-Site headers');
        fetchSite = value;
        break;
      case 'content-type':
        if (contentType !== '') return malformed('it has two Content-Type headers');
        contentType = value;
        break;
      case 'content-length':
        contentLength = Number(value);
        break;
      case 'transfer-encoding':
        if (value.toLowerCase() !== 'chunked') return malformed('its transfer encoding is not chunked');
        chunked = true;
        break;
      case 'content-encoding':
        if (value.toLowerCase() !== 'identity') return refuse('content_encoding_refused');
        break;
    }
  }
  if (host === null) return malformed('it has no Host header');
  const question = target.indexOf('?');
  return {
    method: request.method ?? '',
    path: question < 0 ? target : target.slice(0, question),
    query: question < 0 ? '' : target.slice(question),
    host,
    authorization,
    origin,
    fetchSite,
    mediaType: (contentType.split(';', 1)[0] ?? '').trim().toLowerCase(),
    contentType,
    contentLength: chunked ? null : (contentLength ?? 0),
    hasBody: chunked || (contentLength ?? 0) > 0,
  };
}

/** Origin-form only (RFC 9112 section 3.2.1), and nothing in the path that another parser might resolve. */
function problemOfTarget(target: string): string | null {
  if (!target.startsWith('/')) return 'its target is not a path';
  if (target.includes('#')) return 'its target has a fragment';
  const path = target.split('?', 1)[0] ?? '';
  if (path.includes('//')) return 'its path has an empty segment';
  if (path.includes('%') || path.includes('\\')) return 'its path has encoded characters';
  if (/(^|\/)\.{1,2}(\/|;|$)/.test(path)) return 'its path has dot segments';
  return null;
}
