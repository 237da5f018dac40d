import { usageOf } from '../../pricing/usage.ts';
import { failField, optionalObject } from '../inspect/fields.ts';
import { PLAIN_FACTS, PLAIN_WORST, type RequestFacts } from '../inspect/request-facts.ts';
import { JsonArray, type JsonDocument, type JsonObject } from '../strict-json.ts';
import { type RealtimeSettings, refuseUnbounded } from './realtime-settings.ts';

/** A response that a client asks for, or that answers a turn that OpenAI has found. */
export interface AskedResponse {
  readonly facts: RequestFacts;
  /** Whether it becomes a part of the conversation. */
  readonly isInConversation: boolean;
  /** Whether it reads the conversation, so that its usage tells how long that is. */
  readonly readsConversation: boolean;
}

/** A `response.create`; `document` is null for one that answers a turn. */
export function inspectAsked(
  document: JsonDocument | null,
  contextTokens: number,
  model: string,
  user: string | null,
  settings: RealtimeSettings,
): AskedResponse {
  const response = document ? optionalObject(document.root, 'response') : null;
  if (response) refuseUnbounded(response);
  const clientMaxOutput = response ? maxOutputOf(response) : null;
  const modalities = response?.get('output_modalities');
  const isTextOnly =
    modalities instanceof JsonArray ? !modalities.items.includes('audio') : settings.isTextOnly;
  const isInConversation = response?.get('conversation') !== 'none';
  return {
    isInConversation,
    readsConversation: isInConversation && !(response?.get('input') instanceof JsonArray),
    facts: {
      ...PLAIN_FACTS,
      model,
      streamed: true,
      user,
      document,
      isOnePrompt: true,
      clientMaxOutput: clientMaxOutput ?? settings.maxOutput,
      maxOutputField: 'max_output_tokens',
      worst: {
        ...PLAIN_WORST,
        inputTokens: contextTokens,
        hasAudioInput: true,
        hasImageInput: true,
        output: isTextOnly ? 'text' : 'audio',
      },
    },
  };
}

function maxOutputOf(response: JsonObject): number | null {
  const value = response.get('max_output_tokens') ?? null;
  if (value === null || value === 'inf') return null;
  if (typeof value === 'number' && Number.isInteger(value) && value >= 1) return value;
  return failField('response.max_output_tokens', "it must be a whole number above 0, or 'inf'");
}

/** Sound that is written down: what it may be counted as, and a little for what is rounded up. */
const HEARD_TOKENS_PER_SECOND = 20;
const WRITTEN_TOKENS_PER_SECOND = 16;
const ROUNDING = 1.25;
/** Turns that a step of sound is taken to have at most; each is given the prompt. */
const TURNS_PER_STEP = 10;

/** What writing down so much sound may cost. */
export function transcriptionFacts(
  model: string,
  seconds: number,
  promptBytes: number,
  isPricedByTime: boolean,
  user: string | null,
): RequestFacts {
  const heard = Math.ceil(seconds * HEARD_TOKENS_PER_SECOND) + promptBytes * TURNS_PER_STEP;
  const written = Math.ceil(seconds * WRITTEN_TOKENS_PER_SECOND) + 64;
  const longest = Math.ceil(seconds * ROUNDING);
  return {
    ...PLAIN_FACTS,
    model,
    streamed: true,
    user,
    outputCeiling: isPricedByTime ? 0 : written,
    byRule: isPricedByTime
      ? usageOf({ seconds: longest })
      : usageOf({ inputTokens: heard, audioInputTokens: heard, outputTokens: written }),
    worst: {
      ...PLAIN_WORST,
      inputTokens: isPricedByTime ? 0 : heard,
      hasAudioInput: !isPricedByTime,
      seconds: isPricedByTime ? longest : 0,
    },
  };
}
