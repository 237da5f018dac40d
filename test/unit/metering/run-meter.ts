import type { Metered } from '../../../proxy/gateway/metering/metered.ts';
import { openStreamMeter } from '../../../proxy/gateway/metering/stream-meter.ts';
import type { MeterKind } from '../../../proxy/gateway/route.ts';

/** What the client sees of a stream, and what the meter makes of it. */
export interface Measured {
  readonly text: string;
  readonly result: Metered;
  readonly visibleTokens: number;
}

export function runMeter(kind: MeterKind, hideUsage: boolean, chunks: readonly Buffer[]): Measured {
  const meter = openStreamMeter(kind, hideUsage);
  const out: Buffer[] = chunks.map((chunk) => Buffer.from(meter.push(chunk)));
  out.push(meter.end());
  return {
    text: Buffer.concat(out).toString(),
    result: meter.result(),
    visibleTokens: meter.visibleTokens,
  };
}

export function measure(kind: MeterKind, text: string, hideUsage = false): Measured {
  return runMeter(kind, hideUsage, [Buffer.from(text)]);
}

/** An event as OpenAI's named streams have it. */
export function namedEvent(object: { readonly type: string; readonly [name: string]: unknown }): string {
  return `event: ${object.type}\ndata: ${JSON.stringify(object)}\n\n`;
}
