import type { PriceRow } from '../contract/prices.ts';
import { type Prompt, promptTokens } from './prompt.ts';
import type { Tokenizer } from './tokenizer.ts';

/*
 * OpenAI's prompt cache, made deterministic: a prefix of at least 1,024 text tokens that any earlier call
 * of the same model carried is cached, in steps of 128 tokens, and never evicted until the memory is full.
 * Only models whose price row names a rate take part, so that no call depends on an assumed price.
 */
export interface CacheUse {
  readonly cachedTokens: number;
  /** Newly written, for models that price writing; by lifetime. */
  readonly written30mTokens: number;
  readonly written12hTokens: number;
}

export interface PromptCache {
  /** Looks the prompt up and remembers it. */
  use(model: string, row: PriceRow, prompt: Prompt, lifetime: '30m' | '12h'): CacheUse;
  /** As `use`, for a call that does nothing else: it writes its prompt to the last token. */
  warm(model: string, row: PriceRow, prompt: Prompt, lifetime: '30m' | '12h'): CacheUse;
}

const MIN_TOKENS = 1024;
const STEP_TOKENS = 128;
const MAX_PREFIXES = 200_000;
const UNUSED: CacheUse = { cachedTokens: 0, written30mTokens: 0, written12hTokens: 0 };

export function createPromptCache(tokenizer: Tokenizer): PromptCache {
  const prefixes = new Set<string>();

  const remember = (prefix: string): void => {
    if (prefixes.size >= MAX_PREFIXES) {
      for (const oldest of prefixes) {
        prefixes.delete(oldest);
        if (prefixes.size < MAX_PREFIXES * 0.9) break;
      }
    }
    prefixes.add(prefix);
  };

  const use: PromptCache['use'] = (model, row, prompt, lifetime) => {
    if (row.rates.cachedInput === undefined || promptTokens(prompt) < MIN_TOKENS) return UNUSED;
    let cachedTokens = 0;
    let length = 0;
    let hitting = true;
    const fresh: string[] = [];
    for (const [tokens, digest] of prefixesOf(prompt, tokenizer)) {
      length = tokens;
      const prefix = `${model} ${digest}`;
      hitting &&= prefixes.has(prefix);
      if (hitting) cachedTokens = tokens;
      else fresh.push(prefix);
    }
    for (const prefix of fresh) remember(prefix);
    return { cachedTokens, ...written(row, length - cachedTokens, lifetime) };
  };

  return {
    use,
    warm: (model, row, prompt, lifetime) => {
      const cache = use(model, row, prompt, lifetime);
      const tokens = promptTokens(prompt);
      if (tokens < MIN_TOKENS) return cache;
      return { ...cache, ...written(row, tokens - cache.cachedTokens, lifetime) };
    },
  };
}

function written(row: PriceRow, tokens: number, lifetime: '30m' | '12h'): Omit<CacheUse, 'cachedTokens'> {
  const paid = row.rates.cacheWrite30m === undefined ? 0 : tokens;
  const long = lifetime === '12h' && row.rates.cacheWrite12h !== undefined;
  return { written30mTokens: long ? 0 : paid, written12hTokens: long ? paid : 0 };
}

/** Yields length and digest of every cacheable prefix: 1,024 tokens, 1,152, and so on. */
function* prefixesOf(prompt: Prompt, tokenizer: Tokenizer): Generator<[number, string]> {
  let low = 0x811c9dc5;
  let high = 0x9e3779b9;
  let length = 0;
  for (const text of prompt.texts) {
    for (const token of tokenizer.encode(text)) {
      low = Math.imul(low ^ token, 0x01000193);
      high = Math.imul(high ^ (token + length), 0x85ebca6b);
      length += 1;
      if (length < MIN_TOKENS || length % STEP_TOKENS !== 0) continue;
      yield [length, `${low >>> 0}.${high >>> 0}`];
    }
  }
}
