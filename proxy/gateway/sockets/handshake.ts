import type { IncomingMessage } from 'node:http';
import type { Framing } from '../framing.ts';
import { headersForUpstream } from '../header-rules.ts';
import { type Refusal, refuse } from '../refusal.ts';
import type { Route } from '../route.ts';

/** How browsers send a key, having no way to set a header. */
const KEY_PROTOCOL = 'openai-insecure-api-key.';
/** Whose account is used is for Tollgate to say. */
const ACCOUNT_PROTOCOLS = [KEY_PROTOCOL, 'openai-organization.', 'openai-project.'];
const MAX_PROTOCOLS = 10;
/** RFC 9110 section 5.6.2. */
const TOKEN = /^[!#$%&'*+.^_`|~0-9A-Za-z-]{1,300}$/;
/** Sixteen bytes in base64 (RFC 6455 section 4.1). */
const NONCE = /^[+/0-9A-Za-z]{22}==$/;

/** Subprotocols that a client offers. */
export interface OfferedProtocols {
  /** An app token among them, or null. */
  readonly token: string | null;
  /** Those that OpenAI may choose from. */
  readonly passed: readonly string[];
}

/** Refuses what is no opening handshake of RFC 6455. */
export function readOffer(request: IncomingMessage): OfferedProtocols | Refusal {
  const { headers, method } = request;
  if (headers.upgrade?.toLowerCase() !== 'websocket') return refuse('upgrade_refused');
  const isSound =
    method === 'GET' &&
    headers['sec-websocket-version'] === '13' &&
    NONCE.test(headers['sec-websocket-key'] ?? '');
  if (!isSound) return refuse('malformed_request', { problem: 'it is no WebSocket handshake' });
  const names = (headers['sec-websocket-protocol'] ?? '')
    .split(',')
    .map((name) => name.trim())
    .filter((name) => name !== '');
  if (names.length > MAX_PROTOCOLS || !names.every((name) => TOKEN.test(name))) {
    return refuse('malformed_request', { problem: 'its subprotocols cannot be read' });
  }
  const given = names.filter((name) => name.startsWith(KEY_PROTOCOL));
  if (given.length > 1) return refuse('malformed_request', { problem: 'it has two app tokens' });
  return {
    token: given[0]?.slice(KEY_PROTOCOL.length) ?? null,
    passed: names.filter((name) => !ACCOUNT_PROTOCOLS.some((prefix) => name.startsWith(prefix))),
  };
}

/** Sessions of a socket's route that cannot be followed from here. */
export function refusalOfSession(
  { headers }: IncomingMessage,
  { path, query }: Framing,
  { access }: Route,
): Refusal | null {
  if (access.kind !== 'metered' || access.meter !== 'realtime') return null;
  const refused = (why: string): Refusal => refuse('endpoint_refused', { method: 'GET', path, why });
  if (new URLSearchParams(query).has('call_id')) {
    return refused('the sound of a call does not pass through Tollgate, so it cannot be held for');
  }
  const beta = `${headers['openai-beta'] ?? ''} ${headers['sec-websocket-protocol'] ?? ''}`;
  return /realtime[=-]v1/.test(beta)
    ? refused('the beta of the Realtime API has ended; leave its header out')
    : null;
}

/** What an opening handshake says itself; the library that makes it adds its own. */
const NOT_IN_HANDSHAKE = new Set(['accept', 'accept-encoding', 'content-type', 'range']);

export function handshakeHeaders(request: IncomingMessage, authorization: string): Record<string, string> {
  const passed = headersForUpstream(request);
  const headers: Record<string, string> = {};
  for (let index = 0; index < passed.length; index += 2) {
    const [name = '', value = ''] = passed.slice(index, index + 2);
    if (!NOT_IN_HANDSHAKE.has(name)) headers[name] = value;
  }
  return { ...headers, authorization };
}
