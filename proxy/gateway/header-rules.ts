import type { IncomingHttpHeaders, IncomingMessage } from 'node:http';

/**
 * Headers that may go to OpenAI, as an allow-list: whatever else a client sends (cookies, another
 * `api-key`, `OpenAI-Organization`, forwarding headers) stays here.
 */
const TO_UPSTREAM = new Set([
  'accept',
  'accept-language',
  'content-type',
  'idempotency-key',
  'if-match',
  'if-modified-since',
  'if-none-match',
  'if-range',
  'if-unmodified-since',
  'openai-beta',
  'openai-safety-identifier',
  'range',
  'traceparent',
  'tracestate',
  'user-agent',
  'x-client-request-id',
]);
const TO_UPSTREAM_PREFIX = 'x-stainless-';

/** Printable ASCII and tabs: nothing that another parser could take for the end of a header. */
const SAFE_VALUE = /^[\t\x20-\x7e]*$/;

/** Names and values in turn, without authorization, which the caller adds. */
export function headersForUpstream(request: IncomingMessage): string[] {
  const headers: string[] = [];
  const raw = request.rawHeaders;
  for (let index = 0; index < raw.length; index += 2) {
    const name = (raw[index] ?? '').toLowerCase();
    const value = raw[index + 1] ?? '';
    if (!TO_UPSTREAM.has(name) && !name.startsWith(TO_UPSTREAM_PREFIX)) continue;
    if (SAFE_VALUE.test(value)) headers.push(name, value);
  }
  // A compressed answer could not be metered as it passes.
  headers.push('accept-encoding', 'identity');
  return headers;
}

/**
 * Headers of an answer that stay here: hop-by-hop ones (RFC 9110 section 7.6.1), cookies, and what
 * OpenAI's site tells browsers, which would be said about 127.0.0.1 if it passed.
 */
const NOT_TO_CLIENT = new Set([
  'alt-svc',
  'clear-site-data',
  'connection',
  'content-length',
  'content-security-policy',
  'content-security-policy-report-only',
  'cross-origin-embedder-policy',
  'cross-origin-opener-policy',
  'keep-alive',
  'nel',
  'proxy-authenticate',
  'proxy-connection',
  'report-to',
  'reporting-endpoints',
  'set-cookie',
  'set-cookie2',
  'strict-transport-security',
  'te',
  'trailer',
  'transfer-encoding',
  'upgrade',
]);

/** Names and values in turn, without `content-length`, which the caller adds where it still holds. */
export function headersForClient(headers: IncomingHttpHeaders): string[] {
  const named = namedByConnection(headers.connection);
  const kept: string[] = [];
  for (const name in headers) {
    const value = headers[name];
    if (value === undefined || NOT_TO_CLIENT.has(name) || named?.includes(name)) continue;
    if (name.startsWith('access-control-') || name.startsWith('x-tollgate-')) continue;
    if (typeof value === 'string') kept.push(name, value);
    else for (const one of value) kept.push(name, one);
  }
  return kept;
}

/** Headers that `Connection` declares hop-by-hop; the usual values name none. */
function namedByConnection(connection: string | undefined): string[] | null {
  if (connection === undefined || connection === 'keep-alive' || connection === 'close') return null;
  return connection.toLowerCase().split(/\s*,\s*/);
}

/** One header of an answer, when it came exactly once. */
export function singleHeader(headers: IncomingHttpHeaders, name: string): string | null {
  const value = headers[name];
  return typeof value === 'string' ? value : null;
}
