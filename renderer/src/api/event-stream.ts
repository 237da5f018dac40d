import { getEventMeta } from '@orpc/client';
import type { ControlEvent } from '../../../proxy/contract/events.ts';
import { control } from './client.ts';
import { connection } from './connection.ts';
import { errorCode } from './errors.ts';

const FIRST_WAIT_MS = 500;
const LONGEST_WAIT_MS = 15_000;
/** The engine sends a heartbeat every 15 seconds: after this long without one nobody is there. */
const SILENCE_MS = 40_000;

export interface EventStream {
  /** Tries at once instead of at the next time. */
  retry(): void;
  close(): void;
}

/**
 * Reads the one stream of events for as long as the page lives. When it breaks off it goes on after the
 * last event that was seen; the engine says `resync` where it cannot. Ends with the session.
 */
export function openEventStream(onEvent: (event: ControlEvent) => void): EventStream {
  const closed = new AbortController();
  let wake = (): void => undefined;
  const retry = (): void => wake();
  window.addEventListener('online', retry);
  void follow();
  return {
    retry,
    close() {
      closed.abort();
      window.removeEventListener('online', retry);
      wake();
    },
  };

  async function follow(): Promise<void> {
    let lastEventId: string | undefined;
    let failures = 0;
    let lostSince = 0;
    while (!closed.signal.aborted) {
      const silence = new AbortController();
      let timer = setTimeout(() => silence.abort(), SILENCE_MS);
      const signal = AbortSignal.any([closed.signal, silence.signal]);
      try {
        for await (const event of await control.events.follow({}, { signal, lastEventId })) {
          clearTimeout(timer);
          timer = setTimeout(() => silence.abort(), SILENCE_MS);
          lastEventId = getEventMeta(event)?.id ?? lastEventId;
          failures = 0;
          if (connection.get().state !== 'live') connection.set({ state: 'live' });
          onEvent(event);
        }
      } catch (error) {
        if (errorCode(error) === 'session_invalid') return;
        // Anything else is tried again: what went wrong is told by the state of the connection.
      } finally {
        clearTimeout(timer);
      }
      if (closed.signal.aborted) return;
      const waitMs = Math.min(FIRST_WAIT_MS * 2 ** failures, LONGEST_WAIT_MS) * (0.8 + Math.random() * 0.4);
      if (failures === 0) lostSince = Date.now();
      failures += 1;
      connection.set({ state: 'lost', since: lostSince, retryAt: Date.now() + waitMs });
      await new Promise<void>((resolve) => {
        const again = setTimeout(resolve, waitMs);
        wake = () => {
          clearTimeout(again);
          resolve();
        };
      });
    }
  }
}
