import { formatUsd, NANO_PER_USD } from '../../../proxy/contract/money.ts';

/**
 * Nano-dollars for people: `$0.0123`, at least two digits and at most six, never an exponent; thousands
 * apart. Unknown is an em dash.
 */
export function money(nanoUsd: number | null): string {
  const text = formatUsd(nanoUsd);
  return text.replace(/(\d)(?=(\d{3})+\.)/g, '$1,');
}

/** For headlines, where the last digits only flicker: cents from ten cents on, else two digits that count. */
export function briefMoney(nanoUsd: number | null): string {
  if (nanoUsd === null || Math.abs(nanoUsd) < 1_000) return money(nanoUsd);
  const abs = Math.abs(nanoUsd) / NANO_PER_USD;
  const digits = abs >= 0.1 ? 2 : Math.min(6, 1 - Math.floor(Math.log10(abs)));
  const scale = 10 ** (9 - digits);
  return money(Math.round(nanoUsd / scale) * scale);
}

/** For axes, where room is scarce and a neighbour gives the scale: `$0.5`, `$12`, `$3.4k`. */
export function shortMoney(nanoUsd: number): string {
  const usd = nanoUsd / NANO_PER_USD;
  if (usd === 0) return '$0';
  const abs = Math.abs(usd);
  if (abs >= 1_000) return `$${trim((usd / 1_000).toFixed(1))}k`;
  if (abs >= 10) return `$${Math.round(usd)}`;
  if (abs >= 1) return `$${trim(usd.toFixed(2))}`;
  if (abs >= 0.01) return `$${trim(usd.toFixed(3))}`;
  return `$${trim(usd.toFixed(6))}`;
}

/** A rate of the price book (nano-dollars per million tokens) per 1M: `$2.50`. */
export const pricePerMillion = money;

function trim(text: string): string {
  return text.replace(/\.?0+$/, '');
}
