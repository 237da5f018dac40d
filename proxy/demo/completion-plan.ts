import type { Charge } from './bill.ts';
import { NOTHING_USED } from './call-cost.ts';
import { checkContext } from './chat-request.ts';
import type { Model, Tier } from './model-catalog.ts';
import { objectId } from './object-ids.ts';
import { invalidRequest } from './openai-error.ts';
import { type PlannedOutput, planOutput } from './planned-output.ts';
import {
  type Json,
  missing,
  optionalBoolean,
  optionalInteger,
  optionalNumber,
  optionalObject,
  requiredString,
  wrongType,
} from './request-fields.ts';
import { seededRandom, seedOf } from './seeded-random.ts';
import { serviceTier } from './service-tiers.ts';
import { type Call, findModel, type Simulation, seconds } from './simulation.ts';

/** A prompt of the legacy endpoint: text, or token ids whose text nobody needs. */
interface LegacyPrompt {
  readonly text: string;
  readonly tokens: number;
}

export interface CompletionPlan {
  readonly id: string;
  readonly created: number;
  readonly model: Model;
  readonly tier: Tier;
  readonly stream: boolean;
  readonly includeUsage: boolean;
  readonly echo: boolean;
  readonly logprobs: number | null;
  readonly inputTokens: number;
  /** The choices that are shown, prompt by prompt. */
  readonly choices: readonly { readonly prompt: LegacyPrompt; readonly output: PlannedOutput }[];
  /** All that was generated, the candidates of `best_of` that are not shown included. */
  readonly totalOutputTokens: number;
}

/** The legacy endpoint answers with 16 tokens unless asked for more. */
const DEFAULT_MAX_TOKENS = 16;

export function planCompletion(body: Json, call: Call, simulation: Simulation): CompletionPlan {
  const model = findModel(simulation, call, requiredString(body, 'model'), ['completion']);
  const prompts = readPrompts(body, simulation);
  const n = optionalInteger(body, 'n', 1, 128) ?? 1;
  const bestOf = optionalInteger(body, 'best_of', 1, 20) ?? n;
  const stream = optionalBoolean(body, 'stream');
  if (bestOf < n) {
    throw invalidRequest(
      `You requested that the server return more choices than it will generate (HINT: you must set 'n' (currently ${n}) to be at most 'best_of' (currently ${bestOf}), or omit either parameter if you don't specifically want to use them.)`,
      'best_of',
    );
  }
  if (stream && bestOf > n) {
    throw invalidRequest("You can only stream the results with 'best_of' equal to 'n'.", 'best_of');
  }
  optionalNumber(body, 'temperature', 0, 2);
  const options = optionalObject(body, 'stream_options');
  const maxTokens =
    optionalInteger(body, 'max_tokens', 0, Math.max(model.row.maxOutputTokens, 1)) ?? DEFAULT_MAX_TOKENS;
  let totalOutputTokens = 0;
  const choices: { prompt: LegacyPrompt; output: PlannedOutput }[] = [];
  for (const prompt of prompts) {
    checkContext(model, prompt.tokens + maxTokens);
    const seed = seedOf([model.row.model, prompt.text]);
    for (let candidate = 0; candidate < bestOf; candidate++) {
      const output = planCandidate(prompt, seed + candidate, maxTokens, body, simulation);
      totalOutputTokens += output.tokens;
      if (candidate < n) choices.push({ prompt, output });
    }
  }
  return {
    id: objectId('cmpl-', 14),
    created: seconds(simulation.now()),
    model,
    tier: serviceTier(body, model, call, simulation),
    stream,
    includeUsage: options !== null && optionalBoolean(options, 'include_usage'),
    echo: optionalBoolean(body, 'echo'),
    logprobs: optionalInteger(body, 'logprobs', 0, 5),
    inputTokens: prompts.reduce((sum, each) => sum + each.tokens, 0),
    choices,
    totalOutputTokens,
  };
}

export function completionCharge(plan: CompletionPlan, outputTokens: number): Charge {
  const { model, tier, inputTokens } = plan;
  return {
    responseId: plan.id,
    model: model.answersAs,
    serviceTier: tier.name,
    usage: {
      prompt_tokens: inputTokens,
      completion_tokens: outputTokens,
      total_tokens: inputTokens + outputTokens,
    },
    parts: [
      { row: model.row, tierPermille: tier.permille, used: { ...NOTHING_USED, inputTokens, outputTokens } },
    ],
  };
}

function planCandidate(
  prompt: LegacyPrompt,
  seed: number,
  maxTokens: number,
  body: Json,
  simulation: Simulation,
): PlannedOutput {
  const stop = body['stop'];
  return planOutput(
    {
      random: seededRandom(seed),
      maxTokens,
      range: simulation.outputRange,
      userText: prompt.text,
      reasons: false,
      effort: null,
      stop: (Array.isArray(stop) ? stop : [stop]).filter((each) => typeof each === 'string'),
      audioTokensPerPiece: 0,
      exactText: null,
      calls: [],
    },
    simulation.tokenizer,
  );
}

function readPrompts(body: Json, simulation: Simulation): LegacyPrompt[] {
  const prompt = body['prompt'] ?? missing('prompt');
  if (typeof prompt === 'string') return [textPrompt(prompt, simulation)];
  if (!Array.isArray(prompt) || prompt.length === 0)
    return wrongType('prompt', 'a string or a non-empty array', prompt);
  if (prompt.every((each) => typeof each === 'number')) return [idPrompt(prompt)];
  return prompt.map((each, index) => {
    if (typeof each === 'string') return textPrompt(each, simulation);
    if (Array.isArray(each) && each.length > 0 && each.every((id) => typeof id === 'number'))
      return idPrompt(each);
    return wrongType(`prompt[${index}]`, 'a string or an array of integers', each);
  });
}

function textPrompt(text: string, simulation: Simulation): LegacyPrompt {
  return { text, tokens: Math.max(1, simulation.tokenizer.count(text)) };
}

function idPrompt(ids: readonly number[]): LegacyPrompt {
  return { text: ids.join(' '), tokens: ids.length };
}
