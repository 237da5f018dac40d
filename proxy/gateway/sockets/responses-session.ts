import { admitRequest } from '../admit-request.ts';
import { announceAnswer } from '../answered-object.ts';
import { bookRefusal } from '../book-refusal.ts';
import { chargeBroken, chargeFor } from '../charge-answer.ts';
import { failField, inspecting } from '../inspect/fields.ts';
import type { RequestFacts } from '../inspect/request-facts.ts';
import { inspectResponses } from '../inspect/text-endpoints.ts';
import { maskEchoes } from '../key-shield.ts';
import { topLevelMembers } from '../metering/top-level.ts';
import type { OpenHold } from '../open-holds.ts';
import { isRefusal, type Refusal, refuse } from '../refusal.ts';
import { rewriteBody } from '../rewrite-body.ts';
import { chargeNothing } from '../settlement.ts';
import type { Admitted } from '../spending-request.ts';
import { type JsonDocument, parseStrictJson } from '../strict-json.ts';
import { beginTurn, mayGoOut } from './begin-turn.ts';
import { errorOf, parseFrame } from './frames.ts';
import type { SessionScene } from './open-session.ts';
import { settleTurn } from './settle-turn.ts';
import type { SocketEnd, SocketSession } from './socket-relay.ts';
import type { SocketTurn, TurnLine } from './socket-turn.ts';

/** Turns that may wait on one socket for those before them. */
const MAX_WAITING = 64;
const STREAM_ID = /^[\x21-\x7e]{1,256}$/;
/** Of a socket without streams of its own. */
const ONLY_STREAM = '';
const ERROR_TYPE = Buffer.from('"error"');

interface WaitingTurn {
  readonly turn: SocketTurn;
  readonly facts: RequestFacts;
  readonly frame: Buffer;
}

/** Turns of one stream: OpenAI answers one after the other, so each is sent when the one before has ended. */
interface Lane {
  current: WaitingTurn | null;
  readonly waiting: WaitingTurn[];
}

/**
 * WebSocket `/v1/responses`: every `response.create` is a request of its own, with a hold of its own, and
 * OpenAI's frames are the events of a stream.
 */
export class ResponsesSession implements SocketSession {
  readonly #scene: SessionScene;
  readonly #line: TurnLine;
  readonly #lanes = new Map<string, Lane>();
  readonly #streamOf = new Map<SocketTurn, string>();
  #namesStreams = false;

