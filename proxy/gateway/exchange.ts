import type { IncomingMessage, ServerResponse } from 'node:http';
import type { LateKind } from '../ledger/entries.ts';
import { announceKept } from './answered-object.ts';
import { addressOf, type Connection } from './connection.ts';
import type { Framing } from './framing.ts';
import type { GatewayDeps } from './gateway-deps.ts';
import type { LiveRequest } from './live-requests.ts';
import { UNKNOWN_CONTEXT } from './note-context.ts';
import { type Refusal, sendRefusal } from './refusal.ts';
import { type FoundRoute, type Sender, SpendingRequest } from './spending-request.ts';

/** One HTTP request from its arrival to its booking. */
export class Exchange extends SpendingRequest implements LiveRequest {
  readonly isBusy = true;
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
  readonly framing: Framing;
  /** Headers for a browser app whose origin is allowed. */
  readonly corsHeaders: readonly string[];
  readonly #connection: Connection;
  readonly #slot: number;

  constructor(
    deps: GatewayDeps,
    connection: Connection,
    request: IncomingMessage,
    response: ServerResponse,
    framing: Framing,
    found: FoundRoute,
    sender: Sender,
    corsHeaders: readonly string[],
    startedMs: number,
  ) {
    super(deps, found, sender, startedMs);
    this.#connection = connection;
    this.request = request;
    this.response = response;
    this.framing = framing;
    this.corsHeaders = corsHeaders;
    this.#slot = deps.live.add(this);
    connection.underway = this;
  }

  get address(): string {
    return addressOf(this.request.socket);
  }

  /**
   * Leaves the hold open, because OpenAI goes on with the object that the answer has named: what it costs
   * is asked for later. Everything else is given back.
   */
  handOver(lateKind: LateKind, objectId: string): void {
    const { deps, admitted, facts } = this;
    if (this.ended || !admitted || !facts) return;
    this.release();
    announceKept(this, UNKNOWN_CONTEXT);
    deps.lateWork.take(this, admitted, facts, lateKind, objectId);
    deps.events.onRequest(admitted.seq);
  }

  finish(): void {
    // One request is done when it ends.
  }

  protected send(refusal: Refusal, seq: number): number {
    if (this.response.headersSent || this.response.destroyed) return 0;
    return sendRefusal(this.response, refusal, this.deps.ids.format(seq), this.corsHeaders);
  }

  protected breakOff(): void {
    if (!this.response.writableEnded) this.response.destroy();
  }

  protected onRelease(): void {
    if (this.#connection.underway === this) this.#connection.underway = null;
    this.deps.live.remove(this.#slot);
  }
}
