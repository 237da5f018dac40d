import type { ToolChoice } from './function-calls.ts';
import type { Model } from './model-catalog.ts';
import { invalidRequest, modelNotFound } from './openai-error.ts';
import { bytesPerSecond } from './realtime-audio.ts';
import {
  isObject,
  type Json,
  optionalArray,
  optionalString,
  wrongType,
  wrongValue,
} from './request-fields.ts';
import type { Simulation } from './simulation.ts';

export type SessionKind = 'realtime' | 'transcription';

/** The session object as clients see it; settings are read from it when they are needed. */
export interface RealtimeSession {
  readonly kind: SessionKind;
  /** Null in a session that transcribes alone. */
  readonly model: Model | null;
  config: Json;
}

export interface TurnDetection {
  readonly createsResponse: boolean;
  readonly interruptsResponse: boolean;
}

/** What is left to the client where OpenAI detects no turns. */
export interface InputSettings {
  readonly bytesPerSecond: number;
  readonly turnDetection: TurnDetection | null;
  readonly transcription: { readonly model: Model; readonly prompt: string } | null;
}

export interface OutputSettings {
  readonly speaks: boolean;
  readonly format: Json;
  readonly instructions: string;
  readonly tools: readonly Json[];
  readonly toolChoice: ToolChoice;
  readonly maxTokens: number;
}

const PCM = { type: 'audio/pcm', rate: 24_000 };
const SERVER_VAD = {
  type: 'server_vad',
  threshold: 0.5,
  prefix_padding_ms: 300,
  silence_duration_ms: 500,
  idle_timeout_ms: null,
  create_response: true,
  interrupt_response: true,
};
const INPUT = { format: PCM, transcription: null, noise_reduction: null, turn_detection: SERVER_VAD };
/** Parts of a session that an update changes field by field; everything else is replaced. */
const MERGED = new Set(['audio', 'input', 'output']);
/** What nobody can change. */
const FIXED = new Set(['id', 'object', 'model', 'expires_at', 'type']);

export function createSession(
  kind: SessionKind,
  model: Model | null,
  id: string,
  expiresAt: number,
): RealtimeSession {
  const shared = { type: kind, id, expires_at: expiresAt, include: null };
  if (kind === 'transcription') {
    const config = { ...shared, object: 'realtime.transcription_session', audio: { input: INPUT } };
    return { kind, model, config };
  }
  const config = {
    ...shared,
    object: 'realtime.session',
    model: model?.answersAs ?? null,
    output_modalities: ['audio'],
    instructions: '',
    tools: [],
    tool_choice: 'auto',
    max_output_tokens: 'inf',
    tracing: null,
    truncation: 'auto',
    prompt: null,
    audio: { input: INPUT, output: { format: PCM, voice: 'marin', speed: 1 } },
  };
  return { kind, model, config };
}

/** Takes over what an update names, once all of it can be read. Throws OpenAiError. */
export function updateSession(session: RealtimeSession, change: unknown, simulation: Simulation): void {
  if (!isObject(change)) wrongType('session', 'an object', change);
  if (change['type'] !== session.kind) wrongValue('session.type', change['type'], [session.kind]);
  const next = { ...session, config: merge(session.config, change) };
  readInputSettings(next, simulation);
  if (session.kind === 'realtime') readOutputSettings(next, {});
  session.config = next.config;
}

export function readInputSettings(session: RealtimeSession, simulation: Simulation): InputSettings {
  const input = child(child(session.config, 'audio'), 'input');
  const detection = input['turn_detection'] ?? null;
  if (detection !== null && !isObject(detection))
    wrongType('session.audio.input.turn_detection', 'an object', detection);
  const type = detection?.['type'];
  if (detection !== null && type !== 'server_vad' && type !== 'semantic_vad')
    wrongValue('session.audio.input.turn_detection.type', type, ['server_vad', 'semantic_vad']);
  const transcription = input['transcription'];
  return {
    bytesPerSecond: bytesPerSecond(child(input, 'format'), 'session.audio.input.format.type'),
    turnDetection:
      detection === null
        ? null
        : {
            createsResponse: detection['create_response'] !== false,
            interruptsResponse: detection['interrupt_response'] !== false,
          },
    transcription: isObject(transcription)
      ? {
          model: findTranscriber(String(transcription['model'] ?? ''), simulation),
          prompt: optionalString(transcription, 'prompt') ?? '',
        }
      : null,
  };
}

/** `wish` is the `response` of a `response.create`, which overrides the session. */
export function readOutputSettings(session: RealtimeSession, wish: Json): OutputSettings {
  const config = merge(session.config, wish);
  const modalities = optionalArray(config, 'output_modalities');
  for (const each of modalities)
    if (each !== 'text' && each !== 'audio') wrongValue('output_modalities', each, ['text', 'audio']);
  const format = child(child(child(config, 'audio'), 'output'), 'format');
  bytesPerSecond(format, 'audio.output.format.type');
  return {
    speaks: modalities.includes('audio'),
    format,
    instructions: optionalString(config, 'instructions') ?? '',
    tools: optionalArray(config, 'tools').filter(isObject),
    toolChoice: readToolChoice(config['tool_choice']),
    maxTokens: readMaximum(config['max_output_tokens'], session.model?.row.maxOutputTokens ?? 0),
  };
}

/** A model that writes down what is said, by the token or by the minute. Throws OpenAiError. */
export function findTranscriber(name: string, simulation: Simulation): Model {
  const model = simulation.catalog.find(name);
  if (isTranscriber(model)) return model;
  throw modelNotFound(name);
}

export function isTranscriber(model: Model | null): model is Model {
  if (model?.kind === 'transcription') return true;
  return model?.kind === 'realtime' && model.row.rates.minute !== undefined;
}

function readMaximum(value: unknown, most: number): number {
  if (value === undefined || value === null || value === 'inf') return most;
  if (typeof value === 'number' && Number.isInteger(value) && value >= 1) return Math.min(value, most);
  throw invalidRequest(
    `Invalid value: '${String(value)}'. Expected an integer above 0, or 'inf'.`,
    'max_output_tokens',
    'invalid_value',
  );
}

function readToolChoice(choice: unknown): ToolChoice {
  if (choice === 'none' || choice === 'required') return { kind: choice };
  if (isObject(choice) && choice['type'] === 'function')
    return { kind: 'named', name: String(choice['name']) };
  return { kind: 'auto' };
}

function merge(base: Json, change: Json): Json {
  const merged = { ...base };
  for (const [key, value] of Object.entries(change)) {
    const known = base[key];
    if (FIXED.has(key)) continue;
    merged[key] = MERGED.has(key) && isObject(known) && isObject(value) ? merge(known, value) : value;
  }
  return merged;
}

function child(parent: Json, name: string): Json {
  const value = parent[name];
  return isObject(value) ? value : {};
}
