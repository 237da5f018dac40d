import { failField } from '../inspect/fields.ts';
import { isJsonObject } from '../metering/usage-shapes.ts';
import { JsonArray, JsonObject, type JsonValue } from '../strict-json.ts';
import type { Json } from './frames.ts';

/** What matters of a realtime session's settings. */
export interface RealtimeSettings {
  /** Null for no maximum of its own. */
  readonly maxOutput: number | null;
  readonly isTextOnly: boolean;
  /** Of the sound that the client sends. */
  readonly bytesPerMs: number;
  /** Of the sound that the model answers with. */
  readonly spokenBytesPerMs: number;
  /** The model that writes down what is said; null for none. */
  readonly transcriber: string | null;
  readonly transcriptionPromptBytes: number;
  /** Whether OpenAI finds by itself where a turn ends. */
  readonly detectsTurns: boolean;
  /** Whether it would answer each turn that it has found. */
  readonly createsResponses: boolean;
}

export const NO_SETTINGS: RealtimeSettings = {
  maxOutput: null,
  isTextOnly: false,
  bytesPerMs: 8,
  spokenBytesPerMs: 8,
  transcriber: null,
  transcriptionPromptBytes: 0,
  detectsTurns: false,
  createsResponses: false,
};

/** 24,000 samples of 16 bits, or 8,000 of 8 bits, a second. */
const PCM_BYTES_PER_MS = 48;
const NARROW_BYTES_PER_MS = 8;

/** Reads the session that OpenAI tells of. */
export function readSettings(session: Json): RealtimeSettings {
  const input = child(child(session, 'audio'), 'input');
  const output = child(child(session, 'audio'), 'output');
  const detection = input['turn_detection'];
  const transcription = child(input, 'transcription');
  const modalities = session['output_modalities'];
  const maxOutput = session['max_output_tokens'];
  const model = transcription['model'];
  const isTranscribed = isJsonObject(input['transcription']);
  return {
    maxOutput: typeof maxOutput === 'number' && maxOutput > 0 ? maxOutput : null,
    isTextOnly: Array.isArray(modalities) && !modalities.includes('audio'),
    bytesPerMs: bytesPerMs(child(input, 'format')),
    spokenBytesPerMs: bytesPerMs(child(output, 'format')),
    transcriber: isTranscribed ? (typeof model === 'string' ? model : '') : null,
    transcriptionPromptBytes: Buffer.byteLength(JSON.stringify(transcription)),
    detectsTurns: isJsonObject(detection),
    createsResponses: isJsonObject(detection) && detection['create_response'] !== false,
  };
}

function bytesPerMs({ type }: Json): number {
  return type === undefined || type === 'audio/pcm' ? PCM_BYTES_PER_MS : NARROW_BYTES_PER_MS;
}

/** Size of what a session puts before the model besides its conversation. */
export function settingBytes(session: Json): number {
  const { instructions = '', tools = [], prompt = null } = session;
  return Buffer.byteLength(JSON.stringify([instructions, tools, prompt]));
}

/** What a client's `session.update` changes, as far as it matters. */
export interface SettingsChange {
  /** What the client wants of turns that are found; null where it says nothing of it. */
  readonly createsResponses: boolean | null;
  /** The model that writes down what is said from now on; null where it names none. */
  readonly transcriber: string | null;
  readonly transcriptionPromptBytes: number;
  /** Whether it names a format of sound. */
  readonly hasFormat: boolean;
}

/**
 * Reads the `session` of an update, in the present shape, or the flat one of older transcription sessions.
 * What could begin responses that nobody has asked for is refused.
 */
export function readChange(session: JsonValue | undefined, isTranscription: boolean): SettingsChange {
  if (!(session instanceof JsonObject)) return failField('session', 'it must be an object');
  refuseUnbounded(session);
  const input = within(within(session, 'audio'), 'input');
  if (!isTranscription && (session.get('turn_detection') || session.get('input_audio_transcription'))) {
    return failField('session', 'this is the shape of the beta; put `turn_detection` into `audio.input`');
  }
  const detection = input?.get('turn_detection') ?? session.get('turn_detection');
  if (detection instanceof JsonObject && (detection.get('idle_timeout_ms') ?? null) !== null) {
    failField(
      'session.audio.input.turn_detection.idle_timeout_ms',
      'it begins responses that nobody asks for',
    );
  }
  const transcription = input?.get('transcription') ?? session.get('input_audio_transcription');
  const model = transcription instanceof JsonObject ? (transcription.get('model') ?? '') : null;
  const prompt = transcription instanceof JsonObject ? transcription.get('prompt') : null;
  return {
    createsResponses: detection instanceof JsonObject ? detection.get('create_response') !== false : null,
    transcriber: model === null ? null : String(model).slice(0, 256),
    transcriptionPromptBytes: typeof prompt === 'string' ? Buffer.byteLength(prompt) : 0,
    hasFormat: input?.get('format') !== undefined || session.get('input_audio_format') !== undefined,
  };
}

/** Of a session and of a response: what may cost without a bound. */
export function refuseUnbounded(settings: JsonObject): void {
  if ((settings.get('prompt') ?? null) !== null) failField('prompt', 'a stored prompt may bring any tool');
  const tools = settings.get('tools');
  for (const tool of tools instanceof JsonArray ? tools.items : []) {
    const type = tool instanceof JsonObject ? tool.get('type') : undefined;
    if (type !== 'function') failField('tools', 'only functions can be given a bound in a realtime session');
  }
}

/** The session of an update with responses to turns switched off: they are asked for one by one. */
export function withoutOwnResponses(session: Json): Json {
  const audio = child(session, 'audio');
  const input = child(audio, 'input');
  const detection = child(input, 'turn_detection');
  return {
    ...session,
    audio: { ...audio, input: { ...input, turn_detection: { ...detection, create_response: false } } },
  };
}

/** The session as the client has asked for it. */
export function withWish(session: Json, createsResponses: boolean): Json {
  const audio = child(session, 'audio');
  const input = child(audio, 'input');
  const detection = input['turn_detection'];
  if (!isJsonObject(detection)) return session;
  const shown = { ...detection, create_response: createsResponses };
  return { ...session, audio: { ...audio, input: { ...input, turn_detection: shown } } };
}

/** The change that switches OpenAI's own responses off in a session that has begun with them. */
export function switchOff(session: Json): Json {
  const detection = child(child(child(session, 'audio'), 'input'), 'turn_detection');
  const { idle_timeout_ms: _idle, ...kept } = detection;
  return {
    type: 'realtime',
    audio: { input: { turn_detection: { ...kept, create_response: false } } },
  };
}

function child(parent: Json, name: string): Json {
  const value = parent[name];
  return isJsonObject(value) ? value : {};
}

function within(parent: JsonObject | null, name: string): JsonObject | null {
  const value = parent?.get(name);
  return value instanceof JsonObject ? value : null;
}
