import { setImmediate as nextTurn } from 'node:timers/promises';
import type { Generation } from './generation.ts';
import type { Settlement } from './settlement.ts';

/** How fast the model speaks. */
export interface Pace {
  /** 0 is as fast as possible. */
  readonly tokensPerSecond: number;
  /** Before the first output. */
  readonly firstTokenMs: number;
}

/** Where the events of a generation go. */
export interface EventSink {
  /** `gone`: the reader left. `broken`: a fault ended the answer. */
  readonly state: 'open' | 'gone' | 'broken';
  /** Takes one event; may hold it back until `flush`. */
  push(frame: string): void | Promise<void>;
  flush(): void | Promise<void>;
  /** Resolves after `ms`, or as soon as the reader is gone. */
  sleep(ms: number): Promise<void>;
}

/** Without a pace, the walk lets others run after so many tokens; an abort is noticed there. */
const BURST_TOKENS = 32;

/**
 * Generates in real time: an event leaves when its tokens are due, and generation stops within one token
 * interval once the sink is no longer open. Tells the settlement what was generated, before it is shown.
 */
export async function walkGeneration(
  generation: Generation,
  pace: Pace,
  sink: EventSink,
  settlement: Settlement,
  startedAtMs: number,
  afterSequence = -1,
): Promise<void> {
  const msPerTick = pace.tokensPerSecond > 0 ? 1000 / pace.tokensPerSecond : 0;
  let ticks = 0;
  let burst = 0;
  const first = startedAtMs + pace.firstTokenMs - performance.now();
  if (first > 0) await sink.sleep(first);
  for (const step of generation.steps()) {
    if (step.ticks > 0) {
      ticks += step.ticks;
      const waitMs = startedAtMs + pace.firstTokenMs + ticks * msPerTick - performance.now();
      if (msPerTick > 0 && waitMs >= 1) {
        await sink.flush();
        await sink.sleep(waitMs);
      } else {
        burst += step.ticks;
        if (burst >= BURST_TOKENS) {
          burst = 0;
          await sink.flush();
          await nextTurn();
        }
      }
    }
    if (sink.state !== 'open') return;
    settlement.advance(step.outputTokens);
    if (step.frame === '' || (step.sequence ?? Infinity) <= afterSequence) continue;
    const pushed = sink.push(step.frame);
    if (pushed) await pushed;
    if (sink.state !== 'open') return;
  }
  await sink.flush();
}
