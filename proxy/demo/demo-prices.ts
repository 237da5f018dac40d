import type { PriceBookData } from '../contract/prices.ts';
import data from '../pricing/price-book.json' with { type: 'json' };

/** What the simulated OpenAI charges: the price book's data, summed up by arithmetic of its own. */
export const demoPrices = data as PriceBookData;
