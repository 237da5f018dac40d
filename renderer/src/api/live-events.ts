import { useEffect, useRef } from 'react';
import type { EventKind } from '../../../proxy/contract/event-words.ts';
import type { ControlEvent } from '../../../proxy/contract/events.ts';
import { createEventCache } from './apply-events.ts';
import { connection } from './connection.ts';
import { type EventStream, openEventStream } from './event-stream.ts';
import { FrameBatches } from './frame-batches.ts';
import { queryClient } from './query-client.ts';

export type EventOf<Kind extends EventKind> = Extract<ControlEvent, { kind: Kind }>;
type Listener = (events: readonly ControlEvent[]) => void;

const listeners = new Set<Listener>();
let stream: EventStream | null = null;

/** Begins to follow, once; caches first, then whoever listens. */
export function startLiveEvents(): void {
  if (stream) return;
  const cache = createEventCache(queryClient);
  const batches = new FrameBatches<ControlEvent>((events) => {
    cache.apply(events);
    for (const listener of listeners) listener(events);
  });
  stream = openEventStream((event) => batches.add(event));
  connection.subscribe(() => {
    if (connection.get().state !== 'live') return;
    // What failed while the engine was away is asked again, whatever the events say.
    void queryClient.refetchQueries({ predicate: ({ state }) => state.status === 'error' });
  });
}

export function stopLiveEvents(): void {
  stream?.close();
  stream = null;
}

export function retryNow(): void {
  stream?.retry();
}

/**
 * Calls back with the events of one kind that came since the last frame, in order; at most once a frame.
 * For lists that grow with `requests`, and for what is said aloud of an `alert`.
 */
export function useLiveEvents<Kind extends EventKind>(
  kind: Kind,
  onEvents: (events: readonly EventOf<Kind>[]) => void,
): void {
  const latest = useRef(onEvents);
  useEffect(() => {
    latest.current = onEvents;
  });
  useEffect(() => {
    const listener: Listener = (events) => {
      const wanted = events.filter((event): event is EventOf<Kind> => event.kind === kind);
      if (wanted.length > 0) latest.current(wanted);
    };
    listeners.add(listener);
    return () => {
      listeners.delete(listener);
    };
  }, [kind]);
}
