import { createHash } from 'node:crypto';
import type { PriceRow } from '../contract/prices.ts';
import { FUNCTION_FRAMING_TOKENS, MESSAGE_FRAMING_TOKENS, REPLY_FRAMING_TOKENS } from './prompt.ts';
import { addTokens, NO_TOKENS, type RealtimeItem, type TokensByKind, totalTokens } from './realtime-items.ts';
import type { OutputSettings } from './realtime-session.ts';
import type { Simulation } from './simulation.ts';

interface Entry {
  readonly key: string;
  readonly tokens: TokensByKind;
}

/** Everything a response reads, in order. */
export interface RealtimeContext {
  readonly entries: readonly Entry[];
  readonly tokens: TokensByKind;
}

/** Instructions and tools, then the conversation; what does not fit is dropped from its beginning. */
export function buildContext(
  items: readonly RealtimeItem[],
  settings: OutputSettings,
  row: PriceRow,
  simulation: Simulation,
): RealtimeContext {
  const setting = settingEntry(settings, simulation);
  const said = items.map(({ id, version, tokens }) => ({ key: `${id} ${version}`, tokens }));
  let left = row.contextTokens - totalTokens(setting.tokens);
  let first = said.length;
  for (; first > 0; first--) {
    left -= totalTokens(said[first - 1]?.tokens ?? NO_TOKENS);
    if (left < 0) break;
  }
  const entries = [setting, ...said.slice(first)];
  return { entries, tokens: sum(entries) };
}

/**
 * What the response before has read already: everything up to the first change. Kinds whose price row names
 * no rate for it are not cached.
 */
export function cachedTokens(
  context: RealtimeContext,
  before: RealtimeContext | null,
  { rates }: PriceRow,
): TokensByKind {
  const same = context.entries.findIndex(
    (each, index) =>
      each.key !== before?.entries[index]?.key ||
      totalTokens(each.tokens) !== totalTokens(before.entries[index]?.tokens ?? NO_TOKENS),
  );
  const { text, audio, image } = sum(context.entries.slice(0, same < 0 ? context.entries.length : same));
  return {
    text: rates.cachedInput === undefined ? 0 : text,
    audio: rates.cachedAudioInput === undefined ? 0 : audio,
    image: rates.cachedImageInput === undefined ? 0 : image,
  };
}

function settingEntry({ instructions, tools }: OutputSettings, { tokenizer }: Simulation): Entry {
  const definitions = tools.map((each) => JSON.stringify(each));
  const text =
    REPLY_FRAMING_TOKENS +
    (instructions === '' ? 0 : MESSAGE_FRAMING_TOKENS + tokenizer.count(instructions)) +
    definitions.reduce((total, each) => total + FUNCTION_FRAMING_TOKENS + tokenizer.count(each), 0);
  const digest = createHash('sha256')
    .update([instructions, ...definitions].join('\n'))
    .digest('base64');
  return { key: digest, tokens: { ...NO_TOKENS, text } };
}

function sum(entries: readonly Entry[]): TokensByKind {
  return entries.reduce((total, each) => addTokens(total, each.tokens), NO_TOKENS);
}
