import {
  type ConditionalPrice,
  findProvider,
  type MatchLogic,
  type ModelPrice,
} from '@pydantic/genai-prices';
import type { PriceRates } from '../../proxy/contract/prices.ts';
import { scaleDecimal } from './scale-decimal.ts';

/** What genai-prices knows of one model on one day. Rates in nano-dollars per million, or per minute. */
export interface SeedModel {
  readonly id: string;
  /** The exact names it answers to, its id included. */
  readonly names: readonly string[];
  readonly rates: Omit<PriceRates, 'images'>;
  readonly contextTokens: number | undefined;
  /** The factors are those of every rate of the model: genai-prices repeats them, here they are one rule. */
  readonly longContext:
    | { aboveInputTokens: number; inputPermille: number; outputPermille: number }
    | undefined;
  /** Fees in nano-dollars per call, where the model has its own. */
  readonly webSearchCall: number | undefined;
  readonly fileSearchCall: number | undefined;
}

type TokenRate = Exclude<keyof PriceRates, 'images'>;

const TOKEN_RATES: Readonly<Record<string, TokenRate>> = {
  input_mtok: 'input',
  cache_read_mtok: 'cachedInput',
  cache_write_mtok: 'cacheWrite30m',
  output_mtok: 'output',
  input_audio_mtok: 'audioInput',
  cache_audio_read_mtok: 'cachedAudioInput',
  output_audio_mtok: 'audioOutput',
  input_image_mtok: 'imageInput',
  cache_image_read_mtok: 'cachedImageInput',
  output_image_mtok: 'imageOutput',
};
const NANO_PLACES = 9;
/** Nano-dollars per thousand calls, moved three places, are nano-dollars per call. */
const NANO_PER_THOUSAND_PLACES = NANO_PLACES - 3;
const MINUTES_PER_HOUR = 60;

/** Throws on any kind of price, condition or match rule it does not know: a new one needs a decision. */
export function readSeed(date: string): Map<string, SeedModel> {
  const provider = findProvider({ providerId: 'openai' });
  if (!provider) throw new Error('genai-prices has no provider `openai`.');
  const seed = new Map<string, SeedModel>();
  for (const model of provider.models) {
    const names = [...new Set([model.id, ...exactNames(model.match, model.id)])];
    try {
      const price = Array.isArray(model.prices) ? priceOn(model.prices, date) : model.prices;
      seed.set(model.id, { id: model.id, names, contextTokens: model.context_window, ...readPrice(price) });
    } catch (error) {
      throw new Error(`genai-prices, ${model.id}: ${error instanceof Error ? error.message : String(error)}`);
    }
  }
  return seed;
}

function priceOn(prices: readonly ConditionalPrice[], date: string): ModelPrice {
  let current: ModelPrice | undefined;
  for (const { constraint, prices: price } of prices) {
    if (constraint && constraint.type !== 'start_date') throw new Error('a price by the time of day.');
    if (!constraint || constraint.start_date <= date) current = price;
  }
  if (!current) throw new Error(`no price on ${date}.`);
  return current;
}

/**
 * Prefix rules are not carried over: the book prices exact names and dated snapshots, and an unknown name
 * must stay unknown. The overlay names what a prefix stood for.
 */
function exactNames(match: MatchLogic, id: string): string[] {
  if ('or' in match) return match.or.flatMap((rule) => exactNames(rule, id));
  if ('equals' in match) return [match.equals];
  if ('starts_with' in match || 'contains' in match) return [];
  if ('regex' in match && match.regex.endsWith('-\\d{4}-\\d{2}-\\d{2}$')) return [];
  throw new Error(`genai-prices, ${id}: an unknown match rule ${JSON.stringify(match)}.`);
}

function readPrice(price: ModelPrice): Omit<SeedModel, 'id' | 'names' | 'contextTokens'> {
  const rates: SeedModel['rates'] = {};
  let longContext: SeedModel['longContext'];
  let webSearchCall: number | undefined;
  let fileSearchCall: number | undefined;
  for (const [key, value] of Object.entries(price)) {
    if (value === undefined) continue;
    const base = String(typeof value === 'number' ? value : value.base);
    const rate = TOKEN_RATES[key];
    if (rate) rates[rate] = scaleDecimal(base, NANO_PLACES);
    else if (key === 'input_audio_hours' || key === 'audio_hours')
      rates.minute = perMinute(base, rates.minute);
    else if (key === 'web_searches_kcount') webSearchCall = scaleDecimal(base, NANO_PER_THOUSAND_PLACES);
    else if (key === 'storage_searches_kcount') fileSearchCall = scaleDecimal(base, NANO_PER_THOUSAND_PLACES);
    else throw new Error(`an unknown kind of price \`${key}\`.`);
    if (typeof value === 'number') continue;
    const [tier, ...more] = value.tiers;
    if (!tier || more.length > 0 || !rate)
      throw new Error(`\`${key}\` has tiers that are not one long context.`);
    const permille = ratioPermille(
      scaleDecimal(String(tier.price), NANO_PLACES),
      scaleDecimal(base, NANO_PLACES),
    );
    const side = rate === 'output' ? 'outputPermille' : 'inputPermille';
    const known = longContext ?? { aboveInputTokens: tier.start, inputPermille: 0, outputPermille: 0 };
    if (known.aboveInputTokens !== tier.start || (known[side] !== 0 && known[side] !== permille)) {
      throw new Error(`\`${key}\` has another long context than the rates before it.`);
    }
    longContext = { ...known, [side]: permille };
  }
  return { rates, longContext, webSearchCall, fileSearchCall };
}

function perMinute(usdPerHour: string, known: number | undefined): number {
  const minute = scaleDecimal(usdPerHour, NANO_PLACES) / MINUTES_PER_HOUR;
  if (!Number.isInteger(minute))
    throw new Error(`$${usdPerHour} an hour is no whole number of nano-dollars a minute.`);
  if (known !== undefined && known !== minute) throw new Error('two different prices of an hour of audio.');
  return minute;
}

function ratioPermille(price: number, base: number): number {
  const permille = (price * 1000) / base;
  if (!Number.isInteger(permille)) throw new Error('a long-context factor with more than three places.');
  return permille;
}
