/**
 * Money is an integer count of nano-dollars (1 USD = 1,000,000,000), so sums are exact and a price of
 * $0.005 per million tokens is still a whole number (5) for one token. A JavaScript number holds
 * integers exactly up to 2^53 - 1, which is about nine million dollars; {@link MAX_NANO_USD} is the
 * largest amount Tollgate accepts anywhere.
 */
export const NANO_PER_USD = 1_000_000_000;

/** $9,000,000 in nano-dollars: the largest limit or price that stays exact in a JavaScript number. */
export const MAX_NANO_USD = 9_000_000 * NANO_PER_USD;

/**
 * Parses a decimal amount of dollars such as `5`, `0.50` or `$1.25` into nano-dollars.
 * Returns null for anything else, for more than nine decimals, and above {@link MAX_NANO_USD}.
 */
export function parseUsd(text: string): number | null {
  const match = /^\$?(\d{1,7})(?:\.(\d{1,9}))?$/.exec(text.trim());
  if (!match) return null;
  const nano = Number(match[1]) * NANO_PER_USD + Number((match[2] ?? '').padEnd(9, '0'));
  return nano <= MAX_NANO_USD ? nano : null;
}

/**
 * Formats nano-dollars for people: at least two decimals, at most six, never an exponent, and never
 * `$0.00` for an amount that is not zero. Unknown (null) is an em dash, not zero.
 */
export function formatUsd(nanoUsd: number | null): string {
  if (nanoUsd === null) return '—';
  const sign = nanoUsd < 0 ? '-' : '';
  const abs = Math.abs(nanoUsd);
  if (abs > 0 && abs < 1000) return `${sign}<$0.000001`;
  if (abs >= NANO_PER_USD) {
    const cents = Math.round(abs / 10_000_000);
    return `${sign}$${Math.floor(cents / 100)}.${String(cents % 100).padStart(2, '0')}`;
  }
  const micro = Math.round(abs / 1000);
  const fraction = String(micro % 1_000_000).padStart(6, '0');
  return `${sign}$${Math.floor(micro / 1_000_000)}.${fraction.replace(/0{1,4}$/, '')}`;
}

/** Dollars as a plain JSON number, for `costUsd` fields; `costNanoUsd` beside it is the exact one. */
export function nanoToUsd(nanoUsd: number): number {
  return nanoUsd / NANO_PER_USD;
}

/** The exact decimal, without a currency sign or trailing zeros: `1500000000` is `1.5`. */
export function exactUsd(nanoUsd: number): string {
  const abs = Math.abs(nanoUsd);
  const whole = Math.floor(abs / NANO_PER_USD);
  const rest = abs - whole * NANO_PER_USD;
  const sign = nanoUsd < 0 ? '-' : '';
  if (rest === 0) return `${sign}${whole}`;
  let fraction = String(rest).padStart(9, '0');
  let end = fraction.length;
  while (fraction.charCodeAt(end - 1) === 0x30) end -= 1;
  fraction = fraction.slice(0, end);
  return `${sign}${whole}.${fraction}`;
}
