import type { Charge } from './bill.ts';
import { NOTHING_USED } from './call-cost.ts';
import type { ChatRequest } from './chat-request.ts';
import { chooseCalls } from './function-calls.ts';
import { objectId } from './object-ids.ts';
import { type PlannedOutput, planOutput } from './planned-output.ts';
import { promptTokens } from './prompt.ts';
import type { CacheUse } from './prompt-cache.ts';
import { freeFormSample, schemaSample } from './schema-sample.ts';
import { seededRandom, seedOf } from './seeded-random.ts';
import { type Simulation, seconds } from './simulation.ts';

/** Everything about one chat completion, decided before its first byte. */
export interface ChatPlan {
  readonly id: string;
  readonly created: number;
  readonly request: ChatRequest;
  readonly cache: CacheUse;
  readonly outputs: readonly PlannedOutput[];
  readonly totalOutputTokens: number;
}

/** One spoken word is about 0.4 s of sound, at 20 audio tokens a second. */
export const AUDIO_TOKENS_PER_WORD = 8;

export function planChat(request: ChatRequest, simulation: Simulation): ChatPlan {
  const { model, prompt } = request;
  const cache = simulation.promptCache.use(model.row.model, model.row, prompt, request.cacheLifetime);
  const seed = seedOf([model.row.model, ...prompt.texts]);
  const outputs = Array.from({ length: request.choices }, (_, index) =>
    planChoice(request, simulation, seed + index),
  );
  return {
    id: objectId('chatcmpl-', 14),
    created: seconds(simulation.now()),
    request,
    cache,
    outputs,
    totalOutputTokens: outputs.reduce((sum, each) => sum + each.tokens, 0),
  };
}

function planChoice(request: ChatRequest, simulation: Simulation, seed: number): PlannedOutput {
  const random = seededRandom(seed);
  const { tools, toolChoice, userText, hasResult, format } = request;
  const calls = chooseCalls(tools, toolChoice, userText, hasResult, random);
  const exact = format === 'json_object' ? freeFormSample(random) : schemaSampleOf(format, random);
  return planOutput(
    {
      random,
      calls,
      userText,
      maxTokens: request.maxTokens,
      range: simulation.outputRange,
      reasons: request.model.reasons,
      effort: request.effort,
      stop: request.stop,
      audioTokensPerPiece: request.speaks ? AUDIO_TOKENS_PER_WORD : 0,
      exactText: exact === null ? null : JSON.stringify(exact),
    },
    simulation.tokenizer,
  );
}

function schemaSampleOf(format: ChatRequest['format'], random: ReturnType<typeof seededRandom>): unknown {
  return typeof format === 'object' ? schemaSample(format.schema, random) : null;
}

/** What is owed once so many output tokens were generated, with the usage block as OpenAI reports it. */
export function chatCharge(plan: ChatPlan, outputTokens: number): Charge {
  const { request, cache } = plan;
  const { prompt, model, tier } = request;
  const reasoning = plan.outputs.reduce((sum, each) => sum + each.reasoningTokens, 0);
  const reasoningTokens = Math.min(reasoning, outputTokens);
  const wordTokens = AUDIO_TOKENS_PER_WORD + 1;
  const audioOutputTokens = request.speaks
    ? Math.floor((outputTokens - reasoningTokens) / wordTokens) * AUDIO_TOKENS_PER_WORD
    : 0;
  const inputTokens = promptTokens(prompt);
  const writtenTokens = cache.written30mTokens + cache.written12hTokens;
  const usage = {
    prompt_tokens: inputTokens,
    completion_tokens: outputTokens,
    total_tokens: inputTokens + outputTokens,
    prompt_tokens_details: {
      cached_tokens: cache.cachedTokens,
      audio_tokens: prompt.audioTokens,
      ...(model.row.rates.cacheWrite30m === undefined ? {} : { cache_write_tokens: writtenTokens }),
      ...(prompt.imageTokens > 0 ? { image_tokens: prompt.imageTokens } : {}),
    },
    completion_tokens_details: {
      reasoning_tokens: reasoningTokens,
      audio_tokens: audioOutputTokens,
      accepted_prediction_tokens: 0,
      rejected_prediction_tokens: 0,
    },
  };
  const used = {
    ...NOTHING_USED,
    inputTokens,
    cachedTokens: cache.cachedTokens,
    cacheWrite30mTokens: writtenTokens,
    audioInputTokens: prompt.audioTokens,
    imageInputTokens: prompt.imageTokens,
    outputTokens,
    audioOutputTokens,
  };
  return {
    responseId: plan.id,
    model: model.answersAs,
    serviceTier: tier.name,
    usage,
    parts: [{ row: model.row, tierPermille: tier.permille, used }],
  };
}
