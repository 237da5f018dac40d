import { audioSeconds } from './audio-length.ts';
import type { Charge } from './bill.ts';
import { NOTHING_USED } from './call-cost.ts';
import { AUDIO_INPUT_TOKENS_PER_SECOND } from './chat-prompt.ts';
import type { Model } from './model-catalog.ts';
import { parseMultipart } from './multipart.ts';
import { objectId } from './object-ids.ts';
import { invalidRequest } from './openai-error.ts';
import { prosePieces } from './prose.ts';
import {
  missing,
  optionalBoolean,
  optionalChoice,
  optionalNumber,
  optionalString,
  requiredString,
} from './request-fields.ts';
import { seededRandom, seedOf } from './seeded-random.ts';
import { type Call, findModel, type Simulation } from './simulation.ts';
import type { Piece } from './tokenizer.ts';

/** What the price of a transcript depends on. */
export interface TranscriptBasis {
  readonly id: string;
  readonly model: Model;
  readonly lengthS: number;
  readonly promptTokens: number;
  /** The model is priced by the minute and reports seconds instead of tokens. */
  readonly isPricedByTime: boolean;
}

export interface TranscriptPlan extends TranscriptBasis {
  readonly format: string;
  readonly stream: boolean;
  readonly pieces: readonly Piece[];
}

/** People say about this many tokens a second. */
export const TRANSCRIPT_TOKENS_PER_SECOND = 2.5;
const FORMATS = ['json', 'text', 'srt', 'verbose_json', 'vtt'];

export function planTranscript(call: Call, simulation: Simulation): TranscriptPlan {
  const { body, files } = parseMultipart(call.contentType, call.body);
  const file = files.find((each) => each.field === 'file') ?? missing('file');
  const model = findModel(simulation, call, requiredString(body, 'model'), ['transcription']);
  const format = optionalChoice(body, 'response_format', FORMATS) ?? 'json';
  const isPricedByTime = model.row.rates.minute !== undefined;
  if (!isPricedByTime && format !== 'json' && format !== 'text') {
    throw invalidRequest(
      `response_format '${format}' is not compatible with model '${model.answersAs}'. Use 'json' or 'text' instead.`,
      'response_format',
      'unsupported_value',
    );
  }
  optionalNumber(body, 'temperature', 0, 1);
  const lengthS = audioSeconds(file.bytes, file.fileName);
  if (lengthS < 0.1) {
    throw invalidRequest(
      'Audio file is too short. Minimum audio length is 0.1 seconds.',
      'file',
      'audio_too_short',
    );
  }
  const most = model.row.maxOutputTokens || Number.MAX_SAFE_INTEGER;
  const tokens = Math.min(most, Math.max(1, Math.round(lengthS * TRANSCRIPT_TOKENS_PER_SECOND)));
  return {
    id: objectId('trsc_'),
    model,
    lengthS,
    promptTokens: simulation.tokenizer.count(optionalString(body, 'prompt') ?? ''),
    format,
    // whisper-1 ignores the wish to stream.
    stream: optionalBoolean(body, 'stream') && !isPricedByTime,
    pieces: prosePieces(seededRandom(seedOf([file.bytes])), tokens, tokens),
    isPricedByTime,
  };
}

/** Seconds are reported and billed whole, rounded up. */
export function transcriptCharge(plan: TranscriptBasis, outputTokens: number): Charge {
  const { model, promptTokens } = plan;
  const shared = { responseId: plan.id, model: model.answersAs, serviceTier: 'default' };
  const seconds = Math.ceil(plan.lengthS);
  if (plan.isPricedByTime) {
    const used = { ...NOTHING_USED, audioSeconds: seconds };
    return {
      ...shared,
      usage: { type: 'duration', seconds },
      parts: [{ row: model.row, tierPermille: 1000, used }],
    };
  }
  const audioTokens = Math.ceil(plan.lengthS * AUDIO_INPUT_TOKENS_PER_SECOND);
  const inputTokens = promptTokens + audioTokens;
  const used = { ...NOTHING_USED, inputTokens, audioInputTokens: audioTokens, outputTokens };
  return {
    ...shared,
    usage: {
      type: 'tokens',
      input_tokens: inputTokens,
      input_token_details: { text_tokens: promptTokens, audio_tokens: audioTokens },
      output_tokens: outputTokens,
      total_tokens: inputTokens + outputTokens,
    },
    parts: [{ row: model.row, tierPermille: 1000, used }],
  };
}
