import type { Charge, OpenBill } from './bill.ts';
import type { Pace } from './generation-walk.ts';
import type { Run, StoredResponse } from './response-store.ts';

/*
 * What a route hands back: a whole answer, or a generation that is walked step by step in real time. The
 * code that delivers it (deliver-*.ts) bills it; routes never touch the bill or the socket.
 */

/** One event of a stream. Steps without time follow the one before at once. */
export interface Step {
  /** A complete server-sent event, or '' where the model works without saying anything. */
  readonly frame: string;
  /** Token intervals that pass before this step; parallel choices share one. */
  readonly ticks: number;
  readonly outputTokens: number;
  /** `sequence_number` of the event, for streams that can be resumed. */
  readonly sequence?: number;
}

export interface Generation {
  readonly totalOutputTokens: number;
  /** What is owed once so many output tokens were generated. */
  charge(outputTokens: number): Charge;
  /** Can be walked again, with the same result. */
  steps(): Iterable<Step>;
  /** The event with which this protocol breaks off. `usage` is put into it where a fault asks for that. */
  errorFrame(message: string, usage: unknown): string;
  /** Called once when everything was generated. */
  onCompleted?(): void;
}

export interface WholeAnswer {
  readonly kind: 'whole';
  readonly status: number;
  readonly contentType: string;
  readonly body: string | Buffer;
  /** Sent without a length, in pieces, as OpenAI sends audio. */
  readonly chunked?: boolean;
  /** Null for what is free. */
  readonly charge: Charge | null;
}

export interface StreamedAnswer {
  readonly kind: 'streamed';
  readonly generation: Generation;
  /** A stream that is watched, not paid for: the call that started it has its own row. */
  readonly replay?: Replay;
}

export interface Replay {
  readonly run: Run;
  readonly afterSequence: number;
}

/** Accepted at once and generated without the client; `stored` is what it can be asked for later. */
export interface BackgroundAnswer {
  readonly kind: 'background';
  readonly stored: StoredResponse;
  readonly body: string;
  readonly isStreamed: boolean;
}

/** Accepted at once and worked on, and billed, without the client. */
export interface LaterAnswer {
  readonly kind: 'later';
  readonly body: string;
  start(deps: { readonly bill: OpenBill; readonly pace: Pace }): void;
}

export type Answer = WholeAnswer | StreamedAnswer | BackgroundAnswer | LaterAnswer;

export function jsonAnswer(body: unknown, charge: Charge | null = null): WholeAnswer {
  return { kind: 'whole', status: 200, contentType: 'application/json', body: JSON.stringify(body), charge };
}

/** An event without a name, as in chat completions. */
export function dataFrame(data: unknown): string {
  return `data: ${JSON.stringify(data)}\n\n`;
}

/** An event with a name, as in responses. */
export function namedFrame(name: string, data: unknown): string {
  return `event: ${name}\ndata: ${JSON.stringify(data)}\n\n`;
}
