import { type PriceRates, type PriceRow, priceRatesSchema } from '../../proxy/contract/prices.ts';
import type { Claim } from './claim-names.ts';
import type { OverlayRow, PriceOverlay, TierSet } from './price-overlay.ts';
import { scaleDecimal } from './scale-decimal.ts';

const NANO_PLACES = 9;
const PERMILLE_PLACES = 3;

/** Pushes a sentence for everything that keeps the row from being relied on; such a row must not be used. */
export function buildRow(overlay: PriceOverlay, claim: Claim, problems: string[]): PriceRow {
  const { row, seed, names } = claim;
  const problem = (text: string) => problems.push(`${row.model}: ${text}`);
  const own = ownRates(row);
  const rates = { ...seed?.rates, ...own };
  if (Object.keys(rates).length === 0) problem('no rate.');
  for (const name of Object.keys(own) as (keyof PriceRates)[]) {
    const before = name === 'images' ? undefined : seed?.rates[name];
    if (before !== undefined && before !== own[name] && !row.note)
      problem(`a corrected ${name} needs a note.`);
  }
  if (row.usd && !row.sources && !seed) problem('rates need sources.');
  const contextTokens = row.contextTokens ?? seed?.contextTokens;
  if (contextTokens === undefined) problem('no context window.');
  if (seed?.contextTokens && contextTokens && contextTokens < seed.contextTokens && !row.note) {
    problem('a smaller context window than in genai-prices needs a note.');
  }
  const long = longContextOf(overlay, claim, problem);
  const tiers = tiersOf(overlay, row, problem);
  const notes = [row.note, long?.note].filter((note) => note !== undefined);
  return {
    model: row.model,
    ...(names.length > 1 ? { aliases: names.slice(1).sort() } : {}),
    rates: inContractOrder(rates),
    // Never reaches the book: a row without a window is a problem, and problems throw.
    contextTokens: contextTokens ?? 0,
    maxOutputTokens: row.maxOutputTokens,
    ...(long ? { longContext: long.rule } : {}),
    ...(tiers ? { tiers } : {}),
    source: sourceOf(overlay, claim, problem),
    asOf: row.asOf ?? (seed && !row.sources ? overlay.seed.asOf : overlay.asOf),
    ...(notes.length > 0 ? { note: notes.join(' ') } : {}),
  };
}

function ownRates({ usd = {} }: OverlayRow): PriceRates {
  const rates: PriceRates = {};
  for (const [name, value] of Object.entries(usd) as [keyof PriceRates, string | Record<string, string>][]) {
    if (name !== 'images' && typeof value === 'string') rates[name] = nanoUsd(value);
  }
  if (usd.images) {
    rates.images = Object.fromEntries(
      Object.entries(usd.images).map(([key, value]) => [key, nanoUsd(value)]),
    );
  }
  return rates;
}

/** One order of keys whatever the source, so that two builds of the same book have the same bytes. */
function inContractOrder(rates: PriceRates): PriceRates {
  return priceRatesSchema.parse(rates);
}

function longContextOf(overlay: PriceOverlay, { row, seed }: Claim, problem: (text: string) => void) {
  const rule = {
    aboveInputTokens: overlay.longContext.aboveInputTokens,
    inputPermille: scaleDecimal(overlay.longContext.input, PERMILLE_PLACES),
    outputPermille: scaleDecimal(overlay.longContext.output, PERMILLE_PLACES),
  };
  if (!seed) return row.longContext ? { rule, note: undefined } : undefined;
  if (row.longContext) problem('long context comes from genai-prices.');
  if (!seed.longContext) return undefined;
  const { aboveInputTokens, inputPermille, outputPermille } = seed.longContext;
  if (inputPermille !== rule.inputPermille || outputPermille !== rule.outputPermille) {
    problem('genai-prices has other long-context factors than the overlay.');
  }
  const early = rule.aboveInputTokens - aboveInputTokens;
  if (early !== 0 && early !== 1) problem('genai-prices starts long context elsewhere.');
  return { rule, note: early === 1 ? overlay.longContext.thresholdNote : undefined };
}

function tiersOf(overlay: PriceOverlay, row: OverlayRow, problem: (text: string) => void): PriceRow['tiers'] {
  if (row.tiers === undefined) return undefined;
  const set: TierSet | undefined = typeof row.tiers === 'string' ? overlay.tierSets[row.tiers] : row.tiers;
  if (!set) {
    problem(`no tier set ${String(row.tiers)}.`);
    return undefined;
  }
  const tiers: NonNullable<PriceRow['tiers']> = {};
  for (const name of ['flex', 'batch', 'priority', 'ultrafast'] as const) {
    const factor = set[name];
    if (factor === undefined) continue;
    const steps = typeof factor === 'string' ? [{ factor }] : factor;
    tiers[name] = steps.map(({ from, factor: times }) => ({
      ...(from === undefined ? {} : { from }),
      permille: scaleDecimal(times, PERMILLE_PLACES),
    }));
    const days = tiers[name].map(({ from }) => from ?? '');
    if (days.some((from, index) => index > 0 && from <= (days[index - 1] ?? '')))
      problem(`${name} is out of order.`);
  }
  return tiers;
}

function sourceOf(overlay: PriceOverlay, { row, seed }: Claim, problem: (text: string) => void): string {
  const named = (row.sources ?? []).map((name) => {
    const text = overlay.sources[name];
    if (text === undefined) problem(`no source ${name}.`);
    return text ?? name;
  });
  const seeded = seed ? [`${overlay.seed.package} ${overlay.seed.version}`] : [];
  return `rates: ${[...seeded, ...named].join(', ')}; limits and tiers: ${overlay.limitsSource}`;
}

export function nanoUsd(usd: string): number {
  return scaleDecimal(usd, NANO_PLACES);
}
