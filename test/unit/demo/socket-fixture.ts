import { onTestFinished } from 'vitest';
import { WebSocket } from 'ws';
import { until } from '../../helpers/until.ts';
import { KEY } from './simulation-fixture.ts';

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

/** Opens a socket that is closed with the test; rejects with the status of a refusal. */
export async function openSocket(baseUrl: string, path: string, wish: SocketWish = {}): Promise<TestSocket> {
  const headers = wish.headers ?? { authorization: `Bearer ${KEY}` };
  const ws = new WebSocket(`${baseUrl.replace(/^http/, 'ws')}${path}`, [...(wish.protocols ?? [])], {
    headers,
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
    ws.once('unexpected-response', (req, res) => {
      req.destroy();
      reject(new Error(`refused with ${res.statusCode}`));
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
