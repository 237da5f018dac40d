import { AppError } from '../contract/errors.ts';
import { MAX_NANO_USD } from '../contract/money.ts';
import type { PriceRates, PriceRow } from '../contract/prices.ts';
import type { PriceOverride } from '../pricing/price-book.ts';
import type { ControlDeps } from './control-deps.ts';

export function listPrices(
  deps: ControlDeps,
  model: string | undefined,
): { asOf: string; prices: PriceRow[]; own: string[] } {
  const { asOf, overrides } = deps.book;
  const own = overrides.map((override) => override.model);
  if (model === undefined) return { asOf, prices: deps.book.rows(), own };
  const row = deps.book.find(model);
  return { asOf, prices: row ? [row] : [], own };
}

export interface PriceToSet {
  readonly model: string;
  readonly rates: PriceRates;
  readonly contextTokens?: number | undefined;
  readonly maxOutputTokens?: number | undefined;
}

/** @throws AppError `price_malformed` */
export async function setPrice(deps: ControlDeps, price: PriceToSet): Promise<PriceRow> {
  const given = Object.values(price.rates).filter((rate) => typeof rate === 'number');
  if (given.length === 0) throw new AppError('price_malformed', { problem: 'no rate is given' });
  if (given.some((rate) => rate > MAX_NANO_USD)) {
    throw new AppError('price_malformed', { problem: 'a rate is above nine million dollars' });
  }
  const { model, ...data } = price;
  const override: PriceOverride = { ...price, asOf: new Date(deps.now()).toISOString().slice(0, 10) };
  await deps.journal.call('setPrice', { model, data: JSON.stringify({ ...data, asOf: override.asOf }) });
  deps.book.setOverrides([...deps.book.overrides.filter((other) => other.model !== model), override]);
  const row = deps.book.find(model);
  if (!row) throw new AppError('internal_error');
  return row;
}

/** @throws AppError `price_unknown` */
export async function unsetPrice(deps: ControlDeps, model: string): Promise<{ model: string }> {
  if (!(await deps.journal.call('unsetPrice', { model }))) {
    throw new AppError('price_unknown', { model: model.slice(0, 100) });
  }
  deps.book.setOverrides(deps.book.overrides.filter((other) => other.model !== model));
  return { model };
}
