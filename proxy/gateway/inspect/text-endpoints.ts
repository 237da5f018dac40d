import type { Framing } from '../framing.ts';
import { JsonArray, type JsonDocument, JsonObject, type JsonValue } from '../strict-json.ts';
import { findMedia, type Media, refersToStoredItems } from './content-parts.ts';
import {
  endUser,
  failField,
  failUnsupported,
  flag,
  isGiven,
  isText,
  optionalArray,
  optionalCount,
  optionalObject,
  optionalText,
  requiredModel,
} from './fields.ts';
import { type Countable, NO_TOOLS, PLAIN_FACTS, PLAIN_WORST, type RequestFacts } from './request-facts.ts';

const MAX_CHOICES = 128;
const PLAIN_TEXT: Countable = { mediaSpans: [], mediaTokens: 0 };

function countableText({ spans, imageTokens, audioTokens }: Media): Countable {
  return { mediaSpans: spans, mediaTokens: imageTokens + audioTokens };
}

/** `POST /chat/completions`. */
export function inspectChat(document: JsonDocument, bodyBytes: number): RequestFacts {
  const { root } = document;
  const model = requiredModel(root);
  const streamed = flag(root, 'stream');
  const limits = [
    optionalCount(root, 'max_completion_tokens', 0),
    optionalCount(root, 'max_tokens', 0),
  ].filter((limit) => limit !== null);
  refuseHostedTools(root);
  const media = findMedia(model, root.get('messages'));
  const modalities = optionalArray(root, 'modalities');
  return {
    ...PLAIN_FACTS,
    model,
    streamed,
    user: endUser(root),
    document,
    countable: media.hidden ? null : countableText(media),
    inputIsHidden: media.hidden,
    isOnePrompt: true,
    clientMaxOutput: limits.length > 0 ? Math.max(...limits) : null,
    // The older name where the client uses it: some models know only one of the two.
    maxOutputField:
      isGiven(root, 'max_tokens') && !isGiven(root, 'max_completion_tokens')
        ? 'max_tokens'
        : 'max_completion_tokens',
    mustAskForUsage: streamed && !asksForUsage(root),
    worst: {
      ...PLAIN_WORST,
      inputTokens: bodyBytes - media.inlineBytes + media.imageTokens + media.audioTokens,
      hasAudioInput: media.hidden || media.audioTokens > 0,
      hasImageInput: media.hidden || media.imageTokens > 0,
      output: modalities.includes('audio') ? 'audio' : 'text',
      choices: optionalCount(root, 'n', 1, MAX_CHOICES) ?? 1,
      requestedTier: optionalText(root, 'service_tier', 64),
      tools: searches(root, model) ? { ...NO_TOOLS, webSearchCalls: 1 } : NO_TOOLS,
    },
  };
}

/** The search models of the chat API search once a request, whether they are given options or not. */
function searches(root: JsonObject, model: string): boolean {
  return optionalObject(root, 'web_search_options') !== null || /-search-(preview|api)/.test(model);
}

/** `POST /completions`, the legacy endpoint. */
export function inspectCompletions(document: JsonDocument, bodyBytes: number): RequestFacts {
  const { root } = document;
  const model = requiredModel(root);
  const streamed = flag(root, 'stream');
  const answers = Math.max(
    optionalCount(root, 'n', 1, MAX_CHOICES) ?? 1,
    optionalCount(root, 'best_of', 1, MAX_CHOICES) ?? 1,
  );
  return {
    ...PLAIN_FACTS,
    model,
    streamed,
    user: endUser(root),
    document,
    countable: PLAIN_TEXT,
    // Without a maximum this endpoint stops at 16 tokens; see OpenAI's reference of `max_tokens`.
    clientMaxOutput: optionalCount(root, 'max_tokens', 0) ?? 16,
    maxOutputField: 'max_tokens',
    mustAskForUsage: streamed && !asksForUsage(root),
    worst: { ...PLAIN_WORST, inputTokens: bodyBytes, choices: answers * prompts(root) },
  };
}

