import { chargeFor } from '../charge-answer.ts';
import type { Metered } from '../metering/metered.ts';
import type { OpenHold } from '../open-holds.ts';
import { chargeNothing } from '../settlement.ts';
import type { Json } from './frames.ts';
import type { SessionScene } from './open-session.ts';
import type { ContextMark, RealtimeContext } from './realtime-context.ts';
import type { AskedResponse } from './realtime-facts.ts';
import { settleTurn } from './settle-turn.ts';
import type { SocketEnd } from './socket-relay.ts';
import type { SocketTurn } from './socket-turn.ts';

/** The event that ends a realtime response. */
export const REALTIME_ENDS: readonly string[] = ['response.done'];

/** A response from when it is asked for to its end. */
export interface RealtimeTurn {
  readonly turn: SocketTurn;
  readonly asked: AskedResponse;
  readonly mark: ContextMark;
  /** By which OpenAI names it where it refuses it. */
  readonly eventId: string;
}

/**
 * The responses of one realtime session. OpenAI begins them in the order they were asked for, or refuses
 * one by the id of the event that asked; from then on each is known by its own id.
 */
export class RealtimeTurns {
  readonly #scene: SessionScene;
  readonly #context: RealtimeContext;
  readonly #open = new Set<SocketTurn>();
  readonly #asked: RealtimeTurn[] = [];
  readonly #running = new Map<string, RealtimeTurn>();

  constructor(scene: SessionScene, context: RealtimeContext) {
    this.#scene = scene;
    this.#context = context;
  }

  get openHolds(): readonly OpenHold[] {
    return [...this.#open].flatMap((turn) => turn.openHolds);
  }

  /** Whether any is asked for or under way, those that wait for their hold included. */
  get size(): number {
    return this.#open.size;
  }

  /** Whether one of the conversation is asked for or under way. */
  get hasOfConversation(): boolean {
    return [...this.#asked, ...this.#running.values()].some(({ asked }) => asked.isInConversation);
  }

  /** Tokens that those under way may still add to the conversation. */
  get outputToCome(): number {
    return [...this.#asked, ...this.#running.values()]
      .filter(({ asked }) => asked.isInConversation)
      .reduce((sum, { turn }) => sum + turn.held.outputTokens, 0);
  }

  add(turn: SocketTurn): void {
    this.#open.add(turn);
  }

  onEnded(turn: SocketTurn): void {
    this.#open.delete(turn);
    const index = this.#asked.findIndex((each) => each.turn === turn);
    if (index >= 0) this.#asked.splice(index, 1);
  }

  onSent(turn: RealtimeTurn): void {
    turn.turn.sentMs = this.#scene.deps.monotonic();
    this.#asked.push(turn);
  }

  /** OpenAI has begun a response. False when nobody had asked for one. */
  onCreated(id: string): boolean {
    const begun = this.#asked.shift();
    if (!begun) return false;
    begun.turn.firstByteMs = this.#scene.deps.monotonic();
    this.#running.set(id, begun);
    return true;
  }

  /** Sound and text that the client is shown of a response, as far as it tells how much was generated. */
  onShown(id: string, tokens: number): void {
    const running = this.#running.get(id);
    if (running) running.turn.events.visibleTokens += tokens;
  }

  /** True when the error is about a response that was asked for: OpenAI has not begun it. */
  onError(eventId: string): boolean {
    const refused = this.#asked.find((each) => each.eventId === eventId);
    refused?.turn.end(chargeNothing('upstream_refused'), 400);
    return refused !== undefined;
  }

  onDone(id: string, frame: Buffer): void {
    const done = this.#running.get(id);
    if (!done) return;
    this.#running.delete(id);
    const { turn, asked, mark } = done;
    turn.events.see(frame);
    const { told } = turn.events;
    this.#learn(told, asked, mark, turn);
    turn.end(chargeFor(turn, this.#scene.deps.today(), told), 200);
  }

  #learn(told: Metered, asked: AskedResponse, mark: ContextMark, turn: SocketTurn): void {
    if (!asked.isInConversation) return;
    const usage = told.kind === 'usage' ? told.parts[0]?.usage : undefined;
    if (!usage) this.#context.addOutput(turn.held.outputTokens);
    else if (asked.readsConversation) this.#context.learn(mark, usage.inputTokens + usage.outputTokens);
    else this.#context.addOutput(usage.outputTokens);
  }

  stop(): void {
    for (const turn of [...this.#open]) turn.clientLeft();
  }

  end(how: SocketEnd): void {
    for (const turn of [...this.#open]) settleTurn(turn, how, this.#scene.deps);
  }
}

/** The id of the response that an event is about. */
export function responseIdOf(event: Json): string | null {
  const { response, response_id: id } = event;
  const own = typeof response === 'object' && response !== null ? (response as Json)['id'] : id;
  return typeof own === 'string' ? own : null;
}
