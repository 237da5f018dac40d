import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import { createServer } from '../node-http.ts';
import { connectionOf, openConnection } from './connection.ts';
import { connectionLimit } from './connection-limit.ts';
import { isClosing } from './discard-body.ts';
import type { GatewayDeps } from './gateway-deps.ts';
import { handleRequest } from './handle-request.ts';
import { refuseRaw } from './raw-answer.ts';
import { type Refusal, refuse, sendRefusal } from './refusal.ts';
import { handleUpgrade } from './sockets/handle-upgrade.ts';

/** How long a client may take, in milliseconds. */
export interface DataPlaneTimeouts {
  /** From the connection, or the answer before, to the end of the headers. */
  readonly headersMs: number;
  /** To the end of the body. */
  readonly requestMs: number;
  /** How often the two above are looked at. */
  readonly checkMs: number;
  readonly keepAliveMs: number;
  /** Without a byte read of a finished answer. Answers under way have their own, longer time. */
  readonly unreadMs: number;
}

const TIMEOUTS: DataPlaneTimeouts = {
  headersMs: 10_000,
  requestMs: 60_000,
  checkMs: 2_000,
  keepAliveMs: 30_000,
  unreadMs: 60_000,
};

/** Requests that may wait on one connection for the answer before theirs. */
const MAX_PIPELINED = 32;

/** A server for `/v1/*` and `/healthz`; the caller listens on it and closes it. */
export function createDataPlane(deps: GatewayDeps, timeouts: DataPlaneTimeouts = TIMEOUTS): Server {
  const server = createServer({
    headersTimeout: timeouts.headersMs,
    requestTimeout: timeouts.requestMs,
    connectionsCheckingInterval: timeouts.checkMs,
    keepAliveTimeout: timeouts.keepAliveMs,
    maxHeaderSize: 16 * 1024,
    insecureHTTPParser: false,
    // The framing refuses it, in the shape of an error that clients understand.
    requireHostHeader: false,
    // Bodies and answers travel in small pieces; waiting to fill a packet only adds time.
    noDelay: true,
  });
  // Node would silently drop what is above; we count ourselves and answer 431.
  server.maxHeadersCount = 0;
  server.maxConnections = connectionLimit();
  server.timeout = timeouts.unreadMs;
  server.on('timeout', (socket) => {
    if (connectionOf(socket).underway) socket.setTimeout(timeouts.unreadMs);
    else socket.destroy();
  });
  const run = (request: IncomingMessage, response: ServerResponse, expectsContinue: boolean): void => {
    try {
      handleRequest(deps, request, response, expectsContinue);
    } catch (error) {
      deps.onError(error, '');
      if (response.headersSent) response.destroy();
      else sendRefusal(response, refuse('internal_error'), deps.ids.format(deps.ids.next()));
    }
  };
  const handle = (request: IncomingMessage, response: ServerResponse, expectsContinue: boolean): void => {
    const { socket } = request;
    if (socket.destroyed || isClosing(socket)) return;
    const connection = connectionOf(socket);
    const before = connection.lastResponse;
    connection.lastResponse = response;
    if (before === null || before.writableFinished) {
      run(request, response, expectsContinue);
      return;
    }
    if (connection.waiting >= MAX_PIPELINED) {
      socket.destroy();
      return;
    }
    // One request at a time on a connection: a pipelined one waits for the answer before its own.
    connection.waiting += 1;
    before.once('close', () => {
      connection.waiting -= 1;
      if (!socket.destroyed && !isClosing(socket)) run(request, response, expectsContinue);
    });
  };

  server.on('connection', openConnection);
  server.on('request', (request, response) => handle(request, response, false));
  server.on('checkContinue', (request, response) => handle(request, response, true));
  server.on('checkExpectation', (_request, response: ServerResponse) => {
    const refusal = refuse('malformed_request', { problem: 'its Expect header is not 100-continue' });
    sendRefusal(response, refusal, deps.ids.format(deps.ids.next()));
  });
  server.on('upgrade', (request: IncomingMessage, socket: Duplex, head: Buffer) => {
    handleUpgrade(deps, request, socket as Socket, head);
  });
  server.on('clientError', (error: NodeJS.ErrnoException, socket: Duplex) => {
    if (error.code === 'ECONNRESET') socket.destroy();
    else if (isClosing(socket)) return;
    else if (!socket.writable) socket.destroy();
    else refuseRaw(socket, refusalFor(error), deps, deps.ids.next());
  });
  return server;
}

function refusalFor(error: NodeJS.ErrnoException): Refusal {
  switch (error.code) {
    case 'HPE_HEADER_OVERFLOW':
      return refuse('headers_too_large');
    case 'HPE_CHUNK_EXTENSIONS_OVERFLOW':
      return refuse('malformed_request', { problem: 'its chunk extensions are too long' });
    case 'ERR_HTTP_REQUEST_TIMEOUT':
      return refuse('request_timeout');
    default:
      return refuse('malformed_request', { problem: 'it is not valid HTTP/1.1' });
  }
}
