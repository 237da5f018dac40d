import { chatSteps } from './chat-events.ts';
import { chatCompletion } from './chat-message.ts';
import { chatCharge, planChat } from './chat-plan.ts';
import { readChatRequest } from './chat-request.ts';
import { storeChat } from './chat-store.ts';
import { dataFrame, type Generation, jsonAnswer } from './generation.ts';
import { parseJsonBody } from './request-fields.ts';
import type { Route } from './simulation.ts';

/** POST /v1/chat/completions */
export const createChatCompletion: Route = (call, simulation) => {
  const request = readChatRequest(parseJsonBody(call.body), call, simulation);
  const plan = planChat(request, simulation);
  const charge = chatCharge(plan, plan.totalOutputTokens);
  const onCompleted = (): void => {
    if (request.store) storeChat(plan, chatCompletion(plan, charge.usage), simulation);
  };
  if (!request.stream) {
    onCompleted();
    return jsonAnswer(chatCompletion(plan, charge.usage), charge);
  }
  return {
    kind: 'streamed',
    generation: {
      totalOutputTokens: plan.totalOutputTokens,
      charge: (outputTokens) => chatCharge(plan, outputTokens),
      steps: () => chatSteps(plan, charge.usage, simulation.tokenizer),
      errorFrame: chatErrorFrame,
      onCompleted,
    },
  };
};

export const chatErrorFrame: Generation['errorFrame'] = (message, usage) =>
  dataFrame({
    error: { message, type: 'server_error', param: null, code: null },
    ...(usage === null ? {} : { usage }),
  });
