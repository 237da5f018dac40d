import { admitRequest } from '../admit-request.ts';
import { bookRefusal } from '../book-refusal.ts';
import { inspecting } from '../inspect/fields.ts';
import { objectReferences } from '../inspect/object-references.ts';
import { maskEchoes } from '../key-shield.ts';
import type { OpenHold } from '../open-holds.ts';
import { isRefusal, type Refusal, refuse } from '../refusal.ts';
import type { Admitted } from '../spending-request.ts';
import { JsonObject, parseStrictJson } from '../strict-json.ts';
import { beginTurn, mayGoOut } from './begin-turn.ts';
import { errorOf } from './frames.ts';
import type { SessionScene } from './open-session.ts';
import { decodedBytes, RealtimeContext } from './realtime-context.ts';
import { inspectAsked } from './realtime-facts.ts';
import { type ClientEvent, changedEvent, memberOf, ownEventId } from './realtime-frames.ts';
import { RealtimeListener } from './realtime-listener.ts';
import { refuseUnbounded } from './realtime-settings.ts';
import { REALTIME_ENDS, type RealtimeTurn, RealtimeTurns } from './realtime-turns.ts';
import { RealtimeUpdates } from './realtime-updates.ts';
import type { SocketEnd, SocketSession } from './socket-relay.ts';
import type { SocketTurn, TurnLine } from './socket-turn.ts';
import { TranscriptionHolds } from './transcription-holds.ts';

/** Responses that may be asked for on one socket at the same time. */
const MAX_OPEN = 32;

/** Events of a client that cost nothing by themselves. */
const FREE_EVENTS: ReadonlySet<string> = new Set([
  'conversation.item.delete',
  'conversation.item.retrieve',
  'conversation.item.truncate',
  'output_audio_buffer.clear',
  'response.cancel',
]);

/** Events that may name what is kept at OpenAI, such as a voice; other ids are of the session itself. */
const NAMING_EVENTS: ReadonlySet<string> = new Set([
  'conversation.item.create',
  'response.create',
  'session.update',
  'transcription_session.update',
]);

/** What an event names at OpenAI. That a stored prompt has no bound says more than whose it is. */
function namedBy(root: JsonObject): readonly string[] {
  const type = root.get('type');
  if (typeof type !== 'string' || !NAMING_EVENTS.has(type)) return [];
  for (const settings of [root.get('session'), root.get('response')]) {
    if (settings instanceof JsonObject) refuseUnbounded(settings);
  }
  return objectReferences(root);
}

/**
 * WebSocket `/v1/realtime`. Every response has a hold of its own, taken before it is asked for. For that
 * OpenAI must not begin any by itself: its answers to turns that it finds are switched off, and asked for
 * here instead.
 */
export class RealtimeSession implements SocketSession {
  readonly #scene: SessionScene;
  readonly #model: string;
  readonly #isTranscription: boolean;
  readonly #context: RealtimeContext;
  readonly #turns: RealtimeTurns;
  readonly #updates: RealtimeUpdates;
  readonly #transcriptions: TranscriptionHolds;
  readonly #listener: RealtimeListener;
  readonly #line: TurnLine;
  readonly #eventIds = new Map<SocketTurn, string>();
  /** Resolved when OpenAI has opened the session: events before that could not be understood. */
  readonly #opened = Promise.withResolvers<void>();
  #isOpened = false;
  /** A turn was found while another response was under way. */
  #owesResponse = false;

