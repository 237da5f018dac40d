import type { Hold } from '../admission/accountant.ts';
import type { PriceRow } from '../contract/prices.ts';
import type { KeyLease } from '../keys/key-slot.ts';
import type { App, LiveToken } from '../ledger/registry.ts';
import type { Place } from './app-traffic.ts';
import { bookEnd } from './book-end.ts';
import { bookRefusal } from './book-refusal.ts';
import type { BoundedRequest } from './bound-request.ts';
import type { Finding, GatewayDeps } from './gateway-deps.ts';
import type { RequestFacts } from './inspect/request-facts.ts';
import type { AnsweredObjects } from './metering/metered.ts';
import { noteContext } from './note-context.ts';
import { describeHold, type OpenHold } from './open-holds.ts';
import type { ContextAddition } from './owned-objects.ts';
import { type Refusal, refuse } from './refusal.ts';
import type { Route } from './route.ts';
import { type Charge, chargeBound, chargeNothing, type HeldBound } from './settlement.ts';

/**
 * The part of a request's way that has to know when the request stops. An object and not a function: V8
 * keeps whatever once held a closure in a field alive until the next full collection.
 */
export interface Stage {
  /** `refusal` is null when the client has left. */
  stop(refusal: Refusal | null): void;
}

/** A request whose sender is known and that has a place; it ends exactly once. */
export interface Sender {
  readonly app: App;
  readonly token: LiveToken;
  readonly place: Place;
}

export interface FoundRoute {
  readonly route: Route;
  readonly ids: readonly string[];
}

/** What was admitted: the bound it was held at, and the number it is booked under. */
export interface Admitted {
  readonly seq: number;
  readonly hold: Hold;
  readonly bounded: BoundedRequest;
  /** The most calls of hosted tools, where the proxy must put that in. */
  readonly maxToolCalls: number | null;
  /** What an observing app would have been refused for. */
  readonly observed: string | null;
}

/**
 * What may spend: a request over HTTP, or one turn on a socket. It owns what must be given back: the
 * place in the traffic, the lease of the key, the hold. Whatever happens, it ends once: with
 * {@link refuse}, {@link end}, {@link abandon}, or by a subclass that leaves its hold open.
 */
export abstract class SpendingRequest {
  readonly deps: GatewayDeps;
  readonly route: Route;
  /** What stands at the placeholders of the route's path. */
  readonly pathIds: readonly string[];
  readonly sender: Sender;
  readonly startedMs: number;
  facts: RequestFacts | null = null;
  admitted: Admitted | null = null;
  /** When the first byte of the answer came, on the monotonic clock. */
  firstByteMs: number | null = null;
  upstreamId: string | null = null;
  /** Objects at OpenAI that the answer has named so far. */
  answered: AnsweredObjects | null = null;
  /** The conversation that the request adds to. */
  addition: ContextAddition | null = null;
  /** The key it is sent with; given back at the end. */
  lease: KeyLease | null = null;
  /** What the request is at: told when it is cut from outside or its client leaves. */
  stage: Stage | null = null;
  #stopped = false;
  #isCut = false;
  #ended = false;

  constructor(deps: GatewayDeps, { route, ids }: FoundRoute, sender: Sender, startedMs: number) {
    this.deps = deps;
    this.route = route;
    this.pathIds = ids;
    this.sender = sender;
    this.startedMs = startedMs;
  }

  /** Of the client: IPv4 as such, however the socket was opened. */
  abstract readonly address: string;

  /** Tells the client of a refusal, if it still can; returns the status it has seen, 0 for none. */
  protected abstract send(refusal: Refusal, seq: number): number;

  /** After an unexpected error: nothing more may reach the client as an answer to this request. */
  protected abstract breakOff(): void;

  /** What else is to be given back when it ends. */
  protected abstract onRelease(): void;

  get appNum(): number {
    return this.sender.app.num;
  }

  get tokenId(): number {
    return this.sender.token.id;
  }

  /** The path people know the endpoint by. */
  get endpoint(): string {
    return this.route.endpoint;
  }

  /** Whether the client has left or the request was cut. */
  get stopped(): boolean {
    return this.#stopped;
  }

  get ended(): boolean {
    return this.#ended;
  }

  get held(): HeldBound {
    const hold = this.admitted?.hold;
    return {
      nanoUsd: hold ? hold.boundNanoUsd : 0,
      inputTokens: hold?.amounts.inputTokens ?? 0,
      outputTokens: hold?.amounts.outputTokens ?? 0,
    };
  }

  get priceRow(): PriceRow | null {
    return this.admitted?.bounded.row ?? null;
  }

