import { type EventSink, type Pace, walkGeneration } from './generation-walk.ts';
import type { Run, StoredResponse } from './response-store.ts';
import type { Settlement } from './settlement.ts';

/** Generates a background response in real time, for nobody in particular, and keeps its status current. */
export function startBackgroundRun(stored: StoredResponse, pace: Pace, settlement: Settlement): Run {
  let isStopped = false;
  let generated = 0;
  let wake: (() => void) | null = null;
  const sink: EventSink = {
    get state() {
      return isStopped ? 'gone' : 'open';
    },
    push: () => {
      if (stored.status === 'queued') stored.status = 'in_progress';
    },
    flush: () => undefined,
    sleep: (ms) =>
      new Promise((resolve) => {
        const timer = setTimeout(resolve, ms);
        wake = () => {
          clearTimeout(timer);
          resolve();
        };
      }),
  };
  const run: Run = {
    startedAtMs: performance.now(),
    get generated() {
      return generated;
    },
    get isStopped() {
      return isStopped;
    },
    stop: () => {
      if (isStopped) return;
      isStopped = true;
      settlement.end('aborted');
      wake?.();
    },
  };
  stored.run = run;
  const counted: Settlement = {
    ...settlement,
    advance: (outputTokens) => {
      settlement.advance(outputTokens);
      generated += outputTokens;
    },
  };
  // The first events come after the answer that announces the response as queued.
  setImmediate(() => {
    void walkGeneration(stored.generation, pace, sink, counted, run.startedAtMs);
  });
  return run;
}
