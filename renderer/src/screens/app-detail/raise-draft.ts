import type { LimitView } from '../../../../proxy/contract/apps.ts';
import { exactUsd, NANO_PER_USD } from '../../../../proxy/contract/money.ts';
import { readAmount } from '../../components/limit-draft.ts';
import { count } from '../../format/count.ts';
import { appLimitsText } from '../../text/app-limits.ts';
import { limitEditText } from '../../text/limit-edit.ts';

const { raiseDialog: text } = appLimitsText;

export const RAISE_UNTILS = ['midnight', '1h', '24h', 'reset', 'date'] as const;
export type RaiseUntil = (typeof RAISE_UNTILS)[number];

/** A raise while it is typed in. */
export interface RaiseDraft {
  readonly amount: string;
  readonly until: RaiseUntil;
  /** `2026-11-30`, for `date`. */
  readonly day: string;
}

/** A limit that never resets has no next reset to wait for. */
export function untilsFor(limit: LimitView): readonly RaiseUntil[] {
  return RAISE_UNTILS.filter((until) => until !== 'reset' || limit.resetsAt !== null);
}

/** What is often wanted, in the limit's own unit: round dollars, or a tenth, a quarter and a half. */
export function presetsFor({ metric, amount }: LimitView): readonly number[] {
  if (metric === 'usd') return [1, 2, 5].map((usd) => usd * NANO_PER_USD);
  const parts = [0.1, 0.25, 0.5].map((share) => Math.max(1, roundTo2(amount * share)));
  return [...new Set(parts)];
}

/** `$2`, `25,000`: short, for a button. */
export function presetWords({ metric }: LimitView, amount: number): string {
  return metric === 'usd' ? `$${exactUsd(amount)}` : count(amount);
}

/** To two digits that count: `25000`, and not `24876`. */
function roundTo2(value: number): number {
  const scale = 10 ** Math.max(0, Math.floor(Math.log10(Math.max(1, value))) - 1);
  return Math.round(value / scale) * scale;
}

export interface ReadRaise {
  /** What is sent, and its end in words; null while something is wrong. */
  readonly raise: { readonly amount: number; readonly until: string; readonly words: string } | null;
  readonly problems: { readonly amount: string | null; readonly day: string | null };
}

export function readRaise(limit: LimitView, { amount, until, day }: RaiseDraft): ReadRaise {
  const read = readAmount(limit.metric, amount);
  const isDayMissing = until === 'date' && day === '';
  const problems = {
    amount:
      read === null || read < 1
        ? limit.metric === 'usd'
          ? limitEditText.problems.usd
          : limitEditText.problems.count
        : null,
    day: isDayMissing ? text.dateEmpty : null,
  };
  if (read === null || problems.amount !== null || problems.day !== null) return { raise: null, problems };
  const words = until === 'date' ? text.untilWords.date(day) : text.untilWords[until];
  const sent = until === 'date' ? day : until === 'reset' ? (limit.resetsAt ?? 'midnight') : until;
  return { raise: { amount: read, until: sent, words }, problems };
}
