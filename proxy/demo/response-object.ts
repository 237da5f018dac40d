import type { PlannedOutput } from './planned-output.ts';
import { textOf } from './prose.ts';
import type { Json } from './request-fields.ts';
import type { ResponsePlan } from './response-plan.ts';
import type { ResponseStatus } from './response-store.ts';

/** The `response` object at one moment: without output and usage until it has ended. */
export function responseObject(
  plan: ResponsePlan,
  status: ResponseStatus,
  usage: unknown,
  completedAt: number | null,
): Json {
  const { request } = plan;
  const { body, model, tier } = request;
  const hasEnded = status === 'completed' || status === 'incomplete';
  return {
    id: plan.id,
    object: 'response',
    created_at: plan.createdAt,
    status,
    background: request.background,
    completed_at: completedAt,
    error: null,
    incomplete_details: status === 'incomplete' ? { reason: 'max_output_tokens' } : null,
    instructions: body['instructions'] ?? null,
    max_output_tokens: body['max_output_tokens'] ?? null,
    max_tool_calls: body['max_tool_calls'] ?? null,
    model: model.answersAs,
    output: hasEnded ? outputItems(plan) : [],
    parallel_tool_calls: body['parallel_tool_calls'] ?? true,
    ...(request.conversation ? { conversation: { id: request.conversation.id } } : {}),
    previous_response_id: body['previous_response_id'] ?? null,
    prompt_cache_key: body['prompt_cache_key'] ?? null,
    reasoning: body['reasoning'] ?? { effort: null, summary: null },
    safety_identifier: body['safety_identifier'] ?? null,
    // Until it has ended, OpenAI repeats the wish; only then it names the tier that was used.
    service_tier: hasEnded ? tier.name : (body['service_tier'] ?? 'auto'),
    store: request.store,
    temperature: body['temperature'] ?? 1,
    text: body['text'] ?? { format: { type: 'text' }, verbosity: 'medium' },
    tool_choice: body['tool_choice'] ?? 'auto',
    tools: body['tools'] ?? [],
    top_logprobs: 0,
    top_p: body['top_p'] ?? 1,
    truncation: body['truncation'] ?? 'disabled',
    ...(hasEnded && plan.hosted.toolUsage !== null ? { tool_usage: plan.hosted.toolUsage } : {}),
    usage: hasEnded ? usage : null,
    user: body['user'] ?? null,
    metadata: body['metadata'] ?? {},
  };
}

/** The status a plan ends with when nothing interrupts it. */
export function finalStatus(plan: ResponsePlan): 'completed' | 'incomplete' {
  return plan.output.truncated ? 'incomplete' : 'completed';
}

export function outputItems(plan: ResponsePlan): Json[] {
  const items: Json[] = plan.hosted.calls.map((each) => each.item);
  if (plan.output.reasoningTokens > 0) items.push(reasoningItem(plan));
  if (plan.output.calls.length > 0) {
    for (const index of plan.output.calls.keys()) items.push(callItem(plan, index, itemStatus(plan.output)));
  } else if (hasMessage(plan)) {
    items.push(messageItem(plan, itemStatus(plan.output)));
  }
  return items;
}

/** Thinking that uses up the whole maximum leaves no message at all. */
export function hasMessage(plan: ResponsePlan): boolean {
  if (!plan.request.generates) return false;
  return plan.output.calls.length === 0 && (plan.output.text.length > 0 || !plan.output.truncated);
}

export function reasoningItem(plan: ResponsePlan): Json {
  const { body } = plan.request;
  const isSealed = Array.isArray(body['include']) && body['include'].includes('reasoning.encrypted_content');
  return {
    id: plan.reasoningId,
    type: 'reasoning',
    summary: [],
    ...(isSealed ? { encrypted_content: Buffer.from(plan.reasoningId.repeat(8)).toString('base64') } : {}),
  };
}

export function messageItem(plan: ResponsePlan, status: string): Json {
  const isOpen = status === 'in_progress';
  return {
    id: plan.messageId,
    type: 'message',
    status,
    role: 'assistant',
    content: isOpen ? [] : [textPart(textOf(plan.output.text))],
  };
}

export function callItem(plan: ResponsePlan, index: number, status: string): Json {
  const call = plan.output.calls[index];
  const ids = plan.calls[index];
  const isOpen = status === 'in_progress';
  return {
    id: ids?.id,
    type: 'function_call',
    status,
    call_id: ids?.callId,
    name: call?.name,
    arguments: isOpen ? '' : textOf(call?.argumentPieces ?? []),
  };
}

export function textPart(text: string): Json {
  return { type: 'output_text', annotations: [], logprobs: [], text };
}

export function itemStatus(output: PlannedOutput): string {
  return output.truncated ? 'incomplete' : 'completed';
}