/** An array of texts or of token arrays is one prompt each; an array of numbers is one. */
function prompts(root: JsonObject): number {
  const prompt = root.get('prompt');
  if (!(prompt instanceof JsonArray)) return 1;
  const many = prompt.items.some((item) => isText(item) || item instanceof JsonArray);
  return many ? prompt.items.length : 1;
}

/** `POST /responses`. */
export function inspectResponses(document: JsonDocument, bodyBytes: number): RequestFacts {
  const { root } = document;
  const prompt = optionalObject(root, 'prompt');
  const model = prompt && root.get('model') === undefined ? '' : requiredModel(root);
  if (flag(root, 'background')) failUnsupported('background responses are billed after the answer');
  refuseHostedTools(root);
  const input = root.get('input');
  if (input instanceof JsonArray) for (const item of input.items) refuseHostedToolsOf(item);
  const media = findMedia(model, input);
  const isHidden =
    media.hidden ||
    refersToStoredItems(input) ||
    ['previous_response_id', 'conversation', 'prompt'].some((key) => isGiven(root, key));
  return {
    ...PLAIN_FACTS,
    model,
    streamed: flag(root, 'stream'),
    user: endUser(root),
    document,
    countable: isHidden ? null : countableText(media),
    inputIsHidden: isHidden,
    isOnePrompt: true,
    clientMaxOutput: optionalCount(root, 'max_output_tokens', 0),
    maxOutputField: 'max_output_tokens',
    worst: {
      ...PLAIN_WORST,
      inputTokens: bodyBytes - media.inlineBytes + media.imageTokens + media.audioTokens,
      hasAudioInput: isHidden || media.audioTokens > 0,
      hasImageInput: isHidden || media.imageTokens > 0,
      requestedTier: optionalText(root, 'service_tier', 64),
    },
  };
}

/** Tools that run on the client's side cost nothing of their own. */
const LOCAL_TOOLS = new Set(['function', 'custom', 'namespace', 'local_shell', 'apply_patch']);

/** Goes by the `tools` of a request, of an item of its input, or of a namespace of tools. */
function refuseHostedTools(owner: JsonValue): void {
  if (!(owner instanceof JsonObject)) return;
  for (const tool of optionalArray(owner, 'tools')) {
    const type = tool instanceof JsonObject ? tool.get('type') : undefined;
    if (typeof type !== 'string') failField('tools', 'every tool needs a type');
    else if (!LOCAL_TOOLS.has(type))
      failUnsupported(`the hosted tool "${type.slice(0, 40)}" has fees of its own`);
    refuseHostedTools(tool);
  }
}

/** Items bring tools in, too; but a list of what an MCP server offers is only a record of it. */
function refuseHostedToolsOf(item: JsonValue): void {
  if (item instanceof JsonObject && item.get('type') !== 'mcp_list_tools') refuseHostedTools(item);
}

function asksForUsage(root: JsonObject): boolean {
  const options = optionalObject(root, 'stream_options');
  return options !== null && flag(options, 'include_usage');
}

/** `POST /embeddings`. */
export function inspectEmbeddings(document: JsonDocument, bodyBytes: number): RequestFacts {
  const { root } = document;
  return {
    ...PLAIN_FACTS,
    model: requiredModel(root),
    user: endUser(root),
    document,
    countable: PLAIN_TEXT,
    worst: { ...PLAIN_WORST, inputTokens: bodyBytes },
    outputCeiling: 0,
  };
}

/** Endpoints that cost nothing: the model is recorded when there is one. */
export function inspectFree(document: JsonDocument | null): RequestFacts {
  const model = document?.root.get('model');
  return {
    ...PLAIN_FACTS,
    document,
    model: typeof model === 'string' && model.length <= 256 ? model : '',
    outputCeiling: 0,
  };
}

/** Whether a media type is JSON as this proxy takes it. */
export function isJson(framing: Framing): boolean {
  return framing.mediaType === 'application/json';
}
