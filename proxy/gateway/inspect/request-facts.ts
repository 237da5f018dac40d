import type { WorstCase } from '../../pricing/bound.ts';
import { NO_IMAGES, type Usage } from '../../pricing/usage.ts';
import type { JsonDocument } from '../strict-json.ts';

/** What the proxy must know of a request before it may pass: its price, its bound, its shape. */
export interface RequestFacts {
  /** As the request names it; empty when it names none (a stored prompt decides at OpenAI). */
  readonly model: string;
  readonly streamed: boolean;
  /** The end user inside the app, by `safety_identifier` or `user`. */
  readonly user: string | null;
  /** Everything but the output tokens. `inputTokens` is the cheap bound, not yet cut to the context. */
  readonly worst: WorstCase;
  /** How the input can be counted exactly; null where it is no text, or OpenAI holds part of it. */
  readonly countable: Countable | null;
  /** Whether the input may be anything up to the model's context, because OpenAI holds part of it. */
  readonly inputIsHidden: boolean;
  /** Whether all input goes into one context window, which then bounds it. */
  readonly isOnePrompt: boolean;
  /** The client's own maximum of output tokens for one answer, or null. */
  readonly clientMaxOutput: number | null;
  /** The member that carries such a maximum, or null where the endpoint has none. */
  readonly maxOutputField: string | null;
  /** Most output tokens of one answer where the endpoint knows better than the model's row. */
  readonly outputCeiling: number | null;
  /** The parsed JSON body; null for multipart. */
  readonly document: JsonDocument | null;
  /** Chat streams report usage only when asked; true when the client did not ask. */
  readonly mustAskForUsage: boolean;
  /** What to charge when the answer has no usage of its own: characters, seconds, images. */
  readonly byRule: Readonly<Usage> | null;
  /** Whether `byRule` is what OpenAI bills, or an estimate of it. */
  readonly ruleIsExact: boolean;
}

/** A body whose text is most of its input. */
export interface Countable {
  /** Inline media, which is not text: half-open spans of the body, in order. */
  readonly mediaSpans: readonly { readonly start: number; readonly end: number }[];
  /** What the media is bounded by. */
  readonly mediaTokens: number;
}

export const NO_TOOLS = { webSearchCalls: 0, fileSearchCalls: 0, containerSessions: 0 } as const;

export const PLAIN_WORST: WorstCase = {
  inputTokens: 0,
  hasAudioInput: false,
  hasImageInput: false,
  output: 'text',
  choices: 1,
  characters: 0,
  seconds: 0,
  images: NO_IMAGES,
  tools: NO_TOOLS,
  requestedTier: null,
};

export const PLAIN_FACTS: Omit<RequestFacts, 'model'> = {
  streamed: false,
  user: null,
  worst: PLAIN_WORST,
  countable: null,
  inputIsHidden: false,
  isOnePrompt: false,
  clientMaxOutput: null,
  maxOutputField: null,
  outputCeiling: null,
  document: null,
  mustAskForUsage: false,
  byRule: null,
  ruleIsExact: false,
};