  /** What it holds; nothing before it was admitted. */
  get openHolds(): readonly OpenHold[] {
    const { admitted } = this;
    if (!admitted || this.#ended) return [];
    const state = this.#stopped ? 'client-gone' : this.firstByteMs === null ? 'sent' : 'answering';
    const { app } = this.sender;
    const model = this.facts?.model ?? '';
    const { seq, hold } = admitted;
    return [describeHold(hold, { seq, app, endpoint: this.endpoint, model, state, objectId: null })];
  }

  clientLeft(): void {
    this.#stop(null);
  }

  cut(refusal: Refusal): void {
    this.#stop(refusal);
  }

  /** Answers with a refusal and books it; for requests that were not admitted. */
  refuse(refusal: Refusal): void {
    const { deps, facts, sender, endpoint } = this;
    const seq = deps.ids.next();
    const status = this.send(refusal, seq);
    const model = facts?.model ?? '';
    const user = facts?.user ?? null;
    bookRefusal(deps, { sender, seq, endpoint, model, user, status, refusal });
    this.release();
  }

  /** Sends a refusal for a request that is booked by {@link end}; nothing when the client has left. */
  answerRefusal(refusal: Refusal): number {
    return this.send(refusal, this.admitted?.seq ?? this.deps.ids.next());
  }

  /** Books what the request used and gives everything back. */
  end(charge: Charge, status: number): void {
    const { deps, admitted } = this;
    if (this.#ended || !admitted) return;
    const nowMs = deps.monotonic();
    const { inputTokens, outputTokens } = charge.usage;
    this.sender.place.correctTokens(inputTokens + outputTokens, nowMs);
    noteContext(this, charge, status);
    bookEnd(
      deps,
      {
        seq: admitted.seq,
        hold: admitted.hold,
        app: this.sender.app,
        endpoint: this.endpoint,
        model: this.facts?.model ?? '',
        user: this.facts?.user ?? null,
        status,
        durationMs: Math.round(nowMs - this.startedMs),
        firstByteMs: this.firstByteMs === null ? null : Math.round(this.firstByteMs - this.startedMs),
        upstreamId: this.upstreamId,
        observed: admitted.observed,
      },
      charge,
    );
    this.release();
    // Whoever asks how far an object is, or stops it, would like to see its cost.
    const isDeleted = this.route.method === 'DELETE' && status < 300;
    for (const id of this.pathIds) deps.lateWork.poke(id, isDeleted);
  }

  finding(finding: Finding['finding'], detail: string): void {
    this.deps.onFinding({ finding, appNum: this.appNum, detail });
  }

  /** Runs a step of the request's way; what it throws ends this request and no other. */
  guard(step: () => void): void {
    try {
      step();
    } catch (error) {
      this.#fail(error);
    }
  }

  /** Goes on with a value now, or when it is there. The client may have left by then. */
  whenReady<Value>(value: Value | Promise<Value>, next: (value: Value) => void): void {
    if (!(value instanceof Promise)) {
      next(value);
      return;
    }
    value.then(
      (ready) => this.guard(() => next(ready)),
      (error: unknown) => this.#fail(error),
    );
  }

  /** Gives back what a request that was not admitted has taken. */
  abandon(): void {
    this.release();
  }

  /** Books a request that was admitted but of which no byte went out. */
  endUnsent(): void {
    this.end(chargeNothing('never_sent'), 499);
  }

  /** Gives everything but the hold back. */
  protected release(): void {
    if (this.#ended) return;
    this.#ended = true;
    this.stage = null;
    this.lease?.release();
    this.sender.place.leave();
    this.onRelease();
  }

  /** After an unexpected error: answers if it still can, and charges the bound if bytes may have gone out. */
  #fail(error: unknown): void {
    this.deps.onError(error, this.admitted ? this.deps.ids.format(this.admitted.seq) : '');
    this.answerRefusal(refuse('internal_error'));
    this.breakOff();
    if (this.admitted) this.end(chargeBound(this.held, 'interrupted'), 500);
    else this.release();
  }

  #stop(refusal: Refusal | null): void {
    if (this.#isCut || this.#ended) return;
    // What is read to its end although its client has left can still be cut.
    if (this.#stopped && !refusal) return;
    this.#stopped = true;
    this.#isCut = refusal !== null;
    if (this.stage) this.stage.stop(refusal);
    else if (refusal) this.answerRefusal(refusal);
  }
}

/** The refusal of a request whose app is paused. */
export function pausedRefusal(app: App): Refusal {
  return refuse('app_paused', { app: app.name });
}
