import { type Usage, usageOf } from '../../pricing/usage.ts';

/**
 * Reads OpenAI's usage objects into one shape. Chat says `prompt_tokens` and `prompt_tokens_details`,
 * Responses `input_tokens` and `input_tokens_details`, transcription the singular `input_token_details`;
 * the fields inside are the same. Unknown fields are normal and ignored; a count that cannot be true
 * makes the whole usage bad, and the caller charges the bound.
 */
export type UsageResult =
  | { readonly ok: true; readonly usage: Usage }
  | { readonly ok: false; readonly problem: string };

/** No call has ever used as many; anything above is a broken or hostile answer. */
const MAX_TOKENS = 1_000_000_000;
const MAX_SECONDS = 10_000_000;

type Json = Readonly<Record<string, unknown>>;

export function isJsonObject(value: unknown): value is Json {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

class BadUsage extends Error {}

/** Which rate the output has when the details do not say; `none` where an answer has no output. */
export type OutputKind = 'text' | 'audio' | 'image' | 'none';

export function readUsage(value: unknown, output: OutputKind = 'text'): UsageResult {
  if (!isJsonObject(value)) return { ok: false, problem: 'usage is not an object' };
  try {
    return {
      ok: true,
      usage: value['type'] === 'duration' ? readDuration(value) : readTokens(value, output),
    };
  } catch (error) {
    if (error instanceof BadUsage) return { ok: false, problem: error.message };
    throw error;
  }
}

function readDuration(value: Json): Usage {
  const seconds = value['seconds'];
  if (typeof seconds !== 'number' || !(seconds >= 0) || seconds > MAX_SECONDS) {
    throw new BadUsage('usage.seconds is not a duration');
  }
  return usageOf({ seconds });
}

function readTokens(value: Json, output: OutputKind): Usage {
  const inputTokens = count(value, 'input_tokens') ?? count(value, 'prompt_tokens');
  if (inputTokens === null) throw new BadUsage('usage has no input tokens');
  const outputTokens =
    count(value, 'output_tokens') ?? count(value, 'completion_tokens') ?? unsaidOutput(value, inputTokens);
  if (outputTokens === null && output !== 'none') throw new BadUsage('usage has no output tokens');
  return partsOf(value, inputTokens, outputTokens ?? 0, output);
}

/** Legacy completions leave the output out where there is none; the total then says so. */
function unsaidOutput(value: Json, inputTokens: number): number | null {
  const totalTokens = count(value, 'total_tokens');
  return totalTokens === null ? null : Math.max(0, totalTokens - inputTokens);
}

function partsOf(value: Json, inputTokens: number, outputTokens: number, output: OutputKind): Usage {
  const inside = details(value, 'input_tokens_details', 'prompt_tokens_details', 'input_token_details');
  const outside = details(
    value,
    'output_tokens_details',
    'completion_tokens_details',
    'output_token_details',
  );
  const cached = details(inside, 'cached_tokens_details');
  const written = count(inside, 'cache_write_tokens') ?? 0;
  const byLife = details(inside, 'cache_write_tokens_details');
  const cacheWrite12hTokens = count(byLife, 'ttl_12h_tokens') ?? 0;
  const usage = usageOf({
    inputTokens,
    cachedInputTokens: count(inside, 'cached_tokens') ?? 0,
    cacheWrite12hTokens,
    cacheWrite30mTokens: Math.max(written - cacheWrite12hTokens, count(byLife, 'ttl_30m_tokens') ?? 0),
    audioInputTokens: count(inside, 'audio_tokens') ?? 0,
    imageInputTokens: count(inside, 'image_tokens') ?? 0,
    cachedAudioInputTokens: count(cached, 'audio_tokens') ?? 0,
    cachedImageInputTokens: count(cached, 'image_tokens') ?? 0,
    outputTokens,
    reasoningTokens: count(outside, 'reasoning_tokens') ?? 0,
    audioOutputTokens: outputShare(outside, outputTokens, 'audio', output),
    imageOutputTokens: outputShare(outside, outputTokens, 'image', output),
  });
  if (usage.cachedInputTokens + usage.cacheWrite30mTokens + cacheWrite12hTokens > inputTokens) {
    throw new BadUsage('usage has more cached than input tokens');
  }
  for (const part of [usage.audioInputTokens, usage.imageInputTokens]) {
    if (part > inputTokens) throw new BadUsage('usage has a part larger than its input');
  }
  for (const part of [usage.audioOutputTokens, usage.imageOutputTokens, usage.reasoningTokens]) {
    if (part > outputTokens) throw new BadUsage('usage has a part larger than its output');
  }
  return usage;
}

/** Tokens of one kind in the output: as detailed, or everything that is not detailed as text. */
function outputShare(outside: Json, total: number, kind: 'audio' | 'image', output: OutputKind): number {
  const detailed = count(outside, `${kind}_tokens`);
  if (detailed !== null) return detailed;
  return output === kind ? Math.max(0, total - (count(outside, 'text_tokens') ?? 0)) : 0;
}

function details(value: Json, ...names: readonly string[]): Json {
  for (const name of names) {
    const found = value[name];
    if (isJsonObject(found)) return found;
  }
  return {};
}

function count(value: Json, name: string): number | null {
  const found = value[name];
  if (found === undefined || found === null) return null;
  if (typeof found !== 'number' || !Number.isInteger(found) || found < 0 || found > MAX_TOKENS) {
    throw new BadUsage(`usage.${name} is not a token count`);
  }
  return found;
}
