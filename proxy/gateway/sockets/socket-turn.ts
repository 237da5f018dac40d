import type { GatewayDeps } from '../gateway-deps.ts';
import { EventReader, RESPONSE_ENDS } from '../metering/event-reader.ts';
import type { OutputKind } from '../metering/usage-shapes.ts';
import type { Refusal } from '../refusal.ts';
import { type FoundRoute, type Sender, SpendingRequest } from '../spending-request.ts';

/** What a turn needs of the socket it is on. */
export interface TurnLine {
  readonly address: string;
  /** Tells the client, in the words of its protocol; returns the status that stands for it. */
  tell(turn: SocketTurn, refusal: Refusal, seq: number): number;
  /** After an unexpected error: the socket cannot go on. */
  breakOff(): void;
  /** The turn has ended, however. */
  onEnded(turn: SocketTurn): void;
}

/** One response that is asked for on a socket, with a hold of its own. */
export class SocketTurn extends SpendingRequest {
  readonly #line: TurnLine;
  readonly events: EventReader;
  /** When it was sent to OpenAI, on the monotonic clock; null before. */
  sentMs: number | null = null;

  constructor(
    deps: GatewayDeps,
    found: FoundRoute,
    sender: Sender,
    line: TurnLine,
    ends: readonly string[] = RESPONSE_ENDS,
    output: OutputKind = 'text',
  ) {
    super(deps, found, sender, deps.monotonic());
    this.#line = line;
    this.events = new EventReader(ends, output);
  }

  get address(): string {
    return this.#line.address;
  }

  /** Whether OpenAI has begun to answer it. */
  get isCreated(): boolean {
    return this.firstByteMs !== null;
  }

  protected send(refusal: Refusal, seq: number): number {
    return this.#line.tell(this, refusal, seq);
  }

  protected breakOff(): void {
    this.#line.breakOff();
  }

  protected onRelease(): void {
    this.#line.onEnded(this);
  }
}
