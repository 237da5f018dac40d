import type { PriceRow } from '../contract/prices.ts';

const STANDARD_PERMILLE = 1000;
type PricedTier = keyof NonNullable<PriceRow['tiers']>;

/** OpenAI renamed `priority` to `fast`; both names are in use. */
const PRICED: Readonly<Record<string, PricedTier>> = {
  flex: 'flex',
  priority: 'priority',
  fast: 'priority',
  ultrafast: 'ultrafast',
};
/** `scale` is paid for in advance; `auto` appears in requests only. */
const STANDARD = new Set(['default', 'standard', 'scale']);

function factorOf(row: PriceRow, tier: PricedTier, date: string): number | undefined {
  const steps = row.tiers?.[tier];
  let current: number | undefined;
  for (const step of steps ?? []) if (step.from === undefined || step.from <= date) current = step.permille;
  return current;
}

/** The dearest factor a request can be billed at when nothing narrows the tier down. */
function dearest(row: PriceRow, date: string): number {
  const factors = (['flex', 'priority', 'ultrafast'] as const).map((tier) => factorOf(row, tier, date) ?? 0);
  return Math.max(STANDARD_PERMILLE, ...factors);
}

/**
 * The factor, in thousandths, for the tier that an answer names. No tier is the standard one; a tier we
 * do not know is charged at the dearest the row has. `date` is `YYYY-MM-DD` in UTC.
 */
export function settledTierPermille(row: PriceRow, tier: string | null, date: string): number {
  if (tier === null || STANDARD.has(tier)) return STANDARD_PERMILLE;
  const priced = PRICED[tier];
  return (priced && factorOf(row, priced, date)) ?? dearest(row, date);
}

/**
 * The dearest factor a request for this tier can be billed at. Without a tier, or with `auto`, a setting
 * of the project at OpenAI decides, so any tier is possible. A named tier may be downgraded to standard.
 */
export function boundTierPermille(row: PriceRow, requested: string | null, date: string): number {
  if (requested !== null && STANDARD.has(requested)) return STANDARD_PERMILLE;
  const priced = requested === null ? undefined : PRICED[requested];
  const factor = priced && factorOf(row, priced, date);
  return factor === undefined ? dearest(row, date) : Math.max(STANDARD_PERMILLE, factor);
}

/** Batches cost half where a model's row does not say otherwise. */
const BATCH_PERMILLE = 500;

/** The factor, in thousandths, for requests of a batch. */
export function batchPermille(row: PriceRow, date: string): number {
  return factorOf(row, 'batch', date) ?? BATCH_PERMILLE;
}
