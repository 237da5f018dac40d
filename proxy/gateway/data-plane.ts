import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import type { Duplex } from 'node:stream';
import { createServer } from '../node-http.ts';
import { connectionOf, openConnection } from './connection.ts';
import type { GatewayDeps } from './gateway-deps.ts';
import { handleRequest } from './handle-request.ts';
import { isOurHost } from './local-border.ts';
import { type Refusal, refuse, renderRefusal } from './refusal.ts';

/** A server for `/v1/*` and `/healthz`; the caller listens on it and closes it. */
export function createDataPlane(deps: GatewayDeps): Server {
  const server = createServer({
    headersTimeout: 10_000,
    requestTimeout: 60_000,
    connectionsCheckingInterval: 2_000,
    keepAliveTimeout: 30_000,
    maxHeaderSize: 16 * 1024,
    insecureHTTPParser: false,
    requireHostHeader: true,
    // Bodies and answers travel in small pieces; waiting to fill a packet only adds time.
    noDelay: true,
  });
  // Node would silently drop what is above; we count ourselves and answer 431.
  server.maxHeadersCount = 0;
  server.maxConnections = 6_000;
  const run = (request: IncomingMessage, response: ServerResponse, expectsContinue: boolean): void => {
    try {
      handleRequest(deps, request, response, expectsContinue);
    } catch (error) {
      deps.onError(error, '');
      response.destroy();
    }
  };
  const handle = (request: IncomingMessage, response: ServerResponse, expectsContinue: boolean): void => {
    const { socket } = request;
    const connection = connectionOf(socket);
    const before = connection.lastResponse;
    connection.lastResponse = response;
    if (before === null || before.writableFinished) {
      run(request, response, expectsContinue);
      return;
    }
    // One request at a time on a connection: a pipelined one waits for the answer before its own.
    before.once('close', () => {
      if (!socket.destroyed) run(request, response, expectsContinue);
    });
  };

  server.on('connection', openConnection);
  server.on('request', (request, response) => handle(request, response, false));
  server.on('checkContinue', (request, response) => handle(request, response, true));
  server.on('checkExpectation', (_request, response: ServerResponse) => {
    response.writeHead(417, { connection: 'close' }).end();
  });
  server.on('upgrade', (request: IncomingMessage, socket: Duplex) => {
    const known = isOurHost(request.headers.host ?? '', deps.names) && request.headers.origin === undefined;
    endRaw(socket, refuse(known ? 'upgrade_refused' : 'host_not_allowed'), deps);
  });
  server.on('clientError', (error: NodeJS.ErrnoException, socket: Duplex) => {
    if (error.code === 'ECONNRESET' || !socket.writable) socket.destroy();
    else endRaw(socket, refusalFor(error), deps);
  });
  return server;
}

function refusalFor(error: NodeJS.ErrnoException): Refusal {
  switch (error.code) {
    case 'HPE_HEADER_OVERFLOW':
    case 'HPE_CHUNK_EXTENSIONS_OVERFLOW':
      return refuse('headers_too_large');
    case 'ERR_HTTP_REQUEST_TIMEOUT':
      return refuse('request_timeout');
    default:
      return refuse('malformed_request', { problem: 'it is not valid HTTP/1.1' });
  }
}

/** Answers on a bare socket, for what never became a request. */
function endRaw(socket: Duplex, refusal: Refusal, deps: GatewayDeps): void {
  const { status, headers, body } = renderRefusal(refusal, deps.ids.format(deps.ids.next()));
  const lines = [`HTTP/1.1 ${status} Refused`, 'connection: close'];
  for (let index = 0; index < headers.length; index += 2)
    lines.push(`${headers[index]}: ${headers[index + 1]}`);
  socket.on('error', () => socket.destroy());
  socket.end(`${lines.join('\r\n')}\r\n\r\n${body}`, () => socket.destroy());
}
