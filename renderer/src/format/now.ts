import { useSyncExternalStore } from 'react';

const STEP_MS = 10_000;
let nowMs = Date.now();
const listeners = new Set<() => void>();
let timer: ReturnType<typeof setInterval> | null = null;

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  if (timer === null) {
    // It has stood still while nobody looked; React asks for it again after this.
    nowMs = Date.now();
    timer = setInterval(() => {
      nowMs = Date.now();
      if (!document.hidden) for (const each of listeners) each();
    }, STEP_MS);
  }
  return () => {
    listeners.delete(listener);
    if (listeners.size > 0 || timer === null) return;
    clearInterval(timer);
    timer = null;
  };
}

/** Epoch milliseconds, to within ten seconds: one timer for every relative time on the page. */
export function useNow(): number {
  return useSyncExternalStore(subscribe, () => nowMs);
}