  constructor(scene: SessionScene) {
    const { query, relay } = scene;
    this.#scene = scene;
    this.#isTranscription = query.get('intent') === 'transcription';
    this.#model = (query.get('model') ?? '').slice(0, 256);
    this.#context = new RealtimeContext(this.#model);
    this.#turns = new RealtimeTurns(scene, this.#context);
    this.#updates = new RealtimeUpdates(relay, this.#context, this.#isTranscription);
    this.#transcriptions = new TranscriptionHolds(scene);
    this.#listener = new RealtimeListener({
      scene,
      context: this.#context,
      turns: this.#turns,
      updates: this.#updates,
      transcriptions: this.#transcriptions,
      onOpened: () => {
        this.#isOpened = true;
        this.#opened.resolve();
      },
      onTurnFound: () => this.#answerTurn(),
      onResponseDone: () => {
        if (!this.#owesResponse) return;
        this.#owesResponse = false;
        this.#answerTurn();
      },
    });
    this.#line = {
      address: scene.address,
      tell: (turn, refusal, seq) => this.#tell(this.#eventIds.get(turn) ?? null, refusal, seq),
      breakOff: () => relay.breakOff(),
      onEnded: (turn) => {
        this.#eventIds.delete(turn);
        this.#turns.onEnded(turn);
        relay.onTurnEnded();
      },
    };
  }

  get openHolds(): readonly OpenHold[] {
    return [...this.#turns.openHolds, ...this.#transcriptions.openHolds];
  }

  get isBusy(): boolean {
    return this.#turns.size > 0 || this.#transcriptions.isBusy;
  }

  async onClientFrame(frame: Buffer): Promise<void> {
    if (!this.#isOpened) await this.#opened.promise;
    const parsed = await parseStrictJson(frame);
    if (!parsed.ok) {
      this.#refuseEvent(null, refuse('invalid_json', { problem: parsed.problem }));
      return;
    }
    const { document } = parsed;
    const given = document.root.get('event_id');
    const eventId = typeof given === 'string' ? given : null;
    const done = inspecting(() => this.#take({ frame, document, eventId }));
    const refusal = isRefusal(done) ? done : await done;
    if (refusal) this.#refuseEvent(eventId, refusal);
  }

  /** Acts on an event that names nothing of another app's; a refusal where it does not go on. */
  #take(event: ClientEvent): Refusal | null | Promise<Refusal | null> {
    const { deps, sender } = this.#scene;
    const references = namedBy(event.document.root);
    const foreign = references.length > 0 ? deps.objects.check(sender.app, references) : null;
    if (foreign instanceof Promise) {
      return foreign.then((refusal) => refusal ?? inspecting(() => this.#act(event)));
    }
    return foreign ?? this.#act(event);
  }

  #act(event: ClientEvent): Refusal | null | Promise<Refusal | null> {
    const { frame, document } = event;
    const { root } = document;
    const type = root.get('type');
    switch (type) {
      case 'response.create':
        return this.#ask(event);
      case 'session.update':
      case 'transcription_session.update':
        return this.#updates.send(event);
      case 'conversation.item.create':
        this.#context.addItems(frame.length, root.get('item'), this.#updates.bytesPerMs);
        return this.#pass(frame);
      case 'input_audio_buffer.append':
        return this.#hear(event);
      case 'input_audio_buffer.commit':
      case 'input_audio_buffer.clear':
        this.#context.settle();
        return this.#pass(frame);
      default:
        if (typeof type === 'string' && FREE_EVENTS.has(type)) return this.#pass(frame);
        return refuse(
          'invalid_body',
          { field: 'type', problem: 'Tollgate does not know this event' },
          { param: 'type' },
        );
    }
  }

  #pass(frame: Buffer): null {
    this.#scene.relay.sendUpstream(frame);
    return null;
  }

  #hear({ frame, document }: ClientEvent): Refusal | null | Promise<Refusal | null> {
    const { bytesPerMs, transcriber, transcriptionPromptBytes } = this.#updates;
    const ms = this.#context.hear(decodedBytes(document.root.get('audio')), bytesPerMs);
    if (transcriber === null) return this.#pass(frame);
    const covered = this.#transcriptions.cover(ms, transcriber, transcriptionPromptBytes);
    if (covered === null) return this.#pass(frame);
    return covered.then((refusal) => refusal ?? this.#pass(frame));
  }

  /** Asks for the response to a turn that OpenAI has found, as OpenAI would have begun it. */
  #answerTurn(): void {
    if (this.#turns.hasOfConversation) {
      this.#owesResponse = true;
      return;
    }
    const refusal = this.#ask(null);
    if (refusal) this.#refuseEvent(null, refusal);
  }

  /** `event` is null for the answer to a turn. */
  #ask(event: ClientEvent | null): Refusal | null {
    const { user } = this.#scene;
    if (this.#turns.size >= MAX_OPEN) {
      const problem = `${MAX_OPEN} responses are already asked for on this WebSocket`;
      return refuse('concurrency_limited', { problem });
    }
    const frameBytes = event?.frame.length ?? 0;
    const own = event?.document.root.get('response');
    if (own !== undefined) this.#context.addItems(frameBytes, own, this.#updates.bytesPerMs);
    const contextTokens = this.#context.tokens + this.#turns.outputToCome;
    const document = event?.document ?? null;
    const asked = inspectAsked(document, contextTokens, this.#model, user, this.#updates.settings);
    const turn = beginTurn(this.#scene, this.#line, REALTIME_ENDS);
    if (isRefusal(turn)) return turn;
    const { facts } = asked;
    turn.facts = facts;
    this.#turns.add(turn);
    if (event?.eventId) this.#eventIds.set(turn, event.eventId);
    const eventId = event?.eventId ?? ownEventId();
    const waiting = { turn, asked, mark: this.#context.mark(), eventId };
    turn.guard(() =>
      admitRequest(turn, { facts, body: null }, (admitted) => this.#send(waiting, event, admitted)),
    );
    return null;
  }

  #send(waiting: RealtimeTurn, event: ClientEvent | null, admitted: Admitted): void {
    const { relay } = this.#scene;
    const { turn, eventId } = waiting;
    if (!mayGoOut(turn, relay)) return;
    const maxOutput = admitted.hold.maxOutputTokens ?? admitted.bounded.policyMaxOutput;
    const response = { ...(event ? memberOf(event, 'response') : {}), max_output_tokens: maxOutput };
    const changes = maxOutput === null ? {} : { response };
    const sent = event
      ? changedEvent(event, changes, eventId)
      : JSON.stringify({ type: 'response.create', event_id: eventId, ...changes });
    if (relay.sendUpstream(sent)) this.#turns.onSent(waiting);
    else turn.endUnsent();
  }

  onServerFrame(frame: Buffer): Buffer | null {
    return this.#listener.onFrame(maskEchoes(frame));
  }

  stop(): void {
    this.#opened.resolve();
    this.#turns.stop();
  }

  end(how: SocketEnd): void {
    this.#turns.end(how);
    this.#transcriptions.end(how);
  }

  refusalFrame(refusal: Refusal): string {
    return this.#errorFrame(null, refusal, this.#scene.deps.ids.next()).text;
  }

  /** Refuses an event that never became a turn, and books it. */
  #refuseEvent(eventId: string | null, refusal: Refusal): void {
    const { deps, sender, found, user } = this.#scene;
    const seq = deps.ids.next();
    const status = this.#tell(eventId, refusal, seq);
    const { endpoint } = found.route;
    bookRefusal(deps, { sender, seq, endpoint, model: this.#model, user, status, refusal });
  }

  #tell(eventId: string | null, refusal: Refusal, seq: number): number {
    const { status, text } = this.#errorFrame(eventId, refusal, seq);
    this.#scene.relay.sendClient(text);
    return status;
  }

  #errorFrame(eventId: string | null, refusal: Refusal, seq: number): { status: number; text: string } {
    const { ids } = this.#scene.deps;
    const { status, error } = errorOf(refusal, ids.format(seq));
    const text = JSON.stringify({
      type: 'error',
      event_id: `event_${ids.format(seq)}`,
      error: { ...error, event_id: eventId },
    });
    return { status, text };
  }
}
