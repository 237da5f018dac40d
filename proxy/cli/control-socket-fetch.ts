import type { IncomingMessage } from 'node:http';
import { connect } from 'node:net';
import { Readable } from 'node:stream';
import { AppError, problemOf } from '../contract/errors.ts';

const { request: startRequest } = process.getBuiltinModule('node:http');

/** Whether somebody listens on the control socket; a socket file without one is what a kill leaves behind. */
export function isListening(socketPath: string): Promise<boolean> {
  return new Promise((resolve, reject) => {
    const socket = connect(socketPath, () => {
      socket.destroy();
      resolve(true);
    });
    socket.once('error', (error: NodeJS.ErrnoException) => {
      if (NOBODY_THERE.has(error.code ?? '')) resolve(false);
      else
        reject(
          new AppError('home_unsafe', { problem: `${socketPath}: ${problemOf(error)}` }, { cause: error }),
        );
    });
  });
}

const NOBODY_THERE = new Set(['ECONNREFUSED', 'ENOENT', 'ENOTDIR']);

/**
 * `fetch` over a Unix socket or named pipe, as far as the control client needs it. Node's own fetch takes
 * no socket, and the package that does costs a command 70 ms.
 *
 * @param signal ends the call: the caller's own, because that of a Request follows it only for as long as
 *   the garbage collector leaves the Request alone
 */
export async function fetchOverSocket(
  socketPath: string,
  request: Request,
  signal: AbortSignal | undefined,
): Promise<Response> {
  const body = request.method === 'GET' ? null : Buffer.from(await request.arrayBuffer());
  const { pathname, search } = new URL(request.url);
  const answer = await new Promise<IncomingMessage>((resolve, reject) => {
    const outgoing = startRequest(
      {
        socketPath,
        method: request.method,
        path: `${pathname}${search}`,
        headers: Object.fromEntries(request.headers),
        ...(signal ? { signal } : {}),
      },
      resolve,
    );
    outgoing.once('error', reject);
    outgoing.end(body);
  });
  const { statusCode = 500 } = answer;
  const headers = new Headers();
  for (let at = 0; at < answer.rawHeaders.length; at += 2) {
    headers.append(answer.rawHeaders[at] ?? '', answer.rawHeaders[at + 1] ?? '');
  }
  const isEmpty = statusCode === 204 || statusCode === 304;
  const content = isEmpty ? null : (Readable.toWeb(answer) as ReadableStream<Uint8Array>);
  return new Response(content, { status: statusCode, headers });
}

/** Whether the other side of the control socket went away. */
export function isConnectionLost(error: unknown): boolean {
  for (let cause: unknown = error; cause instanceof Error; cause = cause.cause) {
    if (LOST.has(String((cause as NodeJS.ErrnoException).code))) return true;
  }
  return false;
}

const LOST = new Set(['ECONNREFUSED', 'ECONNRESET', 'ENOENT', 'EPIPE', 'ERR_STREAM_PREMATURE_CLOSE']);
