import { type Answer, type Generation, jsonAnswer, namedFrame } from './generation.ts';
import { callTokens } from './planned-output.ts';
import {
  createPromptBuilder,
  EMPTY_PROMPT,
  joinPrompts,
  MESSAGE_FRAMING_TOKENS,
  type Prompt,
} from './prompt.ts';
import { textOf } from './prose.ts';
import { type Json, parseJsonBody } from './request-fields.ts';
import { responseSteps } from './response-events.ts';
import { finalStatus, outputItems, responseObject } from './response-object.ts';
import { planResponse, type ResponsePlan, responseCharge } from './response-plan.ts';
import { readResponseRequest } from './response-request.ts';
import type { StoredResponse } from './response-store.ts';
import { type Call, type Route, type Simulation, seconds } from './simulation.ts';

/** POST /v1/responses */
export const createResponse: Route = (call, simulation): Answer => {
  const { stored, plan } = openResponse(parseJsonBody(call.body), call, simulation, true);
  const { request } = plan;
  if (request.background) {
    simulation.responses.add(stored);
    return { kind: 'background', stored, body: JSON.stringify(stored.read()), isStreamed: request.stream };
  }
  if (request.stream) return { kind: 'streamed', generation: stored.generation };
  stored.generation.onCompleted?.();
  return jsonAnswer(stored.read(), stored.generation.charge(plan.output.tokens));
};

/** A response that was asked for, and is still to be generated. Throws OpenAiError. */
export function openResponse(
  body: Json,
  call: Call,
  simulation: Simulation,
  generates: boolean,
): { stored: StoredResponse; plan: ResponsePlan; isStored: boolean } {
  const request = readResponseRequest(body, call, simulation, generates);
  const plan = planResponse(request, simulation);
  return { stored: storedResponse(plan, simulation), plan, isStored: request.store };
}

function storedResponse(plan: ResponsePlan, simulation: Simulation): StoredResponse {
  const { request, output } = plan;
  const full = responseCharge(plan, output.tokens);
  let completedAt: number | null = null;
  const generation: Generation = {
    totalOutputTokens: output.tokens,
    charge: (outputTokens) => (outputTokens === output.tokens ? full : responseCharge(plan, outputTokens)),
    steps: () =>
      responseSteps(plan, full.usage, () => completedAt ?? seconds(simulation.now()), simulation.tokenizer),
    errorFrame: (message, usage) =>
      namedFrame('error', {
        type: 'error',
        code: 'server_error',
        message,
        param: null,
        sequence_number: 0,
        ...(usage === null ? {} : { usage }),
      }),
    onCompleted: () => {
      completedAt = seconds(simulation.now());
      stored.status = finalStatus(plan);
      // A background response is stored from its start; any other once it was answered.
      if (request.store && !request.background) simulation.responses.add(stored);
      if (request.conversation)
        simulation.conversations.append(request.conversation.id, [
          ...request.input.items,
          ...outputItems(plan),
        ]);
    },
  };
  const stored: StoredResponse = {
    id: plan.id,
    inputItems: request.input.items,
    outputItems: () => (completedAt === null ? [] : outputItems(plan)),
    history: joinPrompts([request.history, saidPrompt(plan, simulation)]),
    generation,
    run: null,
    status: request.background ? 'queued' : 'in_progress',
    read: () => responseObject(plan, stored.status, full.usage, completedAt),
  };
  return stored;
}

/** The answer as input of the next turn; its thinking is dropped. */
function saidPrompt(plan: ResponsePlan, simulation: Simulation): Prompt {
  if (!plan.request.generates) return EMPTY_PROMPT;
  const builder = createPromptBuilder(simulation.tokenizer);
  builder.framing(MESSAGE_FRAMING_TOKENS);
  builder.text(textOf(plan.output.text));
  for (const call of plan.output.calls) {
    builder.framing(callTokens(call.name, 0, simulation.tokenizer));
    builder.text(textOf(call.argumentPieces));
  }
  return builder.build();
}
