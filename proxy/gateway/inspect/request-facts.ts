import type { WorstCase } from '../../pricing/bound.ts';
import type { HostedTools } from '../../pricing/hosted-bound.ts';
import { NO_IMAGES, NO_TOOL_CALLS, type Usage } from '../../pricing/usage.ts';
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
  /**
   * A response or conversation that the request continues, whose context is read besides the body; null
   * where it continues nothing.
   */
  readonly continues: string | null;
  /** A conversation that the request adds to. */
  readonly addsTo: string | null;
  /** How much plain text it adds; null where the usage of the answer tells. */
  readonly addsBytes: number | null;
  /** Ids of objects at OpenAI that the body refers to. */
  readonly references: readonly string[];
  /** Tools that OpenAI runs for the answer; null where it runs none. */
  readonly hosted: HostedTools | null;
  /** Why no bound covers the request, or null: it then passes only where nothing caps it. */
  readonly unbounded: string | null;
  /** Why its price is not known whatever its model costs, or null. */
  readonly unpriced: string | null;
  /** Whether OpenAI goes on without the client, and tells the cost later. */
  readonly isBackground: boolean;
  /** Whether the answer is kept at OpenAI under its id. */
  readonly keepsAnswer: boolean;
  /** The uploaded file that a batch is made of, or null. */
  readonly batchFile: string | null;
  /** What was found out of an object that the answer will name, as JSON for whoever refers to it. */
  readonly createdDetail: string | null;
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

export const PLAIN_WORST: WorstCase = {
  inputTokens: 0,
  hasAudioInput: false,
  hasImageInput: false,
  output: 'text',
  choices: 1,
  characters: 0,
  seconds: 0,
  images: NO_IMAGES,
  tools: NO_TOOL_CALLS,
  requestedTier: null,
};

export const PLAIN_FACTS: Omit<RequestFacts, 'model'> = {
  streamed: false,
  user: null,
  worst: PLAIN_WORST,
  countable: null,
  inputIsHidden: false,
  isOnePrompt: false,
  continues: null,
  addsTo: null,
  addsBytes: null,
  references: [],
  hosted: null,
  unbounded: null,
  unpriced: null,
  isBackground: false,
  keepsAnswer: false,
  batchFile: null,
  createdDetail: null,
  clientMaxOutput: null,
  maxOutputField: null,
  outputCeiling: null,
  document: null,
  mustAskForUsage: false,
  byRule: null,
  ruleIsExact: false,
};
