import type { IncomingMessage, ServerResponse } from 'node:http';

/** Once refused, so much of a body is still read away so that the client can see the answer. */
const LINGER_BYTES = 1024 * 1024;
const LINGER_MS = 2_000;

/**
 * After a refusal: closes the connection once the answer is out, but goes on reading for a moment first.
 * Closing with bytes unread would reset the connection, and the client would lose the answer.
 */
export function discardBody(request: IncomingMessage, response: ServerResponse): void {
  if (request.complete) return;
  let bytes = 0;
  const { socket } = request;
  const timer = setTimeout(() => socket.destroy(), LINGER_MS);
  timer.unref();
  request.on('data', (chunk: Buffer) => {
    bytes += chunk.length;
    if (bytes > LINGER_BYTES && response.writableFinished) socket.destroy();
  });
  request.on('error', () => undefined);
  request.once('close', () => clearTimeout(timer));
  request.resume();
}
