import { NANO_PER_USD, parseUsd } from '../../../../proxy/contract/money.ts';
import type { PriceRates } from '../../../../proxy/contract/prices.ts';

/** Rates that are one number, in the order in which they are read. */
export const RATES = [
  'input',
  'cachedInput',
  'cacheWrite30m',
  'cacheWrite12h',
  'output',
  'audioInput',
  'cachedAudioInput',
  'audioOutput',
  'imageInput',
  'cachedImageInput',
  'imageOutput',
  'characters',
  'minute',
] as const satisfies readonly (keyof PriceRates)[];
export type RateName = (typeof RATES)[number];

/** What stands in the fields, in dollars; empty or absent for no such rate. */
export type RateDraft = Readonly<Partial<Record<RateName, string>>>;

/** Those that every model of text has, and whatever else this one is priced by. */
export function ratesToEdit(rates: PriceRates): readonly RateName[] {
  const always: readonly RateName[] = ['input', 'cachedInput', 'output'];
  return RATES.filter((name) => always.includes(name) || rates[name] !== undefined);
}

export function draftOf(rates: PriceRates): RateDraft {
  return Object.fromEntries(RATES.map((name) => [name, dollars(rates[name])]));
}

function dollars(rate: number | undefined): string {
  return rate === undefined ? '' : String(rate / NANO_PER_USD);
}

export function isAmount(words = ''): boolean {
  return words.trim() === '' || parseUsd(words) !== null;
}

/** The rates as they are sent; `kept` are those that have no field of their own. */
export function ratesOf(draft: RateDraft, kept: PriceRates): PriceRates {
  const set = RATES.flatMap((name) => {
    const rate = parseUsd(draft[name] ?? '');
    return rate === null ? [] : [[name, rate] as const];
  });
  return { ...(kept.images === undefined ? {} : { images: kept.images }), ...Object.fromEntries(set) };
}
