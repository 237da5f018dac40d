import type { Dispatcher } from 'undici';
import type { Upstream } from './upstream.ts';

/** Answers to our own questions are small; more is not read. */
const MAX_KEPT_BYTES = 1024 * 1024;

export interface UpstreamAnswer {
  readonly status: number;
  /** As much of it as is kept where nobody takes it in pieces. */
  readonly body: Buffer;
}

export interface Question {
  readonly method: 'GET' | 'POST';
  readonly path: string;
  /** The value of the Authorization header. */
  readonly authorization: string;
  /** Takes the body of a good answer as it comes, instead of its being kept. */
  readonly onData?: (chunk: Buffer) => void;
}

/**
 * Asks OpenAI something of our own accord: how far an object is, to stop one. Resolves with any whole
 * answer.
 * @throws whatever broke it off
 */
export function askUpstream(upstream: Upstream, question: Question): Promise<UpstreamAnswer> {
  const { method, path, authorization, onData } = question;
  const headers = [
    'authorization',
    authorization,
    'accept',
    'application/json',
    'accept-encoding',
    'identity',
  ];
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = [];
    let bytes = 0;
    let status = 0;
    const handler: Dispatcher.DispatchHandler = {
      onRequestStart: () => undefined,
      onResponseStart: (_controller, code) => {
        status = code;
      },
      onResponseData: (_controller, chunk) => {
        if (onData && status < 300) onData(chunk);
        else if (bytes < MAX_KEPT_BYTES) chunks.push(chunk);
        bytes += chunk.length;
      },
      onResponseEnd: () => resolve({ status, body: Buffer.concat(chunks) }),
      onResponseError: (_controller, error) => reject(error),
    };
    upstream.dispatch({ method, path, headers, body: null }, handler);
  });
}
