import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import type { IncomingMessage, ServerResponse } from 'node:http';

export interface SeenRequest {
  readonly method: string;
  readonly path: string;
  /** On the monotonic clock. */
  readonly atMs: number;
  /** 0 until it is answered. */
  status: number;
}

interface Started {
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
}

/**
 * What reaches the servers of this process, told apart by port and by what stands in Authorization. It looks
 * at Node's own report of a request, so that nothing stands between client and proxy.
 */
export class RequestWatch {
  readonly #port: number;
  readonly #seen = new Map<string, SeenRequest[]>();

  constructor(port: number) {
    this.#port = port;
    subscribe('http.server.request.start', this.#onStart);
  }

  /** Requests with this token, the oldest first. */
  of(token: string): readonly SeenRequest[] {
    return this.#seen.get(`Bearer ${token}`) ?? [];
  }

  close(): void {
    unsubscribe('http.server.request.start', this.#onStart);
  }

  readonly #onStart = (message: unknown): void => {
    const { request, response } = message as Started;
    if (request.socket.localPort !== this.#port) return;
    const { authorization = '' } = request.headers;
    const { method = '', url = '' } = request;
    const seen: SeenRequest = { method, path: url, atMs: performance.now(), status: 0 };
    this.#seen.set(authorization, [...(this.#seen.get(authorization) ?? []), seen]);
    response.once('close', () => {
      seen.status = response.statusCode;
    });
  };
}
