import type { ClientRequest, IncomingMessage } from 'node:http';
import type { Socket } from 'node:net';
import type { WebSocket } from 'ws';
import { problemOf } from '../../contract/errors.ts';
import type { Upstream } from '../upstream.ts';
import { MAX_FRAME_BYTES } from './frames.ts';

export interface DialRequest {
  /** Below the base URL, with its query. */
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly protocols: readonly string[];
  /** Gives the attempt up. */
  readonly signal: AbortSignal;
}

/** What became of the attempt; nothing was billed unless it is open. */
export type Dialled =
  /** Paused: nothing it says is lost before somebody listens. */
  | { readonly kind: 'open'; readonly socket: WebSocket; readonly raw: Socket }
  | { readonly kind: 'refused'; readonly answer: IncomingMessage }
  | { readonly kind: 'failed'; readonly problem: string };

/** Opens a WebSocket to OpenAI: the constant origin, verified, no proxy, no redirect, no compression. */
export async function dialUpstream(upstream: Upstream, request: DialRequest): Promise<Dialled> {
  const { WebSocket: Socket } = await import('ws');
  const { url, ca, connectMs } = upstream.socketWay(request.path);
  const { signal } = request;
  if (signal.aborted) return { kind: 'failed', problem: 'the client has left' };
  const socket = new Socket(url, [...request.protocols], {
    headers: request.headers,
    ca: [...ca],
    rejectUnauthorized: true,
    handshakeTimeout: connectMs,
    followRedirects: false,
    perMessageDeflate: false,
    maxPayload: MAX_FRAME_BYTES,
  });
  return new Promise((resolve) => {
    let raw: Socket | null = null;
    const giveUp = (): void => socket.terminate();
    const done = (dialled: Dialled): void => {
      signal.removeEventListener('abort', giveUp);
      resolve(dialled);
    };
    signal.addEventListener('abort', giveUp);
    socket.once('upgrade', (answer) => {
      raw = answer.socket;
    });
    socket.once('open', () => {
      socket.pause();
      if (raw) done({ kind: 'open', socket, raw });
    });
    socket.once('unexpected-response', (_request: ClientRequest, answer: IncomingMessage) =>
      done({ kind: 'refused', answer }),
    );
    // Stays for the socket's life: whatever breaks it, it closes after this.
    socket.on('error', (error) => done({ kind: 'failed', problem: problemOf(error) }));
  });
}
