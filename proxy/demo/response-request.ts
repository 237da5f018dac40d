import { checkContext } from './chat-request.ts';
import type { Conversation } from './conversation-store.ts';
import { findConversation } from './conversations.ts';
import type { FunctionTool, ToolChoice } from './function-calls.ts';
import { checkHostedTools } from './hosted-checks.ts';
import { countItems } from './item-tokens.ts';
import type { Model, Tier } from './model-catalog.ts';
import { invalidRequest } from './openai-error.ts';
import {
  createPromptBuilder,
  EMPTY_PROMPT,
  FUNCTION_FRAMING_TOKENS,
  joinPrompts,
  MESSAGE_FRAMING_TOKENS,
  type Prompt,
  promptTokens,
  REPLY_FRAMING_TOKENS,
} from './prompt.ts';
import { readReasoningEffort } from './reasoning-effort.ts';
import {
  isObject,
  type Json,
  missing,
  optionalBoolean,
  optionalChoice,
  optionalInteger,
  optionalNumber,
  optionalObject,
  optionalString,
} from './request-fields.ts';
import { type ResponseInput, readResponseInput } from './response-input.ts';
import { serviceTier } from './service-tiers.ts';
import { type Call, findModel, type Simulation } from './simulation.ts';
import { findResponse } from './stored-items.ts';

export interface ResponseRequest {
  readonly body: Json;
  readonly model: Model;
  readonly tier: Tier;
  readonly input: ResponseInput;
  /** Instructions, tools, earlier turns and this input. */
  readonly prompt: Prompt;
  /** Earlier turns and this input: what a response that continues this one starts from. */
  readonly history: Prompt;
  /** Where this turn is added once it has ended. */
  readonly conversation: Conversation | null;
  readonly stream: boolean;
  readonly obfuscates: boolean;
  readonly background: boolean;
  readonly store: boolean;
  /** Without, the input is read and paid for, and nothing is said: to fill the prompt cache. */
  readonly generates: boolean;
  readonly maxTokens: number;
  readonly tools: readonly FunctionTool[];
  readonly toolChoice: ToolChoice;
  readonly format: 'text' | 'json_object' | { readonly schema: unknown };
  readonly effort: string | null;
  readonly cacheLifetime: '30m' | '12h';
}

/** OpenAI refuses smaller maxima on this endpoint. */
const MIN_OUTPUT_TOKENS = 16;

/** `generates` is what a socket's frame may say besides the body. */
export function readResponseRequest(
  body: Json,
  call: Call,
  simulation: Simulation,
  generates: boolean,
): ResponseRequest {
  if (body['prompt'] !== undefined && body['prompt'] !== null) {
    throw invalidRequest('Prompt not found.', 'prompt', 'prompt_not_found', 404);
  }
  const model = findModel(simulation, call, optionalString(body, 'model') ?? missing('model'), ['chat']);
  const conversation = readConversation(body, simulation);
  const before = readHistory(body, model.row.model, call, simulation);
  if (body['input'] === undefined && before === EMPTY_PROMPT) missing('input');
  const input = readResponseInput(body['input'], model.row.model, call, simulation);
  const prompt = joinPrompts([readSetting(body, simulation), before, input.prompt]);
  checkContext(model, promptTokens(prompt));
  optionalNumber(body, 'temperature', 0, 2);
  optionalInteger(body, 'max_tool_calls', 1, Number.MAX_SAFE_INTEGER);
  checkHostedTools(body, simulation);
  const background = optionalBoolean(body, 'background');
  const store = body['store'] !== false;
  if (background && !store) {
    throw invalidRequest(
      "Background mode requires 'store' to be true.",
      'background',
      'invalid_parameter_combination',
    );
  }
  const options = optionalObject(body, 'stream_options');
  const most = model.row.maxOutputTokens;
  return {
    body,
    model,
    tier: serviceTier(body, model, call, simulation),
    input,
    prompt,
    history: joinPrompts([before, input.prompt]),
    conversation,
    stream: optionalBoolean(body, 'stream'),
    obfuscates: options?.['include_obfuscation'] !== false,
    background,
    store,
    generates: generates && optionalObject(body, 'prompt_cache_options')?.['prewarm'] !== true,
    maxTokens: optionalInteger(body, 'max_output_tokens', MIN_OUTPUT_TOKENS, most) ?? most,
    tools: readTools(body),
    toolChoice: readToolChoice(body),
    format: readFormat(body),
    effort: readReasoningEffort(optionalObject(body, 'reasoning')?.['effort'], 'reasoning.effort'),
    cacheLifetime: readCacheLifetime(body),
  };
}

