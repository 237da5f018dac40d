import { NO_TOOL_CALLS } from '../../pricing/usage.ts';
import { JsonArray, type JsonDocument, JsonObject } from '../strict-json.ts';
import { findMedia, type Media } from './content-parts.ts';
import {
  endUser,
  flag,
  isGiven,
  isText,
  optionalArray,
  optionalCount,
  optionalObject,
  optionalText,
  requiredModel,
} from './fields.ts';
import { inspectTools, refusedTools } from './hosted-tools.ts';
import { objectReferences, refersToStored } from './object-references.ts';
import { type Countable, PLAIN_FACTS, PLAIN_WORST, type RequestFacts } from './request-facts.ts';

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
    references: objectReferences(root),
    unbounded: refusedTools(root),
    keepsAnswer: flag(root, 'store'),
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
      tools: searches(root, model) ? { ...NO_TOOL_CALLS, webSearchCalls: 1 } : NO_TOOL_CALLS,
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

/** `POST /responses`, and a frame that creates one. */
export function inspectResponses(document: JsonDocument, bodyBytes: number): RequestFacts {
  const { root } = document;
  const prompt = optionalObject(root, 'prompt');
  const model = prompt && root.get('model') === undefined ? '' : requiredModel(root);
  const { hosted, unbounded } = inspectTools(root);
  const isBackground = flag(root, 'background');
  return {
    ...contextFacts(root, model, bodyBytes),
    streamed: flag(root, 'stream'),
    document,
    hosted,
    unbounded,
    isBackground,
    // What runs in the background can be asked for in any case, for a while.
    keepsAnswer: isBackground || root.get('store') !== false,
    clientMaxOutput: optionalCount(root, 'max_output_tokens', 0),
    maxOutputField: 'max_output_tokens',
  };
}

/** `POST /responses/compact`: the model reads all there is and writes a summary of it. */
export function inspectCompact(document: JsonDocument, bodyBytes: number): RequestFacts {
  const { root } = document;
  return { ...contextFacts(root, requiredModel(root), bodyBytes), document };
}

/** `POST /decisions`: a response without tools, whose price OpenAI does not publish. */
export function inspectDecisions(document: JsonDocument, bodyBytes: number): RequestFacts {
  const { root } = document;
  return {
    ...contextFacts(root, requiredModel(root), bodyBytes),
    document,
    unbounded: refusedTools(root),
    unpriced: 'OpenAI publishes no price for /v1/decisions',
  };
}

/** What the input of a response is made of: its body, and what OpenAI has of an earlier one. */
function contextFacts(root: JsonObject, model: string, bodyBytes: number): RequestFacts {
  const input = root.get('input');
  const media = findMedia(model, input);
  const holdsItems = input instanceof JsonArray && input.items.some(refersToStored);
  const conversation = conversationOf(root);
  const previous = optionalText(root, 'previous_response_id', 256);
  const inputIsHidden = media.hidden || holdsItems || isGiven(root, 'prompt');
  const continues = conversation ?? previous;
  const isMixed = inputIsHidden || continues !== null;
  return {
    ...PLAIN_FACTS,
    model,
    user: endUser(root),
    countable: inputIsHidden ? null : countableText(media),
    inputIsHidden,
    continues,
    addsTo: conversation,
    references: objectReferences(root),
    isOnePrompt: true,
    worst: {
      ...PLAIN_WORST,
      inputTokens: bodyBytes - media.inlineBytes + media.imageTokens + media.audioTokens,
      hasAudioInput: isMixed || media.audioTokens > 0,
      hasImageInput: isMixed || media.imageTokens > 0,
      requestedTier: optionalText(root, 'service_tier', 64),
    },
  };
}

function conversationOf(root: JsonObject): string | null {
  const conversation = root.get('conversation');
  return conversation instanceof JsonObject
    ? optionalText(conversation, 'id', 256)
    : optionalText(root, 'conversation', 256);
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
    references: document ? objectReferences(document.root) : [],
    model: typeof model === 'string' && model.length <= 256 ? model : '',
    outputCeiling: 0,
  };
}
