import { NOTHING_USED } from './call-cost.ts';
import { checkContext } from './chat-request.ts';
import { jsonAnswer } from './generation.ts';
import { objectId } from './object-ids.ts';
import { joinPrompts, promptTokens } from './prompt.ts';
import { prosePieces, textOf } from './prose.ts';
import { type Json, missing, optionalString, parseJsonBody } from './request-fields.ts';
import { type ResponseInput, readResponseInput, sealSummary } from './response-input.ts';
import { readHistory, readSetting } from './response-request.ts';
import { seededRandom, seedOf } from './seeded-random.ts';
import { serviceTier } from './service-tiers.ts';
import { type Call, findModel, type Route, type Simulation, seconds } from './simulation.ts';

/** POST /v1/responses/input_tokens: counts without generating. Free. */
export const countInputTokens: Route = (call, simulation) => {
  const body = parseJsonBody(call.body);
  const model = findModel(simulation, call, optionalString(body, 'model') ?? missing('model'), ['chat']);
  const { prompt } = readWhole(body, model.row.model, call, simulation);
  return jsonAnswer({ object: 'response.input_tokens', input_tokens: promptTokens(prompt) });
};

/** POST /v1/responses/compact: the user's messages, and one sealed summary of everything else. */
export const compactResponse: Route = (call, simulation) => {
  const body = parseJsonBody(call.body);
  const model = findModel(simulation, call, optionalString(body, 'model') ?? missing('model'), ['chat']);
  const { prompt, input } = readWhole(body, model.row.model, call, simulation);
  checkContext(model, promptTokens(prompt));
  const tier = serviceTier(body, model, call, simulation);
  const cache = simulation.promptCache.use(model.row.model, model.row, prompt, '30m');
  const random = seededRandom(seedOf(prompt.texts));
  const summary = prosePieces(random, simulation.outputRange.min, simulation.outputRange.max);
  const inputTokens = promptTokens(prompt);
  const outputTokens = summary.length;
  const usage = {
    input_tokens: inputTokens,
    input_tokens_details: { cached_tokens: cache.cachedTokens, cache_write_tokens: cache.written30mTokens },
    output_tokens: outputTokens,
    output_tokens_details: { reasoning_tokens: 0 },
    total_tokens: inputTokens + outputTokens,
  };
  const id = objectId('resp_', 24);
  const used = {
    ...NOTHING_USED,
    inputTokens,
    cachedTokens: cache.cachedTokens,
    cacheWrite30mTokens: cache.written30mTokens,
    outputTokens,
  };
  return jsonAnswer(
    {
      id,
      object: 'response.compaction',
      created_at: seconds(simulation.now()),
      output: [
        ...input.items.filter((item) => item['role'] === 'user'),
        { id: objectId('cmp_', 24), type: 'compaction', encrypted_content: sealSummary(textOf(summary)) },
      ],
      usage,
    },
    {
      responseId: id,
      model: model.answersAs,
      serviceTier: tier.name,
      usage,
      parts: [{ row: model.row, tierPermille: tier.permille, used }],
    },
  );
};

function readWhole(
  body: Json,
  model: string,
  call: Call,
  simulation: Simulation,
): { prompt: ReturnType<typeof joinPrompts>; input: ResponseInput } {
  const input = readResponseInput(body['input'], model, call, simulation);
  return {
    input,
    prompt: joinPrompts([
      readSetting(body, simulation),
      readHistory(body, model, call, simulation),
      input.prompt,
    ]),
  };
}
