import type { Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import { connectionOf } from './connection.ts';
import { markClosing } from './discard-body.ts';
import type { GatewayDeps } from './gateway-deps.ts';
import { type Refusal, renderRefusal } from './refusal.ts';

/** How long what follows the answer is still read away. */
const LINGER_MS = 500;

/** Answers on a bare socket, for what never became a request. Returns the status. */
export function refuseRaw(
  socket: Duplex,
  refusal: Refusal,
  deps: Pick<GatewayDeps, 'ids'>,
  seq: number,
): number {
  const { status, headers, body } = renderRefusal(refusal, deps.ids.format(seq));
  return answerRaw(socket, status, headers, body) ? status : 0;
}

/** Writes a whole answer and closes; false where it would stand in the middle of another one. */
export function answerRaw(
  socket: Duplex,
  status: number,
  headers: readonly string[],
  body: string | Buffer,
): boolean {
  const answer = connectionOf(socket as Socket).lastResponse;
  // Behind the beginning of another answer it would be read as that one's content.
  if (answer?.headersSent && !answer.writableFinished) {
    socket.destroy();
    return false;
  }
  const lines = [`HTTP/1.1 ${status} Refused`, 'connection: close'];
  for (let index = 0; index < headers.length; index += 2)
    lines.push(`${headers[index]}: ${headers[index + 1]}`);
  markClosing(socket);
  socket.on('error', () => socket.destroy());
  socket.write(`${lines.join('\r\n')}\r\n\r\n`);
  socket.end(body);
  // Closing with bytes unread would reset the connection, and the client would lose the answer.
  socket.resume();
  const linger = setTimeout(() => socket.destroy(), LINGER_MS).unref();
  socket.once('close', () => clearTimeout(linger));
  return true;
}
