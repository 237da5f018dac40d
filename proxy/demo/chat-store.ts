import type { ChatPlan } from './chat-plan.ts';
import { isObject, type Json } from './request-fields.ts';
import type { Simulation } from './simulation.ts';

/** A completion that was asked for with `store: true`. */
export interface StoredChat {
  readonly id: string;
  /** As answered, the usage included; what it cost was billed then. */
  readonly completion: Json;
  readonly messages: readonly Json[];
  metadata: Json;
}

export function storeChat(plan: ChatPlan, completion: Json, simulation: Simulation): void {
  const { body, metadata } = plan.request;
  const sent = Array.isArray(body['messages']) ? body['messages'].filter(isObject) : [];
  simulation.chats.add({
    id: plan.id,
    completion: {
      ...completion,
      tools: body['tools'] ?? null,
      tool_choice: body['tool_choice'] ?? null,
      response_format: body['response_format'] ?? null,
      temperature: body['temperature'] ?? 1,
      top_p: body['top_p'] ?? 1,
      seed: body['seed'] ?? null,
      input_user: body['user'] ?? null,
    },
    messages: sent.map((message, index) => ({
      id: `${plan.id}-${index}`,
      name: null,
      ...message,
      content: typeof message['content'] === 'string' ? message['content'] : null,
      content_parts: Array.isArray(message['content']) ? message['content'] : null,
    })),
    metadata,
  });
}

export function chatObject({ completion, metadata }: StoredChat): Json {
  return { ...completion, metadata };
}
