import type { LimitView, NewLimit } from '../../../proxy/contract/apps.ts';
import { type Enforce, type Metric, parseCount, type Window } from '../../../proxy/contract/limits.ts';
import { exactUsd, parseUsd } from '../../../proxy/contract/money.ts';
import { limitEditText } from '../text/limit-edit.ts';

/** A limit while it is typed in. */
export interface LimitDraft {
  /** Tells drafts apart while their values change. */
  readonly id: number;
  readonly metric: Metric;
  readonly amount: string;
  readonly window: Window;
  readonly enforce: Enforce;
}

let drafts = 0;

export function newDraft(limit: Partial<Omit<LimitDraft, 'id'>> = {}): LimitDraft {
  drafts += 1;
  return { metric: 'usd', amount: '', window: 'day', enforce: 'hard', ...limit, id: drafts };
}

export function draftOf(
  limit: Pick<LimitView, 'metric' | 'amount' | 'window'> & Partial<Pick<LimitView, 'enforce'>>,
): LimitDraft {
  const { metric, window, enforce = 'hard' } = limit;
  return newDraft({ metric, window, enforce, amount: amountText(metric, limit.amount) });
}

/** An amount as it is typed in: `1.5` dollars, `200000`. */
export function amountText(metric: Metric, amount: number): string {
  return metric === 'usd' ? exactUsd(amount) : String(amount);
}

/** In the metric's own unit; null when it is not an amount. */
export function readAmount(metric: Metric, text: string): number | null {
  return metric === 'usd' ? parseUsd(text) : parseCount(text);
}

export type ReadDraft =
  | { readonly limit: NewLimit; readonly problem: null }
  | { readonly limit: null; readonly problem: string };

export function readDraft({ metric, amount, window, enforce }: LimitDraft): ReadDraft {
  const { problems } = limitEditText;
  const read = readAmount(metric, amount);
  if (read !== null) return { limit: { metric, amount: read, window, enforce }, problem: null };
  if (amount.trim() === '') return { limit: null, problem: problems.empty };
  return { limit: null, problem: metric === 'usd' ? problems.usd : problems.count };
}

type LimitKey = Pick<NewLimit, 'metric' | 'window' | 'enforce'>;

/** There is at most one limit for each of these. */
export function isSameLimit(a: LimitKey, b: LimitKey): boolean {
  return a.metric === b.metric && a.window === b.window && a.enforce === b.enforce;
}

export function limitKeyOf({ metric, window, enforce }: LimitKey): LimitKey {
  return { metric, window, enforce };
}
