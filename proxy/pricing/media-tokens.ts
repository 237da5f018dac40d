/**
 * Upper bounds for the tokens of media, from OpenAI's published formulas. They bound a hold and never
 * price an answer: the answer's own usage does that.
 */

/** Families by prefix, the longest first that matches: most tokens one input image can have. */
const IMAGE_BOUNDS: readonly (readonly [prefix: string, tokens: number])[] = [
  // Tiles of 512 px after scaling to 2048 x 768: base + 8 tiles.
  ['gpt-4o-mini', 2_833 + 8 * 5_667],
  ['gpt-4o', 85 + 8 * 170],
  ['gpt-4.1-mini', Math.ceil(1_536 * 1.62)],
  ['gpt-4.1-nano', Math.ceil(1_536 * 2.46)],
  ['gpt-4.1', 85 + 8 * 170],
  ['gpt-4-turbo', 85 + 8 * 170],
  ['o1', 75 + 8 * 150],
  ['o3', 75 + 8 * 150],
  ['o4-mini', Math.ceil(1_536 * 1.72)],
];

/** Patches of 32 px, at most 10,000 of them at `detail: original`, with room for a model's multiplier. */
const DEFAULT_IMAGE_BOUND = 16_000;

/** Most input tokens of one image in a prompt. */
export function imageTokenBound(model: string): number {
  return longestPrefix(IMAGE_BOUNDS, model.replace(/^ft:/, '')) ?? DEFAULT_IMAGE_BOUND;
}

function longestPrefix(
  table: readonly (readonly [prefix: string, tokens: number])[],
  model: string,
): number | undefined {
  const found = table
    .filter(([prefix]) => model.startsWith(prefix))
    .sort(([a], [b]) => b.length - a.length)[0];
  return found?.[1];
}

/** Audio input is ten tokens a second; no codec in use speaks below 500 bytes a second. */
const AUDIO_TOKENS_PER_SECOND = 10;
export const MIN_AUDIO_BYTES_PER_SECOND = 500;

/** Most input tokens of an audio clip of so many bytes. */
export function audioTokenBound(bytes: number): number {
  return Math.ceil(bytes / MIN_AUDIO_BYTES_PER_SECOND) * AUDIO_TOKENS_PER_SECOND;
}

/**
 * Output tokens of one generated image in its largest size and dearest quality. gpt-image-1 needs 6,240,
 * and 1.5 writes text besides. They grow with the area, and newer models go up to 4K; their quality
 * `max` is taken for twice that.
 */
const IMAGE_OUTPUT_BOUNDS: readonly (readonly [prefix: string, tokens: number])[] = [
  ['gpt-image-1', 6_240],
  ['gpt-image-1.5', 8_192],
  ['gpt-image-2', 34_000],
  ['gpt-image-2.', 68_000],
];
const IMAGE_OUTPUT_BOUND = 68_000;
/** What any size may need: smaller images are not finer than the largest of the first models. */
const SMALL_IMAGE_OUTPUT_BOUND = 8_192;
const LARGEST_IMAGE_PIXELS = 3_840 * 2_160;
/** Each partial image of a stream adds about a hundred. */
export const PARTIAL_IMAGE_TOKENS = 128;

/** `size` is `WIDTHxHEIGHT`, or null or another word where the model chooses. */
export function imageOutputBound(model: string, size: string | null): number {
  const most = longestPrefix(IMAGE_OUTPUT_BOUNDS, model) ?? IMAGE_OUTPUT_BOUND;
  const [, width, height] = /^(\d{1,5})x(\d{1,5})$/.exec(size ?? '') ?? [];
  if (width === undefined || height === undefined) return most;
  const share = (Number(width) * Number(height)) / LARGEST_IMAGE_PIXELS;
  return Math.min(most, Math.max(SMALL_IMAGE_OUTPUT_BOUND, Math.ceil(most * share)));
}

/** Input tokens of an image that is edited, at high fidelity. */
export const EDITED_IMAGE_TOKENS = 8_192;

/**
 * Speech models without usage in the answer bill the audio they made; slow speech has about two tokens
 * for each character of text.
 */
export const SPEECH_TOKENS_PER_CHARACTER = 2;
