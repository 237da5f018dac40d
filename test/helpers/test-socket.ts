import type { IncomingHttpHeaders } from 'node:http';
import { text } from 'node:stream/consumers';
import { onTestFinished } from 'vitest';
import { WebSocket } from 'ws';
import { until } from './until.ts';

export interface Frame {
  readonly type: string;
  readonly stream_id?: string;
  // biome-ignore lint/suspicious/noExplicitAny: each test reads what it expects of the protocol.
  readonly response?: any;
  // biome-ignore lint/suspicious/noExplicitAny: as above.
  readonly error?: any;
  // biome-ignore lint/suspicious/noExplicitAny: as above.
  readonly item?: any;
  readonly [name: string]: unknown;
}

export interface TestSocket {
  readonly ws: WebSocket;
  /** Everything that arrived, in order. */
  readonly frames: Frame[];
  /** Everything that arrived, as text. */
  readonly texts: string[];
  send(frame: unknown): void;
  /** Resolves with the first frame of that type that comes after those it gave before. */
  next(type: string): Promise<Frame>;
  /** Resolves when it is closed, with the code. */
  closed(): Promise<number>;
}

export interface SocketWish {
  readonly headers?: Record<string, string>;
  readonly protocols?: readonly string[];
}

/** A refusal of an upgrade. */
export class SocketRefused extends Error {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
  constructor(status: number, headers: IncomingHttpHeaders, body: string) {
    super(`refused with ${status}`);
    this.status = status;
    this.headers = headers;
    this.body = body;
  }
}

/** Opens a socket that is closed with the test; rejects with a {@link SocketRefused}. */
export async function openTestSocket(
  baseUrl: string,
  path: string,
  { headers = {}, protocols = [] }: SocketWish = {},
): Promise<TestSocket> {
  const ws = new WebSocket(`${baseUrl.replace(/^http/, 'ws')}${path}`, [...protocols], {
    headers,
    perMessageDeflate: false,
  });
  const frames: Frame[] = [];
  const texts: string[] = [];
  const given = new Map<string, number>();
  let code: number | null = null;
  ws.on('message', (data: Buffer) => {
    texts.push(data.toString('utf8'));
    try {
      frames.push(JSON.parse(data.toString('utf8')));
    } catch (cause) {
      if (!(cause instanceof SyntaxError)) throw cause;
    }
  });
  ws.on('close', (closeCode) => {
    code = closeCode;
  });
  await new Promise<void>((resolve, reject) => {
    ws.once('open', resolve);
    ws.once('unexpected-response', (_request, answer) => {
      text(answer).then(
        (body) => reject(new SocketRefused(answer.statusCode ?? 0, answer.headers, body)),
        reject,
      );
    });
    ws.on('error', reject);
  });
  onTestFinished(() => ws.terminate());
  return {
    ws,
    frames,
    texts,
    send: (frame) => ws.send(typeof frame === 'string' ? frame : JSON.stringify(frame)),
    next: async (type) => {
      const from = given.get(type) ?? 0;
      const found = (): number => frames.findIndex((each, index) => index >= from && each.type === type);
      await until(() => found() >= 0);
      given.set(type, found() + 1);
      const frame = frames[found()] ?? frames[(given.get(type) ?? 1) - 1];
      if (!frame) throw new Error(`no ${type}`);
      return frame;
    },
    closed: async () => {
      await until(() => code !== null);
      return code ?? 0;
    },
  };
}
