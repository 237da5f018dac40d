import { type ChatPrompt, readChatPrompt } from './chat-prompt.ts';
import type { FunctionTool, ToolChoice } from './function-calls.ts';
import { readMetadata } from './metadata.ts';
import type { Model, Tier } from './model-catalog.ts';
import { invalidRequest } from './openai-error.ts';
import { promptTokens } from './prompt.ts';
import { readReasoningEffort } from './reasoning-effort.ts';
import {
  isObject,
  type Json,
  optionalArray,
  optionalBoolean,
  optionalInteger,
  optionalNumber,
  optionalObject,
  optionalString,
  wrongType,
  wrongValue,
} from './request-fields.ts';
import { serviceTier } from './service-tiers.ts';
import { type Call, findModel, type Simulation } from './simulation.ts';

export interface ChatRequest extends ChatPrompt {
  readonly body: Json;
  readonly model: Model;
  readonly tier: Tier;
  readonly stream: boolean;
  readonly includeUsage: boolean;
  readonly obfuscates: boolean;
  readonly choices: number;
  readonly maxTokens: number;
  readonly tools: readonly FunctionTool[];
  readonly toolChoice: ToolChoice;
  /** `text`, `json_object`, or the schema the answer must fit. */
  readonly format: 'text' | 'json_object' | { readonly schema: unknown };
  readonly logprobs: boolean;
  readonly topLogprobs: number;
  readonly stop: readonly string[];
  readonly effort: string | null;
  /** Answers with speech besides the transcript. */
  readonly speaks: boolean;
  readonly cacheLifetime: '30m' | '12h';
  readonly store: boolean;
  readonly metadata: Json;
}

export function readChatRequest(body: Json, call: Call, simulation: Simulation): ChatRequest {
  const name = optionalString(body, 'model');
  if (!name) throw invalidRequest('you must provide a model parameter');
  const model = findModel(simulation, call, name, ['chat']);
  const { rates } = model.row;
  const prompt = readChatPrompt(body, model.row.model, rates.audioInput !== undefined, simulation);
  checkContext(model, promptTokens(prompt.prompt));
  const stream = optionalBoolean(body, 'stream');
  const options = optionalObject(body, 'stream_options');
  if (options && !stream) {
    throw invalidRequest(
      "The 'stream_options' parameter is only allowed when 'stream' is enabled.",
      'stream_options',
    );
  }
  optionalNumber(body, 'temperature', 0, 2);
  optionalNumber(body, 'top_p', 0, 1);
  const logprobs = optionalBoolean(body, 'logprobs');
  const store = optionalBoolean(body, 'store');
  return {
    ...prompt,
    body,
    model,
    tier: serviceTier(body, model, call, simulation),
    stream,
    includeUsage: options !== null && optionalBoolean(options, 'include_usage'),
    obfuscates: options?.['include_obfuscation'] !== false,
    choices: optionalInteger(body, 'n', 1, 128) ?? 1,
    maxTokens: readMaximum(body, model),
    tools: readTools(body),
    toolChoice: readToolChoice(body),
    format: readFormat(body),
    logprobs,
    topLogprobs: logprobs ? (optionalInteger(body, 'top_logprobs', 0, 20) ?? 0) : 0,
    stop: readStop(body),
    effort: readReasoningEffort(body['reasoning_effort'], 'reasoning_effort'),
    speaks: readSpeaks(body, model),
    cacheLifetime: '30m',
    store,
    // What is not kept is not looked at either.
    metadata: store ? readMetadata(body) : {},
  };
}

export function checkContext(model: Model, tokens: number): void {
  const { contextTokens } = model.row;
  if (tokens <= contextTokens) return;
  throw invalidRequest(
    `This model's maximum context length is ${contextTokens} tokens. However, your messages resulted in ${tokens} tokens. Please reduce the length of the messages.`,
    'messages',
    'context_length_exceeded',
  );
}

function readMaximum(body: Json, model: Model): number {
  const old = optionalInteger(body, 'max_tokens', 1, Number.MAX_SAFE_INTEGER);
  const current = optionalInteger(body, 'max_completion_tokens', 1, Number.MAX_SAFE_INTEGER);
  if (old !== null && current !== null) {
    throw invalidRequest(
      "Setting 'max_tokens' and 'max_completion_tokens' at the same time is not supported.",
      'max_tokens',
      'invalid_parameter_combination',
    );
  }
  if (old !== null && model.reasons) {
    throw invalidRequest(
      "Unsupported parameter: 'max_tokens' is not supported with this model. Use 'max_completion_tokens' instead.",
      'max_tokens',
      'unsupported_parameter',
    );
  }
  const param = old === null ? 'max_completion_tokens' : 'max_tokens';
  const maximum = old ?? current;
  const most = model.row.maxOutputTokens;
  if (maximum !== null && maximum > most) {
    throw invalidRequest(
      `${param} is too large: ${maximum}. This model supports at most ${most} completion tokens, whereas you provided ${maximum}.`,
      param,
      'invalid_value',
    );
  }
  return maximum ?? most;
}

function readTools(body: Json): FunctionTool[] {
  return optionalArray(body, 'tools').flatMap((tool, index) => {
    if (!isObject(tool)) wrongType(`tools[${index}]`, 'an object', tool);
    if (tool['type'] === 'custom') return [];
    const definition = optionalObject(tool, 'function');
    if (tool['type'] !== 'function' || !definition) {
      wrongValue(`tools[${index}].type`, tool['type'], ['function', 'custom']);
    }
    const name = optionalString(definition, 'name');
    if (name === null || !/^[\w-]{1,64}$/.test(name)) {
      throw invalidRequest(
        `Invalid 'tools[${index}].function.name': string does not match pattern. Expected a string that matches the pattern '^[a-zA-Z0-9_-]+$'.`,
        `tools[${index}].function.name`,
        'invalid_value',
      );
    }
    return [{ name, parameters: definition['parameters'] }];
  });
}

function readToolChoice(body: Json): ToolChoice {
  const choice = body['tool_choice'] ?? 'auto';
  if (choice === 'auto' || choice === 'none' || choice === 'required') return { kind: choice };
  if (isObject(choice) && isObject(choice['allowed_tools'])) {
    return { kind: choice['allowed_tools']['mode'] === 'required' ? 'required' : 'auto' };
  }
  if (isObject(choice) && isObject(choice['function'])) {
    return { kind: 'named', name: String(choice['function']['name'] ?? '') };
  }
  return wrongValue('tool_choice', choice, ['none', 'auto', 'required']);
}

function readFormat(body: Json): ChatRequest['format'] {
  const format = optionalObject(body, 'response_format');
  const type = format?.['type'] ?? 'text';
  if (type === 'text' || type === 'json_object') return type;
  if (type === 'json_schema' && isObject(format?.['json_schema'])) {
    return { schema: format['json_schema']['schema'] };
  }
  return wrongValue('response_format.type', type, ['json_object', 'json_schema', 'text']);
}

function readStop(body: Json): string[] {
  const stop = body['stop'] ?? [];
  const list = Array.isArray(stop) ? stop : [stop];
  return list.map((each) => (typeof each === 'string' ? each : wrongType('stop', 'a string', each)));
}

function readSpeaks(body: Json, model: Model): boolean {
  if (!optionalArray(body, 'modalities').includes('audio')) return false;
  if (model.row.rates.audioOutput !== undefined) return true;
  throw invalidRequest('This model does not support audio output.', 'modalities', 'unsupported_value');
}
