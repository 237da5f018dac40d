import { tokenLogprob } from './chat-logprobs.ts';
import type { ChatPlan } from './chat-plan.ts';
import { objectId } from './object-ids.ts';
import type { PlannedCall, PlannedOutput } from './planned-output.ts';
import { textOf } from './prose.ts';
import type { Json } from './request-fields.ts';
import { pcmTone, wavOf } from './sound.ts';

/** Sound of one word, at 24 kHz and 16 bit. */
export const SOUND_BYTES_PER_WORD = 19_200;
/** Spoken answers can be referred to for an hour. */
export const SPEECH_LIFETIME_S = 3600;

/** The `chat.completion` object of a finished plan. */
export function chatCompletion(plan: ChatPlan, usage: unknown): Json {
  const { model, tier } = plan.request;
  return {
    id: plan.id,
    object: 'chat.completion',
    created: plan.created,
    model: model.answersAs,
    choices: plan.outputs.map((output, index) => choice(plan, output, index)),
    usage,
    service_tier: tier.name,
    system_fingerprint: fingerprint(model.answersAs),
  };
}

/** `tool_calls` unless one function was forced by name: then OpenAI says `stop`. */
export function finishReason(plan: ChatPlan, output: PlannedOutput): string {
  if (output.truncated) return 'length';
  return output.calls.length > 0 && plan.request.toolChoice.kind !== 'named' ? 'tool_calls' : 'stop';
}

export function fingerprint(model: string): string {
  return `fp_${Buffer.from(model).toString('hex').slice(-10).padStart(10, '0')}`;
}

function choice(plan: ChatPlan, output: PlannedOutput, index: number): unknown {
  const { request } = plan;
  const logprobs = request.logprobs && output.text.length > 0;
  return {
    index,
    message: message(plan, output),
    logprobs: logprobs
      ? { content: output.text.map((piece) => tokenLogprob(piece, request.topLogprobs)), refusal: null }
      : null,
    finish_reason: finishReason(plan, output),
  };
}

function message(plan: ChatPlan, output: PlannedOutput): unknown {
  const start = { role: 'assistant', refusal: null, annotations: [] };
  if (output.calls.length > 0) return { ...start, content: null, tool_calls: output.calls.map(toolCall) };
  const text = textOf(output.text);
  if (!plan.request.speaks) return { ...start, content: text };
  const sound = wavOf(pcmTone(output.text.length * SOUND_BYTES_PER_WORD));
  return {
    ...start,
    content: null,
    audio: {
      id: objectId('audio_'),
      data: sound.toString('base64'),
      expires_at: plan.created + SPEECH_LIFETIME_S,
      transcript: text,
    },
  };
}

function toolCall(call: PlannedCall): unknown {
  return {
    id: call.callId,
    type: 'function',
    function: { name: call.name, arguments: textOf(call.argumentPieces) },
  };
}
