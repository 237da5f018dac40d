/**
 * What one call used, in the units OpenAI bills. Sums include their details, as OpenAI reports them:
 * `inputTokens` contains the cached, written, audio and image tokens; `outputTokens` the reasoning, audio
 * and image tokens.
 */
export interface Usage {
  inputTokens: number;
  cachedInputTokens: number;
  cacheWrite30mTokens: number;
  cacheWrite12hTokens: number;
  audioInputTokens: number;
  cachedAudioInputTokens: number;
  imageInputTokens: number;
  cachedImageInputTokens: number;
  outputTokens: number;
  reasoningTokens: number;
  audioOutputTokens: number;
  imageOutputTokens: number;
  /** Characters of speech input (tts-1). */
  characters: number;
  /** Seconds of audio (whisper-1); may have a fraction. */
  seconds: number;
  /** Images by `SIZE/QUALITY`, for models that report no usage. */
  images: Readonly<Record<string, number>>;
}

/** Calls of hosted tools, which OpenAI bills besides the tokens. */
export interface ToolCalls {
  readonly webSearchCalls: number;
  readonly fileSearchCalls: number;
  /** Sessions of a container with one gigabyte; a larger one counts as many. */
  readonly containerSessions: number;
}

/** A container that a response ran in, as its items tell; the size is not said. */
export interface UsedContainer {
  /** Null where an item does not name it. */
  readonly id: string | null;
  readonly tool: ContainerTool;
}

/** Tools that run in a container. */
export type ContainerTool = 'code' | 'shell';

/** The one record without calls: "no tools" is then a comparison of pointers. */
export const NO_TOOL_CALLS: ToolCalls = Object.freeze({
  webSearchCalls: 0,
  fileSearchCalls: 0,
  containerSessions: 0,
});

/** The one empty record of images: "no images" is then a comparison of pointers. */
export const NO_IMAGES: Readonly<Record<string, number>> = Object.freeze({});

export const NO_USAGE: Readonly<Usage> = {
  inputTokens: 0,
  cachedInputTokens: 0,
  cacheWrite30mTokens: 0,
  cacheWrite12hTokens: 0,
  audioInputTokens: 0,
  cachedAudioInputTokens: 0,
  imageInputTokens: 0,
  cachedImageInputTokens: 0,
  outputTokens: 0,
  reasoningTokens: 0,
  audioOutputTokens: 0,
  imageOutputTokens: 0,
  characters: 0,
  seconds: 0,
  images: NO_IMAGES,
};

export function usageOf(part: Partial<Usage>): Usage {
  return { ...NO_USAGE, ...part };
}
