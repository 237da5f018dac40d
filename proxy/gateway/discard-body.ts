import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Duplex } from 'node:stream';

/** Once refused, so much of a body is still read away so that the client can see the answer. */
const LINGER_BYTES = 16 * 1024 * 1024;
const LINGER_MS = 2_000;
/** A client that has stopped sending has seen the answer, or waits for it. */
const QUIET_MS = 250;

const closing = new WeakSet<Duplex>();

/** Whether the last answer of this connection is out: what still arrives on it is not acted on. */
export function isClosing(socket: Duplex): boolean {
  return closing.has(socket);
}

export function markClosing(socket: Duplex): void {
  closing.add(socket);
}

/**
 * Ends an answer that was given before its request was read, and the connection with it: where the body
 * ends and the next request begins is the client's word alone (RFC 9112 section 9.6). Reads on for a
 * moment first, because closing with bytes unread resets the connection, and the client would lose the
 * answer.
 */
export function endAfterBody(request: IncomingMessage, response: ServerResponse): void {
  markClosing(request.socket);
  let bytes = 0;
  const end = (): void => {
    clearTimeout(limit);
    clearTimeout(quiet);
    if (!response.writableEnded) response.end();
  };
  const limit = setTimeout(end, LINGER_MS).unref();
  const quiet = setTimeout(end, QUIET_MS).unref();
  request.on('data', (chunk: Buffer) => {
    bytes += chunk.length;
    if (bytes > LINGER_BYTES) end();
    else quiet.refresh();
  });
  request.on('error', end);
  request.once('end', end);
  request.once('close', end);
  request.resume();
}
