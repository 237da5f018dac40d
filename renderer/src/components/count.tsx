import type { ReactNode } from 'react';
import { count } from '../format/count.ts';

/** A whole number with thousands apart; a dash where it is unknown. */
export function Count({ value }: { readonly value: number | null }): ReactNode {
  return <span className="tg-num">{count(value)}</span>;
}
