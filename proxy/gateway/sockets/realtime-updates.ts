import type { Refusal } from '../refusal.ts';
import type { Json } from './frames.ts';
import type { RealtimeContext } from './realtime-context.ts';
import { type ClientEvent, changedEvent, memberOf, ownEventId } from './realtime-frames.ts';
import {
  NO_SETTINGS,
  type RealtimeSettings,
  readChange,
  readSettings,
  settingBytes,
  switchOff,
  withoutOwnResponses,
  withWish,
} from './realtime-settings.ts';
import type { SocketRelay } from './socket-relay.ts';

/** An update that was sent and that OpenAI has not answered. */
interface PendingUpdate {
  readonly eventId: string;
  /** Sent by Tollgate itself: its answer is not for the client. */
  readonly isOurs: boolean;
}

/**
 * The settings of a realtime session, as the client wants them and as OpenAI has them: they differ in
 * that OpenAI never answers a turn by itself. What an update will change counts from when it is sent.
 */
export class RealtimeUpdates {
  readonly #relay: SocketRelay;
  readonly #context: RealtimeContext;
  readonly #isTranscription: boolean;
  readonly #pending: PendingUpdate[] = [];
  #settings: RealtimeSettings = NO_SETTINGS;
  #createsResponses = true;
  #transcriber: string | null = null;
  #transcriptionPromptBytes = 0;
  #isFormatUnsure = false;

  constructor(relay: SocketRelay, context: RealtimeContext, isTranscription: boolean) {
    this.#relay = relay;
    this.#context = context;
    this.#isTranscription = isTranscription;
  }

  get settings(): RealtimeSettings {
    return this.#settings;
  }

  /** Whether the client wants each turn that is found to be answered. */
  get answersTurns(): boolean {
    return !this.#isTranscription && this.#settings.detectsTurns && this.#createsResponses;
  }

  /** Of the client's sound; the fewest while it may be changing, which makes it the longest. */
  get bytesPerMs(): number {
    return this.#isFormatUnsure ? NO_SETTINGS.bytesPerMs : this.#settings.bytesPerMs;
  }

  get transcriber(): string | null {
    return this.#transcriber;
  }

  get transcriptionPromptBytes(): number {
    return this.#transcriptionPromptBytes;
  }

  /** Whether OpenAI says that it answers turns by itself, with no update on its way that stops it. */
  get isUnguarded(): boolean {
    return !this.#isTranscription && this.#settings.createsResponses && this.#pending.length === 0;
  }

  /** Sends a client's update, changed so that OpenAI does not begin responses. */
  send(event: ClientEvent): Refusal | null {
    const change = readChange(event.document.root.get('session'), this.#isTranscription);
    const ownId = ownEventId();
    const isSwitched = change.createsResponses === true && !this.#isTranscription;
    const changes = isSwitched ? { session: withoutOwnResponses(memberOf(event, 'session')) } : {};
    if (!this.#relay.sendUpstream(changedEvent(event, changes, ownId))) return null;
    this.#pending.push({ eventId: event.eventId ?? ownId, isOurs: false });
    this.#context.addSetting(event.frame.length);
    if (change.createsResponses !== null) this.#createsResponses = change.createsResponses;
    if (change.transcriber !== null) this.#transcriber = change.transcriber;
    this.#transcriptionPromptBytes += change.transcriptionPromptBytes;
    if (change.hasFormat) this.#isFormatUnsure = true;
    return null;
  }

  /** OpenAI has opened the session: switches off what it would begin by itself. */
  onCreated(session: Json): void {
    this.#take(session);
    this.#createsResponses = this.#settings.createsResponses;
    if (!this.#settings.createsResponses || this.#isTranscription) return;
    const eventId = ownEventId();
    this.#relay.sendUpstream(
      JSON.stringify({ type: 'session.update', event_id: eventId, session: switchOff(session) }),
    );
    this.#pending.push({ eventId, isOurs: true });
  }

  /**
   * OpenAI has taken an update over; returns the session as the client shall see it, or null where the
   * client has not asked for it.
   */
  onUpdated(session: Json): Json | null {
    const update = this.#pending.shift();
    this.#take(session);
    if (update?.isOurs) return null;
    return this.#isTranscription ? session : withWish(session, this.#createsResponses);
  }

  /** Whose update an error is about; null when it is about none. */
  onError(eventId: string): 'ours' | 'client' | null {
    const index = this.#pending.findIndex((update) => update.eventId === eventId);
    if (index < 0) return null;
    const [refused] = this.#pending.splice(index, 1);
    return refused?.isOurs ? 'ours' : 'client';
  }

  #take(session: Json): void {
    this.#settings = readSettings(session);
    // What updates on their way will bring is counted already.
    if (this.#pending.length > 0) return;
    this.#context.setSetting(settingBytes(session));
    this.#transcriber = this.#settings.transcriber;
    this.#transcriptionPromptBytes = this.#settings.transcriptionPromptBytes;
    this.#isFormatUnsure = false;
  }
}
