import type { EventSink } from './generation-walk.ts';
import type { Run } from './response-store.ts';
import type { Settlement } from './settlement.ts';

/** How long a stream that is ahead of its run waits before it looks again. */
const CATCH_UP_MS = 1;

/**
 * A background run as a stream shows it: free, since the run itself is paid for, never ahead of the run,
 * and broken off with it. So whoever has seen the end can ask for the whole response, and find its bill.
 */
export function watchRun(run: Run): { settlement: Settlement; follow(sink: EventSink): EventSink } {
  let shown = 0;
  return {
    settlement: {
      advance: (outputTokens) => {
        shown += outputTokens;
      },
      end: () => undefined,
      complete: () => undefined,
    },
    follow: (stream) => {
      const sink: EventSink = {
        get state() {
          return run.isStopped ? 'broken' : stream.state;
        },
        push: async (frame) => {
          while (run.generated < shown && sink.state === 'open') await stream.sleep(CATCH_UP_MS);
          if (sink.state === 'open') await stream.push(frame);
        },
        flush: stream.flush,
        sleep: stream.sleep,
      };
      return sink;
    },
  };
}
