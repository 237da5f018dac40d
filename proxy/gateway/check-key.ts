import type { IncomingHttpHeaders } from 'node:http';
import type { Dispatcher } from 'undici';
import type { Upstream } from './upstream.ts';

/** What OpenAI says to a key, asked with `GET /models`, which costs nothing. */
export type KeyCheck =
  | { readonly kind: 'accepted'; readonly models: number | null }
  /** `problem` is in words of our own: OpenAI's message echoes parts of the key. */
  | { readonly kind: 'refused'; readonly status: number; readonly problem: string }
  | { readonly kind: 'unreachable'; readonly problem: string };

const TIMEOUT_MS = 15_000;
const MAX_ANSWER_BYTES = 4 * 1024 * 1024;

const PROBLEMS: Readonly<Record<number, string>> = {
  401: '401: it is wrong, revoked or incomplete',
  403: '403: it is not permitted to list models, or its region is not supported',
  429: '429: its project is out of quota or limited',
};

/** Checks a key without keeping it. The address is the one requests go to. */
export function checkKey(upstream: Upstream, key: Buffer): Promise<KeyCheck> {
  return new Promise((resolve) => {
    let status = 0;
    let bytes = 0;
    const chunks: Buffer[] = [];
    let controller: Dispatcher.DispatchController | null = null;
    const timer = setTimeout(() => {
      done({ kind: 'unreachable', problem: `no answer within ${TIMEOUT_MS / 1000} seconds` });
    }, TIMEOUT_MS);
    const done = (check: KeyCheck): void => {
      clearTimeout(timer);
      resolve(check);
      controller?.abort(new Error('the check has ended'));
    };
    upstream.dispatch(
      {
        method: 'GET',
        path: '/models',
        headers: ['accept', 'application/json', 'authorization', `Bearer ${key.toString('latin1')}`],
        body: null,
      },
      {
        onRequestStart(current) {
          controller = current;
        },
        onResponseStart(_controller, code: number, _headers: IncomingHttpHeaders) {
          status = code;
        },
        onResponseData(_controller, chunk) {
          bytes += chunk.length;
          if (bytes <= MAX_ANSWER_BYTES) chunks.push(chunk);
        },
        onResponseEnd() {
          if (status === 200) done({ kind: 'accepted', models: countModels(Buffer.concat(chunks)) });
          else if (status >= 500) done({ kind: 'unreachable', problem: `it answered ${status}` });
          else done({ kind: 'refused', status, problem: PROBLEMS[status] ?? `it answered ${status}` });
        },
        onResponseError(_controller, error: NodeJS.ErrnoException) {
          done({ kind: 'unreachable', problem: error.code ?? 'the connection failed' });
        },
      },
    );
  });
}

function countModels(body: Buffer): number | null {
  try {
    const { data } = JSON.parse(body.toString('utf8')) as { data?: unknown };
    return Array.isArray(data) ? data.length : null;
  } catch {
    // An answer that is not the list OpenAI sends still accepted the key.
    return null;
  }
}
