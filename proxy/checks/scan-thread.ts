import { Worker } from 'node:worker_threads';
import type { ScanEvent } from '../contract/checklist.ts';
import { AppError } from '../contract/errors.ts';
import { threadEnv } from '../ledger/thread.ts';

export interface ScanStart {
  readonly dir: string | undefined;
  readonly home: string;
}

/** An event, or the end of all: null, or what went wrong. */
export type ScanReply = { readonly event: ScanEvent } | { readonly end: string | null };

/** The events of `scanFiles`, which runs in a thread that ends with the iteration. */
export async function* scanInThread(start: ScanStart, signal: AbortSignal): AsyncGenerator<ScanEvent> {
  const file = `./scan-worker${import.meta.url.endsWith('.ts') ? '.ts' : '.js'}`;
  const worker = new Worker(new URL(file, import.meta.url), { workerData: start, env: threadEnv() });
  const replies: ScanReply[] = [];
  let wake = (): void => undefined;
  const add = (reply: ScanReply): void => {
    replies.push(reply);
    wake();
  };
  worker.on('message', add);
  worker.on('error', (error) => add({ end: error.message }));
  const onAbort = (): void => add({ end: null });
  signal.addEventListener('abort', onAbort);
  try {
    for (;;) {
      const reply = replies.shift();
      if (!reply) {
        await new Promise<void>((resolve) => {
          wake = resolve;
        });
      } else if ('event' in reply) yield reply.event;
      else if (reply.end === null) return;
      else throw new AppError('input_invalid', { problem: `files could not be read: ${reply.end}` });
    }
  } finally {
    signal.removeEventListener('abort', onAbort);
    await worker.terminate();
  }
}
