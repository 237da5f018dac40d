import type { Dispatcher } from 'undici';
import type { Upstream } from './upstream.ts';

/** An answer that says nothing for so long is not waited for: it is asked for again. */
const SILENCE_MS = 60_000;
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
  /** How long OpenAI may say nothing, 60 seconds unless told. */
  readonly silenceMs?: number;
}

/**
 * Asks OpenAI something of our own accord: how far an object is, to stop one. Resolves with any whole
 * answer.
 * @throws whatever broke it off
 */
export function askUpstream(upstream: Upstream, question: Question): Promise<UpstreamAnswer> {
  const { method, path, authorization, onData, silenceMs = SILENCE_MS } = question;
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
    let silence: NodeJS.Timeout | undefined;
    const listen = (controller: Dispatcher.DispatchController): void => {
      clearTimeout(silence);
      silence = setTimeout(
        () => controller.abort(new Error(`no answer within ${silenceMs} ms`)),
        silenceMs,
      ).unref();
    };
    const handler: Dispatcher.DispatchHandler = {
      onRequestStart: listen,
      onResponseStart: (controller, code) => {
        listen(controller);
        status = code;
      },
      onResponseData: (controller, chunk) => {
        listen(controller);
        if (onData && status < 300) onData(chunk);
        else if (bytes < MAX_KEPT_BYTES) chunks.push(chunk);
        bytes += chunk.length;
      },
      onResponseEnd: () => {
        clearTimeout(silence);
        resolve({ status, body: Buffer.concat(chunks) });
      },
      onResponseError: (_controller, error) => {
        clearTimeout(silence);
        reject(error);
      },
    };
    upstream.dispatch({ method, path, headers, body: null }, handler);
  });
}
