import { tokenLogprob } from './chat-logprobs.ts';
import { fingerprint, finishReason, SOUND_BYTES_PER_WORD, SPEECH_LIFETIME_S } from './chat-message.ts';
import type { ChatPlan } from './chat-plan.ts';
import { dataFrame, type Step } from './generation.ts';
import { objectId } from './object-ids.ts';
import { callTokens, type PlannedOutput } from './planned-output.ts';
import { pcmTone } from './sound.ts';
import type { Piece, Tokenizer } from './tokenizer.ts';

/*
 * The events of a streamed chat completion. `stream_options.include_usage` follows OpenAI exactly: every
 * chunk then carries `usage: null`, and one more chunk before `[DONE]` has no choices and the usage.
 */
export const DONE_FRAME = 'data: [DONE]\n\n';

export function* chatSteps(plan: ChatPlan, usage: unknown, tokenizer: Tokenizer): Generator<Step> {
  const frames = chunkFrames(plan);
  const lanes = plan.outputs.map((output, index) => lane(plan, output, index, frames, tokenizer));
  // Choices are generated in parallel: one round of all of them takes the time of one token.
  let active = lanes;
  while (active.length > 0) {
    const next: typeof lanes = [];
    let isFirst = true;
    for (const each of active) {
      const { value, done } = each.next();
      if (done) continue;
      yield isFirst ? value : { ...value, ticks: 0 };
      isFirst = false;
      next.push(each);
    }
    active = next;
  }
  if (plan.request.includeUsage) yield { frame: frames.usage(usage), ticks: 0, outputTokens: 0 };
  yield { frame: DONE_FRAME, ticks: 0, outputTokens: 0 };
}

function* lane(
  plan: ChatPlan,
  output: PlannedOutput,
  index: number,
  frames: ChunkFrames,
  tokenizer: Tokenizer,
): Generator<Step> {
  const start =
    output.calls.length > 0 ? { role: 'assistant', content: null } : { role: 'assistant', content: '' };
  yield { frame: frames.delta(index, { ...start, refusal: null }), ticks: 0, outputTokens: 0 };
  for (let hidden = 0; hidden < output.reasoningTokens; hidden++)
    yield { frame: '', ticks: 1, outputTokens: 1 };
  let said = output.reasoningTokens;
  for (const step of output.calls.length > 0
    ? callSteps(output, index, frames, tokenizer)
    : textSteps(plan, output, index, frames)) {
    said += step.outputTokens;
    yield step;
  }
  // What was generated without becoming visible, such as a call cut off before its name.
  const unseen = output.tokens - said;
  if (unseen > 0) yield { frame: '', ticks: unseen, outputTokens: unseen };
  yield { frame: frames.delta(index, {}, finishReason(plan, output)), ticks: 0, outputTokens: 0 };
}

function* textSteps(
  plan: ChatPlan,
  output: PlannedOutput,
  index: number,
  frames: ChunkFrames,
): Generator<Step> {
  const { speaks, logprobs, topLogprobs } = plan.request;
  const audioId = speaks ? objectId('audio_') : '';
  for (const piece of output.text) {
    const timing = { ticks: piece.tokens, outputTokens: piece.tokens };
    if (speaks) {
      const data = pcmTone(SOUND_BYTES_PER_WORD).toString('base64');
      yield {
        frame: frames.delta(index, { audio: { id: audioId, transcript: piece.text, data } }),
        ...timing,
      };
    } else if (logprobs) {
      const entry = { content: [tokenLogprob(piece, topLogprobs)], refusal: null };
      yield { frame: frames.delta(index, { content: piece.text }, null, entry), ...timing };
    } else {
      yield { frame: frames.text(index, piece), ...timing };
    }
  }
  if (!speaks) return;
  const audio = { id: audioId, expires_at: plan.created + SPEECH_LIFETIME_S };
  yield { frame: frames.delta(index, { audio }), ticks: 0, outputTokens: 0 };
}

function* callSteps(
  output: PlannedOutput,
  index: number,
  frames: ChunkFrames,
  tokenizer: Tokenizer,
): Generator<Step> {
  for (const [position, call] of output.calls.entries()) {
    const head = {
      index: position,
      id: call.callId,
      type: 'function',
      function: { name: call.name, arguments: '' },
    };
    const tokens = callTokens(call.name, 0, tokenizer);
    yield { frame: frames.delta(index, { tool_calls: [head] }), ticks: tokens, outputTokens: tokens };
    for (const piece of call.argumentPieces) {
      const delta = { tool_calls: [{ index: position, function: { arguments: piece.text } }] };
      yield { frame: frames.delta(index, delta), ticks: piece.tokens, outputTokens: piece.tokens };
    }
  }
}

interface ChunkFrames {
  text(index: number, piece: Piece): string;
  delta(index: number, delta: unknown, finish?: string | null, logprobs?: unknown): string;
  usage(usage: unknown): string;
}

/** A chunk differs from the next one in a few characters; everything around them is made once. */
function chunkFrames(plan: ChatPlan): ChunkFrames {
  const { model, tier, includeUsage, obfuscates } = plan.request;
  const head = {
    id: plan.id,
    object: 'chat.completion.chunk',
    created: plan.created,
    model: model.answersAs,
    service_tier: tier.name,
    system_fingerprint: fingerprint(model.answersAs),
  };
  const start = `data: ${JSON.stringify(head).slice(0, -1)},"choices":[{"index":`;
  const usageKey = includeUsage ? ',"usage":null' : '';
  const end = (length: number): string => `${usageKey}${obfuscates ? padding(length) : ''}}\n\n`;
  return {
    text: (index, { text }) =>
      `${start}${index},"delta":{"content":${JSON.stringify(text)}},"logprobs":null,"finish_reason":null}]${end(text.length)}`,
    delta: (index, delta, finish = null, logprobs = null) => {
      const rest = JSON.stringify({ delta, logprobs, finish_reason: finish }).slice(1);
      return `${start}${index},${rest}]${end(rest.length)}`;
    },
    usage: (usage) =>
      dataFrame({ ...head, choices: [], usage, ...(obfuscates ? { obfuscation: 'x4Tz' } : {}) }),
  };
}

/** OpenAI pads every delta to a length that does not give the text away; so many characters go in here. */
const PADDING = 'kQ7mZp2LxW9rTd';

function padding(length: number): string {
  return `,"obfuscation":"${PADDING.slice(length % PADDING.length)}"`;
}
