import type { Charge } from './bill.ts';
import { NOTHING_USED } from './call-cost.ts';
import { AUDIO_TOKENS_PER_WORD } from './chat-plan.ts';
import { chooseCalls } from './function-calls.ts';
import type { Model } from './model-catalog.ts';
import { objectId } from './object-ids.ts';
import { type PlannedOutput, planOutput } from './planned-output.ts';
import type { RealtimeContext } from './realtime-context.ts';
import { type RealtimeItem, type TokensByKind, totalTokens } from './realtime-items.ts';
import type { OutputSettings } from './realtime-session.ts';
import { seededRandom, seedOf } from './seeded-random.ts';
import type { Simulation } from './simulation.ts';

/** Everything about one realtime response, decided before its first event. */
export interface RealtimePlan {
  readonly id: string;
  readonly itemId: string;
  readonly model: Model;
  readonly settings: OutputSettings;
  readonly context: RealtimeContext;
  readonly cached: TokensByKind;
  readonly output: PlannedOutput;
}

const TOKENS_PER_WORD = AUDIO_TOKENS_PER_WORD + 1;

export function planRealtime(
  model: Model,
  settings: OutputSettings,
  items: readonly RealtimeItem[],
  context: RealtimeContext,
  cached: TokensByKind,
  simulation: Simulation,
): RealtimePlan {
  const userText = items.findLast(({ shown }) => shown['role'] === 'user')?.text ?? '';
  const random = seededRandom(
    seedOf([model.row.model, settings.instructions, ...items.map(({ text }) => text)]),
  );
  const tools = settings.tools
    .filter((tool) => tool['type'] === 'function')
    .map((tool) => ({ name: String(tool['name']), parameters: tool['parameters'] }));
  const hasResult = items.at(-1)?.shown['type'] === 'function_call_output';
  const output = planOutput(
    {
      random,
      calls: chooseCalls(tools, settings.toolChoice, userText, hasResult, random),
      userText,
      maxTokens: settings.maxTokens,
      range: simulation.outputRange,
      reasons: false,
      effort: null,
      stop: [],
      audioTokensPerPiece: settings.speaks ? AUDIO_TOKENS_PER_WORD : 0,
      exactText: null,
    },
    simulation.tokenizer,
  );
  return {
    id: objectId('resp_', 10),
    itemId: objectId('item_', 10),
    model,
    settings,
    context,
    cached,
    output,
  };
}

/** How so many output tokens are divided: each word is its sound and its transcript. */
export function outputByKind(plan: RealtimePlan, outputTokens: number): TokensByKind {
  const isSpoken = plan.settings.speaks && plan.output.calls.length === 0;
  const audio = isSpoken ? Math.floor(outputTokens / TOKENS_PER_WORD) * AUDIO_TOKENS_PER_WORD : 0;
  return { text: outputTokens - audio, audio, image: 0 };
}

export function realtimeCharge(plan: RealtimePlan, outputTokens: number): Charge {
  const { model, context, cached } = plan;
  const input = context.tokens;
  const output = outputByKind(plan, outputTokens);
  const inputTokens = totalTokens(input);
  const used = {
    ...NOTHING_USED,
    inputTokens,
    audioInputTokens: input.audio,
    imageInputTokens: input.image,
    cachedTokens: cached.text,
    cachedAudioTokens: cached.audio,
    cachedImageTokens: cached.image,
    outputTokens,
    audioOutputTokens: output.audio,
  };
  return {
    responseId: plan.id,
    model: model.answersAs,
    serviceTier: 'default',
    usage: {
      total_tokens: inputTokens + outputTokens,
      input_tokens: inputTokens,
      output_tokens: outputTokens,
      input_token_details: {
        text_tokens: input.text,
        audio_tokens: input.audio,
        image_tokens: input.image,
        cached_tokens: totalTokens(cached),
        cached_tokens_details: {
          text_tokens: cached.text,
          audio_tokens: cached.audio,
          image_tokens: cached.image,
        },
      },
      output_token_details: { text_tokens: output.text, audio_tokens: output.audio },
    },
    parts: [{ row: model.row, tierPermille: 1000, used }],
  };
}
