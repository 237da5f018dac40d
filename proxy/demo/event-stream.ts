import { once } from 'node:events';
import type { EventSink } from './generation-walk.ts';
import type { Reply } from './reply.ts';

export const EVENT_STREAM = 'text/event-stream; charset=utf-8';

/** Writes events as they come, those of one moment together, and waits while the client does not read. */
export function openEventStream(reply: Reply): EventSink & { end(): void } {
  const { res } = reply;
  let held = '';
  res.writeHead(200, reply.headers(EVENT_STREAM));
  const flush = (): void | Promise<void> => {
    if (held === '' || reply.isGone) return;
    const text = held;
    held = '';
    if (!res.write(text)) return drained(reply);
  };
  return {
    get state() {
      return reply.isGone ? ('gone' as const) : ('open' as const);
    },
    push: (frame) => {
      held += frame;
    },
    flush,
    sleep: reply.sleep,
    end: () => {
      if (!reply.isGone) res.end(held);
    },
  };
}

async function drained(reply: Reply): Promise<void> {
  await Promise.race([once(reply.res, 'drain'), reply.untilGone()]);
}
