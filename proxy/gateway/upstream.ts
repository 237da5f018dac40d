import { createRequire } from 'node:module';
import tls from 'node:tls';
import type { Dispatcher, Pool as UndiciPool } from 'undici';
import { AppError } from '../contract/errors.ts';

/** Of undici only the pool: its index also loads fetch, caches and WebSockets, 13 MB and 70 ms. */
const Pool = createRequire(import.meta.url)('undici/lib/dispatcher/pool.js') as typeof UndiciPool;

/**
 * The one way out. The origin is a constant of the process, TLS is verified whatever the environment
 * says, and nothing in the environment (HTTPS_PROXY, NODE_EXTRA_CA_CERTS, NODE_TLS_REJECT_UNAUTHORIZED)
 * changes where bytes go. It follows no redirect and repeats nothing.
 */
export interface Upstream {
  /** For people: the base URL as configured. */
  readonly baseUrl: string;
  /** Sends one request; `path` begins below the base URL, with its query. */
  dispatch(request: UpstreamRequest, handler: Dispatcher.DispatchHandler): void;
  /** How a WebSocket gets to a path below the base URL. */
  socketWay(path: string): SocketWay;
  /** How long an answer that has begun may be silent, in milliseconds. */
  readonly silentMs: number;
  close(): Promise<void>;
}

export interface SocketWay {
  readonly url: string;
  /** Certificates that are trusted. */
  readonly ca: readonly string[];
  readonly connectMs: number;
}

export interface UpstreamRequest {
  readonly method: string;
  readonly path: string;
  /** Names and values in turn. */
  readonly headers: string[];
  readonly body: Buffer | null;
}

export interface UpstreamTimeouts {
  readonly connectMs: number;
  /** From the last byte sent to the first byte of the answer: a long generation that is not streamed. */
  readonly headersMs: number;
  /** Between two bytes of an answer. */
  readonly bodyMs: number;
}

export const UPSTREAM_TIMEOUTS: UpstreamTimeouts = {
  connectMs: 10_000,
  headersMs: 15 * 60_000,
  bodyMs: 10 * 60_000,
};

const LOOPBACK = new Set(['127.0.0.1', 'localhost', '[::1]']);

/** @throws AppError `upstream_invalid` for anything but https, or http to this machine. */
export function parseUpstream(text: string): URL {
  const fail = (problem: string): never => {
    throw new AppError('upstream_invalid', { upstream: text.slice(0, 100), problem });
  };
  if (!URL.canParse(text)) return fail('it is not a URL');
  const url = new URL(text);
  if (url.username || url.password) return fail('it contains a user name or password');
  if (url.search || url.hash) return fail('it has a query or a fragment');
  if (url.protocol === 'https:') return url;
  if (url.protocol !== 'http:') return fail('it is not an https address');
  return LOOPBACK.has(url.hostname) ? url : fail('plain http leaves this machine');
}

/** Opens the pool of connections; the caller closes it. */
export function openUpstream(
  base: string,
  timeouts: UpstreamTimeouts = UPSTREAM_TIMEOUTS,
  extraCa?: string,
): Upstream {
  const url = parseUpstream(base);
  const prefix = url.pathname.replace(/\/+$/, '');
  // Node's own list, not one that NODE_EXTRA_CA_CERTS has added to.
  const ca = extraCa === undefined ? [...tls.rootCertificates] : [...tls.rootCertificates, extraCa];
  const pool = new Pool(url.origin, {
    allowH2: false,
    pipelining: 1,
    headersTimeout: timeouts.headersMs,
    bodyTimeout: timeouts.bodyMs,
    connect: {
      timeout: timeouts.connectMs,
      rejectUnauthorized: true,
      ca,
    },
  });
  return {
    baseUrl: `${url.origin}${prefix}`,
    dispatch({ method, path, headers, body }, handler) {
      pool.dispatch({ method: method as Dispatcher.HttpMethod, path: prefix + path, headers, body }, handler);
    },
    socketWay: (path) => ({
      url: `${url.origin.replace(/^http/, 'ws')}${prefix}${path}`,
      ca,
      connectMs: timeouts.connectMs,
    }),
    silentMs: timeouts.bodyMs,
    close: () => pool.destroy(),
  };
}