  constructor(scene: SessionScene) {
    this.#scene = scene;
    this.#line = {
      address: scene.address,
      tell: (turn, refusal, seq) => this.#tell(this.#streamOf.get(turn) ?? ONLY_STREAM, refusal, seq),
      breakOff: () => scene.relay.breakOff(),
      onEnded: (turn) => this.#onEnded(turn),
    };
  }

  get openHolds(): readonly OpenHold[] {
    return [...this.#streamOf.keys()].flatMap((turn) => turn.openHolds);
  }

  get isBusy(): boolean {
    return this.#streamOf.size > 0;
  }

  onClientFrame(frame: Buffer): void | Promise<void> {
    const parsed = parseStrictJson(frame);
    const read = (result: Awaited<typeof parsed>): void => {
      if (result.ok) this.#read(frame, result.document);
      else this.#refuseFrame(ONLY_STREAM, refuse('invalid_json', { problem: result.problem }));
    };
    return parsed instanceof Promise ? parsed.then(read) : read(parsed);
  }

  #read(frame: Buffer, document: JsonDocument): void {
    const { root } = document;
    const stream = root.get('stream_id') ?? ONLY_STREAM;
    if (typeof stream !== 'string' || (stream !== ONLY_STREAM && !STREAM_ID.test(stream))) {
      this.#refuseFrame(ONLY_STREAM, invalid('stream_id', 'it must be a short text without spaces'));
      return;
    }
    if (root.get('type') !== 'response.create') {
      // Whatever steers a response adds to what it costs, and what is not known may do so, too.
      this.#refuseFrame(stream, invalid('type', 'only response.create can be given a bound'));
      return;
    }
    if (this.#streamOf.size >= MAX_WAITING) {
      const problem = `${MAX_WAITING} responses are already asked for on this WebSocket`;
      this.#refuseFrame(stream, refuse('concurrency_limited', { problem }));
      return;
    }
    const turn = beginTurn(this.#scene, this.#line);
    if (isRefusal(turn)) {
      this.#refuseFrame(stream, turn);
      return;
    }
    this.#streamOf.set(turn, stream);
    if (stream !== ONLY_STREAM) this.#namesStreams = true;
    turn.guard(() => this.#take(turn, stream, frame, document));
  }

  #take(turn: SocketTurn, stream: string, frame: Buffer, document: JsonDocument): void {
    const facts = inspecting(() => this.#factsOf(frame, document));
    const tooMuch = turn.sender.place.takeBytes(frame.length);
    if (isRefusal(facts) || tooMuch) {
      turn.refuse(isRefusal(facts) ? facts : (tooMuch ?? refuse('internal_error')));
      return;
    }
    turn.facts = facts;
    const lane = this.#lanes.get(stream) ?? { current: null, waiting: [] };
    this.#lanes.set(stream, lane);
    lane.waiting.push({ turn, facts, frame });
    if (!lane.current) this.#next(stream, lane);
  }

  #factsOf(frame: Buffer, document: JsonDocument): RequestFacts {
    const { root } = document;
    const facts = inspectResponses(document, frame.length);
    if (facts.isBackground) failField('background', 'a WebSocket has no background responses');
    // Fills the cache and answers nothing.
    const isWarmUp = root.get('generate') === false;
    const shape = isWarmUp ? { outputCeiling: 0, maxOutputField: null } : {};
    const { user } = this.#scene;
    // What it says is kept at least on this socket, where the next turn may go on from it.
    return { ...facts, ...shape, streamed: true, keepsAnswer: true, ...(user === null ? {} : { user }) };
  }

  #next(stream: string, lane: Lane): void {
    const next = lane.waiting.shift() ?? null;
    lane.current = next;
    if (!next) {
      this.#lanes.delete(stream);
      return;
    }
    const { turn, facts, frame } = next;
    admitRequest(turn, { facts, body: frame }, (admitted) => this.#send(next, admitted));
  }

  #send({ turn, facts, frame }: WaitingTurn, admitted: Admitted): void {
    const { relay, deps } = this.#scene;
    if (!mayGoOut(turn, relay)) return;
    const { document } = facts;
    const maxOutput = admitted.hold.maxOutputTokens ?? admitted.bounded.policyMaxOutput;
    const changes = new Map<string, string>();
    if (admitted.maxToolCalls !== null) changes.set('max_tool_calls', String(admitted.maxToolCalls));
    if (maxOutput !== null && facts.maxOutputField !== null)
      changes.set(facts.maxOutputField, String(maxOutput));
    const sent = document && changes.size > 0 ? rewriteBody(frame, document, changes) : frame;
    turn.sentMs = deps.monotonic();
    if (!relay.sendUpstream(sent)) turn.endUnsent();
  }

  onServerFrame(frame: Buffer): Buffer {
    const stream = this.#streamIn(frame);
    const turn = this.#lanes.get(stream)?.current?.turn ?? null;
    const error = frame.indexOf(ERROR_TYPE) >= 0 ? parseFrame(frame) : null;
    if (error?.['type'] === 'error') {
      const clean = maskEchoes(frame);
      if (turn && turn.sentMs !== null) this.#endRefused(turn, error['status']);
      return clean;
    }
    if (turn && turn.sentMs !== null) turn.guard(() => this.#meter(turn, frame));
    return frame;
  }

  #meter(turn: SocketTurn, frame: Buffer): void {
    const { deps } = this.#scene;
    const { events } = turn;
    turn.firstByteMs ??= deps.monotonic();
    events.see(frame);
    if (events.answered && events.answered !== turn.answered) announceAnswer(turn, events.answered);
    if (events.hasEnded) turn.end(chargeFor(turn, deps.today(), events.told), 200);
  }

  /** An error before anything was answered costs nothing; one in the middle leaves the usage unknown. */
  #endRefused(turn: SocketTurn, status: unknown): void {
    const code = typeof status === 'number' && Number.isInteger(status) ? status : 400;
    if (code === 401) this.#scene.deps.keys.reportRejected(this.#scene.relay.generation);
    if (turn.isCreated) turn.end(chargeBroken(turn, 'upstream_broken'), 200);
    else turn.end(chargeNothing('upstream_refused'), code);
  }

  #streamIn(frame: Buffer): string {
    if (!this.#namesStreams) return ONLY_STREAM;
    const stream = topLevelMembers(frame.toString('latin1'), ['stream_id'])?.['stream_id'];
    return typeof stream === 'string' ? stream : ONLY_STREAM;
  }

  stop(): void {
    for (const { waiting } of this.#lanes.values()) {
      for (const { turn } of waiting.splice(0)) turn.abandon();
    }
    for (const turn of [...this.#streamOf.keys()]) turn.clientLeft();
  }

  end(how: SocketEnd): void {
    for (const turn of [...this.#streamOf.keys()]) settleTurn(turn, how, this.#scene.deps);
  }

  refusalFrame(refusal: Refusal): string {
    return this.#errorFrame(ONLY_STREAM, refusal, this.#scene.deps.ids.next()).text;
  }

  #onEnded(turn: SocketTurn): void {
    const stream = this.#streamOf.get(turn) ?? ONLY_STREAM;
    this.#streamOf.delete(turn);
    const lane = this.#lanes.get(stream);
    if (lane?.current?.turn === turn) {
      // Its end may still be told of; the next one begins after that.
      queueMicrotask(() => turn.guard(() => this.#next(stream, lane)));
    }
    this.#scene.relay.onTurnEnded();
  }

  /** Refuses a frame that never became a turn, and books it. */
  #refuseFrame(stream: string, refusal: Refusal): void {
    const { deps, sender, found, user } = this.#scene;
    const seq = deps.ids.next();
    const status = this.#tell(stream, refusal, seq);
    const { endpoint } = found.route;
    bookRefusal(deps, { sender, seq, endpoint, model: '', user, status, refusal });
  }

  #tell(stream: string, refusal: Refusal, seq: number): number {
    const { status, text } = this.#errorFrame(stream, refusal, seq);
    this.#scene.relay.sendClient(text);
    return status;
  }

  #errorFrame(stream: string, refusal: Refusal, seq: number): { status: number; text: string } {
    const { deps, isCodex } = this.#scene;
    const { status, error, codexHeaders } = errorOf(refusal, deps.ids.format(seq), isCodex);
    const named = stream === ONLY_STREAM ? {} : { stream_id: stream };
    const [name, value] = codexHeaders;
    // Codex takes them from the frame as it would from an answer.
    const headers = name === undefined ? {} : { headers: { [name]: value } };
    return { status, text: JSON.stringify({ type: 'error', status, error, ...headers, ...named }) };
  }
}

function invalid(field: string, problem: string): Refusal {
  return refuse('invalid_body', { field, problem }, { param: field });
}
