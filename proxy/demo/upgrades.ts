import { randomUUID } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import type { Socket } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';
import { type WebSocket, WebSocketServer } from 'ws';
import { answerHeaders } from './answer-headers.ts';
import { authenticate, type ExchangeDeps } from './exchange.ts';
import { faultRefusal } from './fault-refusal.ts';
import { type Fault, findFault } from './faults.ts';
import { internalError, OpenAiError, unknownUrl } from './openai-error.ts';
import { REALTIME_PATH } from './realtime-scene.ts';
import { serveRealtime } from './realtime-socket.ts';
import { serveResponses } from './responses-socket.ts';
import type { Call } from './simulation.ts';
import { createSocketLine, type SocketLine } from './socket-line.ts';

/** What a socket is served with, once it is open. */
export interface OpenSocket {
  readonly ws: WebSocket;
  readonly line: SocketLine;
  /** What its requests have in common; their bodies come as frames. */
  readonly call: Call;
}

type Serve = (socket: OpenSocket, deps: ExchangeDeps) => void;

const SERVERS: Readonly<Record<string, Serve>> = {
  '/v1/responses': serveResponses,
  [REALTIME_PATH]: serveRealtime,
};
/** Holds the largest audio OpenAI takes in one event, 15 MiB, as base64. */
const MAX_FRAME_BYTES = 32 * 1024 * 1024;
/** What browsers send instead of a header they cannot set. */
const KEY_PROTOCOL = 'openai-insecure-api-key.';

/** Accepts no connection by itself: `handleUpgrade` hands over what may be opened. */
export function createSocketServer(): WebSocketServer {
  const sockets = new WebSocketServer({
    noServer: true,
    maxPayload: MAX_FRAME_BYTES,
    perMessageDeflate: false,
    handleProtocols: (offered) => (offered.has('realtime') ? 'realtime' : false),
  });
  sockets.on('headers', (headers) => {
    const flat = answerHeaders('', requestId(), 0);
    for (let at = 0; at < flat.length; at += 2)
      if (flat[at] !== 'content-type') headers.push(`${flat[at]}: ${flat[at + 1]}`);
  });
  return sockets;
}

/** The way of one upgrade: refused like any request, or opened. Never rejects. */
export async function handleUpgrade(
  req: IncomingMessage,
  socket: Socket,
  head: Buffer,
  sockets: WebSocketServer,
  deps: ExchangeDeps,
): Promise<void> {
  // A client that leaves during the handshake is no error.
  socket.on('error', () => undefined);
  const url = req.url ?? '/';
  const path = url.split('?', 1)[0] ?? '';
  deps.received.add({
    method: req.method ?? 'GET',
    path: url,
    rawHeaders: req.rawHeaders,
    body: Buffer.alloc(0),
  });
  const faults = deps.faults.take(path, true);
  await delay(findFault(faults, 'latency')?.ms ?? 0);
  if (findFault(faults, 'hang-before-headers')) return;
  if (findFault(faults, 'reset-before-headers')) {
    socket.resetAndDestroy();
    return;
  }
  const refusal = faultRefusal(faults);
  if (refusal) return refuse(socket, refusal.status, refusal.body, refusal.headers);
  try {
    authenticate(keyOf(req, path), findFault(faults, 'unauthorized') ? null : deps.key());
    const serve = Object.hasOwn(SERVERS, path) ? SERVERS[path] : undefined;
    if (!serve) throw unknownUrl('GET', path);
    const call = callOf(url, path, faults, deps);
    sockets.handleUpgrade(req, socket, head, (ws) => {
      serve({ ws, line: createSocketLine(ws, socket, faults), call }, deps);
    });
  } catch (cause) {
    const { status, body, headers } = cause instanceof OpenAiError ? cause : internalError(cause);
    refuse(socket, status, JSON.stringify({ error: body }), headers);
  }
}

function callOf(url: string, path: string, faults: readonly Fault[], deps: ExchangeDeps): Call {
  return {
    ids: [],
    query: new URLSearchParams(url.slice(path.length + 1)),
    contentType: 'application/json',
    body: Buffer.alloc(0),
    answerAs: {
      model: findFault(faults, 'response-model')?.model ?? null,
      serviceTier: findFault(faults, 'service-tier')?.tier ?? null,
    },
    origin: deps.origin(),
    held: null,
    isBatched: false,
  };
}

/** The Authorization header; for realtime, a subprotocol will do. */
function keyOf(req: IncomingMessage, path: string): string | undefined {
  if (req.headers.authorization !== undefined || path !== REALTIME_PATH) return req.headers.authorization;
  const offered = (req.headers['sec-websocket-protocol'] ?? '').split(',').map((each) => each.trim());
  const given = offered.find((each) => each.startsWith(KEY_PROTOCOL));
  return given === undefined ? undefined : `Bearer ${given.slice(KEY_PROTOCOL.length)}`;
}

function refuse(
  socket: Socket,
  status: number,
  body: string,
  extra: Readonly<Record<string, string>> = {},
): void {
  const flat = answerHeaders(body.startsWith('<') ? 'text/html' : 'application/json', requestId(), 0);
  const lines = [
    `HTTP/1.1 ${status} Refused`,
    'connection: close',
    `content-length: ${Buffer.byteLength(body)}`,
  ];
  for (let at = 0; at < flat.length; at += 2) lines.push(`${flat[at]}: ${flat[at + 1]}`);
  for (const [name, value] of Object.entries(extra)) lines.push(`${name}: ${value}`);
  socket.end(`${lines.join('\r\n')}\r\n\r\n${body}`);
}

function requestId(): string {
  return `req_${randomUUID().replaceAll('-', '')}`;
}
