import type { ToolFees } from '../contract/prices.ts';
import { boundCost, type WorstCase } from './bound.ts';
import { EDITED_IMAGE_TOKENS, imageOutputBound } from './media-tokens.ts';
import type { PriceBook } from './price-book.ts';
import { type ContainerTool, NO_IMAGES, NO_TOOL_CALLS } from './usage.ts';

/** Tools that OpenAI runs inside a response, as the request describes them. */
export interface HostedTools {
  /** The client's own maximum of calls, or null. */
  readonly maxCalls: number | null;
  readonly webSearch: boolean;
  readonly fileSearch: boolean;
  /** Containers that are made for the response, each by the tool that runs in it. */
  readonly newContainers: readonly { readonly tool: ContainerTool; readonly units: number }[];
  /** Containers that exist already. */
  readonly containerIds: readonly string[];
  /** Image models that may be called, an empty name for any. */
  readonly images: readonly { readonly model: string; readonly size: string | null }[];
  /** Tokens that one call puts before the model at most; null where only its context bounds them. */
  readonly foundTokens: number | null;
}

/**
 * Input tokens of a response whose model is called anew after each call of a tool, and reads all it has
 * read before once more: `calls` + 1 turns.
 */
export function hostedInputTokens(
  tools: HostedTools,
  calls: number,
  own: { readonly inputTokens: number; readonly outputTokens: number; readonly contextTokens: number },
): number {
  const { foundTokens } = tools;
  const last =
    foundTokens === null ? own.contextTokens : own.inputTokens + own.outputTokens + calls * foundTokens;
  return (calls + 1) * Math.min(last, own.contextTokens);
}

/** OpenAI takes prompts of 32,000 characters and sixteen pictures for one that is made. */
const MAX_IMAGE_PROMPT_TOKENS = 32_000;
const MAX_INPUT_IMAGES = 16;

/** What a tool may be given of the response. */
export interface HostedInput {
  readonly inputTokens: number;
  readonly hasImages: boolean;
}

/**
 * What so many calls cost at most besides the tokens of the response's own model, in nano-dollars.
 * `containerUnits` are the gigabytes of each container that the tools may run in.
 */
export function hostedFees(
  book: PriceBook,
  tools: HostedTools,
  calls: number,
  containerUnits: readonly number[],
  given: HostedInput,
  date: string,
): number {
  const { tools: fees } = book;
  // Without pictures in the input there are those that were made before.
  const pictures = given.hasImages ? MAX_INPUT_IMAGES : Math.min(calls, MAX_INPUT_IMAGES);
  const inputTokens = Math.min(given.inputTokens, MAX_IMAGE_PROMPT_TOKENS) + pictures * EDITED_IMAGE_TOKENS;
  const dearestCall = Math.max(
    tools.webSearch ? fees.webSearchCall : 0,
    tools.fileSearch ? fees.fileSearchCall : 0,
    ...tools.images.map((image) => imageCost(book, fees, image, inputTokens, date)),
  );
  // Each call begins the session of one container at most.
  const dearestFirst = [...containerUnits].sort((a, b) => b - a).slice(0, calls);
  const sessions = dearestFirst.reduce((sum, units) => sum + units, 0);
  return calls * dearestCall + sessions * fees.containerSession;
}

/** One picture. */
function imageCost(
  book: PriceBook,
  fees: ToolFees,
  { model, size }: HostedTools['images'][number],
  inputTokens: number,
  date: string,
): number {
  const row = book.find(model) ?? book.dearest();
  const worst: WorstCase = {
    inputTokens,
    hasAudioInput: false,
    hasImageInput: true,
    output: 'image',
    choices: 1,
    characters: 0,
    seconds: 0,
    images: NO_IMAGES,
    tools: NO_TOOL_CALLS,
    requestedTier: 'default',
  };
  return boundCost(row, fees, worst, date)(imageOutputBound(model, size)) ?? 0;
}
