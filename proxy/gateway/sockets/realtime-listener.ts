import { isJsonObject } from '../metering/usage-shapes.ts';
import { refuse } from '../refusal.ts';
import { type Json, parseFrame } from './frames.ts';
import type { SessionScene } from './open-session.ts';
import type { RealtimeContext } from './realtime-context.ts';
import { OWN_EVENT_PREFIX } from './realtime-frames.ts';
import { type RealtimeTurns, responseIdOf } from './realtime-turns.ts';
import type { RealtimeUpdates } from './realtime-updates.ts';
import type { TranscriptionHolds } from './transcription-holds.ts';

export interface ListenerParts {
  readonly scene: SessionScene;
  readonly context: RealtimeContext;
  readonly turns: RealtimeTurns;
  readonly updates: RealtimeUpdates;
  readonly transcriptions: TranscriptionHolds;
  /** OpenAI has opened the session. */
  onOpened(): void;
  /** OpenAI has found a turn of the client's that it would have answered. */
  onTurnFound(): void;
  onResponseDone(): void;
}

/** Model tokens of what the model says: one for each 50 ms. */
const SPOKEN_MS_PER_TOKEN = 50;

/** Reads what OpenAI tells of a realtime session, and decides what the client sees of it. */
export class RealtimeListener {
  readonly #parts: ListenerParts;
  /** Where turns that OpenAI has found end, by their item, until they are committed. */
  readonly #found = new Map<string, number>();

  constructor(parts: ListenerParts) {
    this.#parts = parts;
  }

  /** Null for what is not for the client. */
  onFrame(frame: Buffer): Buffer | null {
    const event = parseFrame(frame);
    if (!event) return frame;
    const { turns, transcriptions, onResponseDone } = this.#parts;
    const itemId = textOf(event['item_id']);
    switch (event['type']) {
      case 'session.created':
      case 'transcription_session.created':
        return this.#onCreated(event, frame);
      case 'session.updated':
      case 'transcription_session.updated':
        return this.#onUpdated(event, frame);
      case 'response.created':
        this.#onResponse(responseIdOf(event) ?? '');
        return frame;
      case 'response.output_audio.delta':
      case 'response.output_audio_transcript.delta':
      case 'response.output_text.delta':
      case 'response.function_call_arguments.delta':
        turns.onShown(responseIdOf(event) ?? '', this.#shownTokens(event));
        return frame;
      case 'response.done':
        turns.onDone(responseIdOf(event) ?? '', frame);
        onResponseDone();
        return frame;
      case 'input_audio_buffer.speech_stopped':
        if (typeof event['audio_end_ms'] === 'number') this.#found.set(itemId, event['audio_end_ms']);
        return frame;
      case 'input_audio_buffer.committed':
        this.#onCommitted(itemId);
        return frame;
      case 'conversation.item.input_audio_transcription.completed':
        transcriptions.onCompleted(itemId, event['usage']);
        return frame;
      case 'conversation.item.input_audio_transcription.failed':
        transcriptions.onFailed(itemId);
        return frame;
      case 'error':
        return this.#onError(event, frame);
      default:
        return frame;
    }
  }

  #onCreated(event: Json, frame: Buffer): Buffer {
    const { updates, onOpened } = this.#parts;
    if (isJsonObject(event['session'])) updates.onCreated(event['session']);
    onOpened();
    return frame;
  }

  #onUpdated(event: Json, frame: Buffer): Buffer | null {
    const { session } = event;
    if (!isJsonObject(session)) return frame;
    const { updates, scene } = this.#parts;
    const shown = updates.onUpdated(session);
    if (updates.isUnguarded) {
      // Whatever it may mean, a session that answers turns by itself can spend without a hold.
      scene.relay.cut(refuse('upstream_broken', { problem: 'its session begins responses by itself' }));
    }
    if (shown === null) return null;
    return shown === session ? frame : Buffer.from(JSON.stringify({ ...event, session: shown }));
  }

  #onResponse(id: string): void {
    const { turns, scene } = this.#parts;
    if (turns.onCreated(id)) return;
    const { deps, sender, relay } = scene;
    const detail = `a response on ${scene.found.route.endpoint} that nobody has asked for`;
    deps.onFinding({ finding: 'usage_missing', appNum: sender.app.num, detail });
    relay.cut(refuse('upstream_broken', { problem: 'it began a response that nobody has asked for' }));
  }

  #shownTokens(event: Json): number {
    const delta = textOf(event['delta']);
    if (event['type'] !== 'response.output_audio.delta') return Buffer.byteLength(delta);
    const ms = (delta.length * 3) / 4 / this.#parts.updates.settings.spokenBytesPerMs;
    return Math.ceil(ms / SPOKEN_MS_PER_TOKEN);
  }

  #onCommitted(itemId: string): void {
    const { context, transcriptions, updates, scene, onTurnFound } = this.#parts;
    if (updates.transcriber !== null) transcriptions.onCommitted(itemId);
    const endMs = this.#found.get(itemId);
    // What the client has committed itself was settled when it said so, and is answered when it asks.
    if (endMs === undefined) return;
    this.#found.delete(itemId);
    context.settle(endMs);
    // The client hears of the turn before it hears of its answer.
    if (updates.answersTurns) queueMicrotask(() => scene.relay.guard(onTurnFound));
  }

  #onError(event: Json, frame: Buffer): Buffer | null {
    const { updates, turns, scene } = this.#parts;
    const error = isJsonObject(event['error']) ? event['error'] : {};
    const eventId = textOf(error['event_id']);
    if (eventId === '') return frame;
    if (updates.onError(eventId) === 'ours') {
      scene.relay.cut(refuse('upstream_broken', { problem: 'its session cannot be kept from spending' }));
      return null;
    }
    turns.onError(eventId);
    if (!eventId.startsWith(OWN_EVENT_PREFIX)) return frame;
    return Buffer.from(JSON.stringify({ ...event, error: { ...error, event_id: null } }));
  }
}

function textOf(value: unknown): string {
  return typeof value === 'string' ? value : '';
}
