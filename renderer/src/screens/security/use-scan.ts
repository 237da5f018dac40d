import { useCallback, useEffect, useRef, useState } from 'react';
import type { Leak, ScanEvent } from '../../../../proxy/contract/checklist.ts';
import { control } from '../../api/client.ts';
import { FrameBatches } from '../../api/frame-batches.ts';

export interface Scan {
  readonly state: 'idle' | 'running' | 'done' | 'cancelled' | 'failed';
  readonly leaks: readonly Leak[];
  readonly files: number;
  readonly skipped: number;
  readonly error: unknown;
}

const IDLE: Scan = { state: 'idle', leaks: [], files: 0, skipped: 0, error: null };

export interface ScanControl {
  readonly scan: Scan;
  /** Without a folder the usual places of the home folder. */
  start(dir: string | undefined): void;
  cancel(): void;
}

/** One scan at a time; it ends with the screen. What comes in is shown once a frame. */
export function useScan(): ScanControl {
  const [scan, setScan] = useState<Scan>(IDLE);
  const running = useRef<AbortController | null>(null);
  const cancel = useCallback(() => running.current?.abort(), []);
  useEffect(() => cancel, [cancel]);
  const start = useCallback((dir: string | undefined) => {
    running.current?.abort();
    const stop = new AbortController();
    running.current = stop;
    setScan({ ...IDLE, state: 'running' });
    void follow(dir, stop.signal, (patch) => {
      if (running.current === stop) setScan(patch);
    });
  }, []);
  return { scan, start, cancel };
}

async function follow(
  dir: string | undefined,
  signal: AbortSignal,
  set: (patch: (scan: Scan) => Scan) => void,
): Promise<void> {
  const batches = new FrameBatches<ScanEvent>((events) => set((scan) => events.reduce(applyEvent, scan)));
  // After what is still waiting for its frame.
  const end = (patch: Partial<Scan>): void => {
    setTimeout(() => set((scan) => ({ ...scan, ...patch })), END_MS);
  };
  try {
    const input = dir === undefined ? {} : { dir };
    for await (const event of await control.checklist.scan(input, { signal })) batches.add(event);
    end({ state: signal.aborted ? 'cancelled' : 'done' });
  } catch (error) {
    end(signal.aborted ? { state: 'cancelled' } : { state: 'failed', error });
  }
}

/** Longer than a frame, or than a window in the background waits for one. */
const END_MS = 300;

function applyEvent(scan: Scan, event: ScanEvent): Scan {
  if (event.kind === 'leak') return { ...scan, leaks: [...scan.leaks, event.leak] };
  return { ...scan, files: event.files, skipped: event.skipped };
}
