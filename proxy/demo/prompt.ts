import type { Tokenizer } from './tokenizer.ts';

/*
 * The input of a call as the model sees it. Framing follows OpenAI's published counting: three tokens for
 * each message and one for its role, one more for a name, and three that open the reply.
 */
export const MESSAGE_FRAMING_TOKENS = 4;
export const NAME_FRAMING_TOKENS = 1;
export const REPLY_FRAMING_TOKENS = 3;
/** Wrapping of one function definition; the definition's own JSON is counted as text. */
export const FUNCTION_FRAMING_TOKENS = 8;

export interface Prompt {
  /** Every text in order: what the prompt cache compares. */
  readonly texts: readonly string[];
  readonly textTokens: number;
  readonly framingTokens: number;
  readonly imageTokens: number;
  readonly audioTokens: number;
}

export const EMPTY_PROMPT: Prompt = {
  texts: [],
  textTokens: 0,
  framingTokens: 0,
  imageTokens: 0,
  audioTokens: 0,
};

export function promptTokens(prompt: Prompt): number {
  return prompt.textTokens + prompt.framingTokens + prompt.imageTokens + prompt.audioTokens;
}

export function joinPrompts(prompts: readonly Prompt[]): Prompt {
  return {
    texts: prompts.flatMap((each) => each.texts),
    textTokens: prompts.reduce((sum, each) => sum + each.textTokens, 0),
    framingTokens: prompts.reduce((sum, each) => sum + each.framingTokens, 0),
    imageTokens: prompts.reduce((sum, each) => sum + each.imageTokens, 0),
    audioTokens: prompts.reduce((sum, each) => sum + each.audioTokens, 0),
  };
}

export interface PromptBuilder {
  text(text: string): void;
  framing(tokens: number): void;
  image(tokens: number): void;
  audio(tokens: number): void;
  build(): Prompt;
}

export function createPromptBuilder(tokenizer: Tokenizer): PromptBuilder {
  const texts: string[] = [];
  let textTokens = 0;
  let framingTokens = 0;
  let imageTokens = 0;
  let audioTokens = 0;
  return {
    text: (text) => {
      if (text === '') return;
      texts.push(text);
      textTokens += tokenizer.count(text);
    },
    framing: (tokens) => {
      framingTokens += tokens;
    },
    image: (tokens) => {
      imageTokens += tokens;
    },
    audio: (tokens) => {
      audioTokens += tokens;
    },
    build: () => ({ texts, textTokens, framingTokens, imageTokens, audioTokens }),
  };
}