/** What was said before; empty where a request starts anew. */
export function readHistory(body: Json, model: string, call: Call, simulation: Simulation): Prompt {
  const conversation = readConversation(body, simulation);
  if (conversation) return countItems(conversation.items, 'conversation', model, simulation).prompt;
  const previous = optionalString(body, 'previous_response_id');
  if (previous === null) return EMPTY_PROMPT;
  const stored = findResponse(previous, call, simulation);
  if (stored) return stored.history;
  throw invalidRequest(
    `Previous response with id '${previous}' not found.`,
    'previous_response_id',
    'previous_response_not_found',
  );
}

function readConversation(body: Json, simulation: Simulation): Conversation | null {
  const given = body['conversation'] ?? null;
  if (given === null) return null;
  if ((body['previous_response_id'] ?? null) !== null) {
    throw invalidRequest(
      "Mutually exclusive parameters: 'previous_response_id' and 'conversation'. Ensure you are only providing one of them.",
      'previous_response_id',
      'mutually_exclusive_parameters',
    );
  }
  return findConversation(String(isObject(given) ? given['id'] : given), simulation, 'conversation');
}

/** Instructions, tools and the wished-for format: sent anew with each turn. */
export function readSetting(body: Json, simulation: Simulation): Prompt {
  const builder = createPromptBuilder(simulation.tokenizer);
  builder.framing(REPLY_FRAMING_TOKENS);
  const instructions = optionalString(body, 'instructions');
  if (instructions !== null) {
    builder.framing(MESSAGE_FRAMING_TOKENS);
    builder.text(instructions);
  }
  for (const tool of Array.isArray(body['tools']) ? body['tools'] : []) {
    builder.framing(FUNCTION_FRAMING_TOKENS);
    builder.text(JSON.stringify(tool));
  }
  const format = readFormat(body);
  if (typeof format === 'object') builder.text(JSON.stringify(format.schema ?? {}));
  return builder.build();
}

function readTools(body: Json): FunctionTool[] {
  const tools = Array.isArray(body['tools']) ? body['tools'].filter(isObject) : [];
  return tools
    .filter((tool) => tool['type'] === 'function')
    .map((tool) => ({
      name: optionalString(tool, 'name') ?? missing('tools[0].name'),
      parameters: tool['parameters'],
    }));
}

function readToolChoice(body: Json): ToolChoice {
  const choice = body['tool_choice'] ?? 'auto';
  if (isObject(choice)) {
    return choice['type'] === 'function' ? { kind: 'named', name: String(choice['name']) } : { kind: 'auto' };
  }
  return { kind: optionalChoice(body, 'tool_choice', ['none', 'auto', 'required']) ?? 'auto' };
}

function readFormat(body: Json): ResponseRequest['format'] {
  const format = optionalObject(optionalObject(body, 'text') ?? {}, 'format');
  if (format?.['type'] === 'json_object') return 'json_object';
  return format?.['type'] === 'json_schema' ? { schema: format['schema'] } : 'text';
}

function readCacheLifetime(body: Json): '30m' | '12h' {
  const options = optionalObject(body, 'prompt_cache_options');
  return options ? (optionalChoice(options, 'ttl', ['30m', '12h']) ?? '30m') : '30m';
}
