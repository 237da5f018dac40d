import type { Charge } from './bill.ts';
import { NOTHING_USED } from './call-cost.ts';
import { chooseCalls } from './function-calls.ts';
import { type HostedWork, inputTokensOf, NO_HOSTED_WORK, planHostedWork } from './hosted-tools.ts';
import { objectId } from './object-ids.ts';
import { type PlannedOutput, planOutput } from './planned-output.ts';
import { promptTokens } from './prompt.ts';
import type { CacheUse } from './prompt-cache.ts';
import type { ResponseRequest } from './response-request.ts';
import { freeFormSample, schemaSample } from './schema-sample.ts';
import { seededRandom, seedOf } from './seeded-random.ts';
import { type Simulation, seconds } from './simulation.ts';

/** Everything about one response, decided before its first byte. */
export interface ResponsePlan {
  readonly id: string;
  readonly createdAt: number;
  readonly request: ResponseRequest;
  /** Of every reading of the context. */
  readonly inputTokens: number;
  readonly cache: CacheUse;
  readonly hosted: HostedWork;
  readonly output: PlannedOutput;
  readonly reasoningId: string;
  readonly messageId: string;
  readonly calls: readonly { readonly id: string; readonly callId: string }[];
}

export function planResponse(request: ResponseRequest, simulation: Simulation): ResponsePlan {
  const { model, prompt, input, body } = request;
  const random = seededRandom(seedOf([model.row.model, ...prompt.texts]));
  if (!request.generates) return planNothing(request, simulation);
  const hosted = planHostedWork(body, input.userText, random, simulation);
  const { rereadsContext } = simulation;
  const readings = rereadsContext ? hosted.turns.length : 1;
  const usesFunctions = hosted.calls.length === 0;
  const { format } = request;
  const sample = typeof format === 'object' ? schemaSample(format.schema, random) : freeFormSample(random);
  const output = planOutput(
    {
      random,
      calls: usesFunctions
        ? chooseCalls(request.tools, request.toolChoice, input.userText, input.hasResult, random)
        : [],
      userText: input.userText,
      maxTokens: request.maxTokens,
      range: simulation.outputRange,
      reasons: model.reasons,
      effort: request.effort,
      stop: [],
      audioTokensPerPiece: 0,
      exactText: format === 'text' ? null : JSON.stringify(sample),
    },
    simulation.tokenizer,
  );
  return {
    ...head(request, simulation),
    inputTokens: inputTokensOf(hosted, promptTokens(prompt), model.row.contextTokens, rereadsContext),
    cache: cacheOf(request, readings, simulation),
    hosted,
    output,
    calls: output.calls.map(({ callId }) => ({ id: objectId('fc_', 24), callId })),
  };
}

function head(
  request: ResponseRequest,
  simulation: Simulation,
): Pick<ResponsePlan, 'id' | 'createdAt' | 'request' | 'reasoningId' | 'messageId'> {
  return {
    id: objectId('resp_', 24),
    createdAt: seconds(simulation.now()),
    request,
    reasoningId: objectId('rs_', 24),
    messageId: objectId('msg_', 24),
  };
}

/** Reads its input for the prompt cache alone. */
function planNothing(request: ResponseRequest, simulation: Simulation): ResponsePlan {
  const { model, prompt, cacheLifetime } = request;
  return {
    ...head(request, simulation),
    inputTokens: promptTokens(prompt),
    cache: simulation.promptCache.warm(model.row.model, model.row, prompt, cacheLifetime),
    hosted: NO_HOSTED_WORK,
    output: { reasoningTokens: 0, text: [], calls: [], truncated: false, tokens: 0 },
    calls: [],
  };
}

/** Only the first reading of a prompt can write it: each later one finds it there. */
function cacheOf(request: ResponseRequest, readings: number, simulation: Simulation): CacheUse {
  const { model, prompt, cacheLifetime } = request;
  const use = (): CacheUse => simulation.promptCache.use(model.row.model, model.row, prompt, cacheLifetime);
  let cache = use();
  for (let reading = 1; reading < readings; reading++)
    cache = { ...cache, cachedTokens: cache.cachedTokens + use().cachedTokens };
  return cache;
}

/** What is owed once so many output tokens were generated, with the usage block as OpenAI reports it. */
export function responseCharge(plan: ResponsePlan, outputTokens: number): Charge {
  const { request, inputTokens, cache, hosted, output } = plan;
  const { model, tier } = request;
  const writtenTokens = cache.written30mTokens + cache.written12hTokens;
  const usage = {
    input_tokens: inputTokens,
    input_tokens_details: {
      cached_tokens: cache.cachedTokens,
      cache_write_tokens: writtenTokens,
      ...(writtenTokens === 0
        ? {}
        : {
            cache_write_tokens_details: {
              ttl_30m_tokens: cache.written30mTokens,
              ttl_12h_tokens: cache.written12hTokens,
            },
          }),
    },
    output_tokens: outputTokens,
    output_tokens_details: { reasoning_tokens: Math.min(output.reasoningTokens, outputTokens) },
    total_tokens: inputTokens + outputTokens,
  };
  // Pictures in the input have no detail of their own here, so OpenAI prices them like text.
  const used = {
    ...NOTHING_USED,
    ...hosted.fees,
    inputTokens,
    cachedTokens: cache.cachedTokens,
    cacheWrite30mTokens: cache.written30mTokens,
    cacheWrite12hTokens: cache.written12hTokens,
    outputTokens,
  };
  const parts = [{ row: model.row, tierPermille: tier.permille, used }];
  return {
    responseId: plan.id,
    model: model.answersAs,
    serviceTier: tier.name,
    usage,
    parts: hosted.pictures ? [...parts, hosted.pictures] : parts,
  };
}
