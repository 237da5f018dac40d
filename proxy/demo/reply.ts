import type { ServerResponse } from 'node:http';
import { answerHeaders } from './answer-headers.ts';
import type { Fault } from './faults.ts';

/** One HTTP answer on its way out, and the faults it suffers. */
export interface Reply {
  readonly res: ServerResponse;
  readonly faults: readonly Fault[];
  /** The client left before the answer was complete. */
  readonly isGone: boolean;
  headers(contentType: string): string[];
  /** Resolves after `ms`, or as soon as the client is gone. */
  sleep(ms: number): Promise<void>;
  /** Resolves when the connection is gone. */
  untilGone(): Promise<void>;
}

export function createReply(
  res: ServerResponse,
  faults: readonly Fault[],
  requestId: string,
  startedAtMs: number,
): Reply {
  let isGone = false;
  let wake: (() => void) | null = null;
  res.once('close', () => {
    isGone = true;
    wake?.();
  });
  return {
    res,
    faults,
    get isGone() {
      return isGone;
    },
    headers: (contentType) => answerHeaders(contentType, requestId, performance.now() - startedAtMs),
    sleep: (ms) => {
      if (isGone || ms <= 0) return Promise.resolve();
      return new Promise((resolve) => {
        const timer = setTimeout(resolve, ms);
        wake = () => {
          clearTimeout(timer);
          resolve();
        };
      });
    },
    untilGone: () => {
      if (isGone) return Promise.resolve();
      return new Promise((resolve) => {
        wake = resolve;
      });
    },
  };
}

/** Writes a whole answer in one piece. */
export function writeWhole(
  reply: Reply,
  status: number,
  contentType: string,
  body: string | Buffer,
  extra: Readonly<Record<string, string>> = {},
): void {
  if (reply.isGone) return;
  const length = typeof body === 'string' ? Buffer.byteLength(body) : body.length;
  const headers = reply.headers(contentType);
  headers.push('content-length', String(length));
  for (const [name, value] of Object.entries(extra)) headers.push(name, value);
  reply.res.writeHead(status, headers);
  reply.res.end(body);
}
