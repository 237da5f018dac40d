import { AUDIO_INPUT_TOKENS_PER_SECOND } from './chat-prompt.ts';
import { type Json, wrongValue } from './request-fields.ts';

/** OpenAI counts one token for each 50 ms that the model says. */
export const AUDIO_OUTPUT_TOKENS_PER_SECOND = 20;

/** 24,000 samples of 16 bit, or 8,000 of 8 bit. */
const BYTES_PER_SECOND: Readonly<Record<string, number>> = {
  'audio/pcm': 48_000,
  'audio/pcmu': 8_000,
  'audio/pcma': 8_000,
};

/** Throws OpenAiError for a format OpenAI does not take. */
export function bytesPerSecond(format: Json, param: string): number {
  const type = String(format['type'] ?? 'audio/pcm');
  const known = Object.hasOwn(BYTES_PER_SECOND, type) ? BYTES_PER_SECOND[type] : undefined;
  return known ?? wrongValue(param, type, Object.keys(BYTES_PER_SECOND));
}

export function heardTokens(bytes: number, perSecond: number): number {
  return Math.ceil((bytes / perSecond) * AUDIO_INPUT_TOKENS_PER_SECOND);
}

export function spokenTokens(bytes: number, perSecond: number): number {
  return Math.ceil((bytes / perSecond) * AUDIO_OUTPUT_TOKENS_PER_SECOND);
}
