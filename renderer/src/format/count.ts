import { language } from '../text/define-text.ts';

const whole = new Intl.NumberFormat(language());
const compact = new Intl.NumberFormat(language(), { notation: 'compact', maximumFractionDigits: 1 });

/** `12,345`; an em dash for what is unknown. */
export function count(value: number | null): string {
  return value === null ? '—' : whole.format(value);
}

/** `12.3K`, for tight places. */
export function shortCount(value: number): string {
  return value < 10_000 ? whole.format(value) : compact.format(value);
}

/** Of a whole, without decimals but never `0 %` or `100 %` for what is neither. */
export function percent(part: number, of: number): string {
  if (of <= 0) return '—';
  const value = (part / of) * 100;
  if (value > 0 && value < 1) return '<1 %';
  if (value > 99 && value < 100) return '99 %';
  return `${Math.round(value)} %`;
}
