import type { ReactNode } from 'react';
import type { LimitView } from '../../../proxy/contract/apps.ts';
import { amountOf, bareAmountOf } from '../format/limit-words.ts';
import { commonText } from '../text/common.ts';
import './spend-bar.css';

export type SpendState = 'calm' | 'warn' | 'over';

type Standing = Pick<LimitView, 'amount' | 'settled' | 'held' | 'raise'>;

/** What a limit counts up to now: its amount, and what it was raised by. */
export function capOf({ amount, raise }: Standing): number {
  return amount + (raise?.amount ?? 0);
}

/** `warn` from 80 %, `over` when nothing is free. */
export function spendState(limit: Standing): SpendState {
  const cap = capOf(limit);
  const used = limit.settled + limit.held;
  if (used >= cap) return 'over';
  return used >= cap * 0.8 ? 'warn' : 'calm';
}

export interface SpendBarProps {
  readonly limit: Pick<LimitView, 'metric' | 'amount' | 'settled' | 'held' | 'free' | 'raise'>;
  /** Shows the numbers under the bar; screen readers get them in any case. */
  readonly withNumbers?: boolean;
}

/** Spent, held and free of a cap. */
export function SpendBar({ limit, withNumbers = false }: SpendBarProps): ReactNode {
  const cap = capOf(limit);
  const part = (value: number): string => `${cap <= 0 ? 0 : Math.min(100, (value / cap) * 100)}%`;
  const words = (value: number): string => amountOf(limit.metric, value);
  const bare = (value: number): string => bareAmountOf(limit.metric, value);
  const { spend } = commonText;
  const free = Math.max(0, limit.free);
  const text = spend.bar(words(limit.settled), words(limit.held), words(free), words(cap));
  return (
    <div className="tg-spend" data-state={spendState(limit)}>
      <div className="tg-spend-track" role="img" aria-label={text}>
        <div className="tg-spend-spent" style={{ width: part(limit.settled) }} />
        <div className="tg-spend-held" style={{ width: part(limit.held) }} />
      </div>
      {withNumbers && (
        <div className="tg-spend-numbers tg-num" aria-hidden="true">
          <span>
            <b>{bare(limit.settled)}</b> {spend.spent}
          </span>
          <span>
            {bare(limit.held)} {spend.held}
          </span>
          <span>
            {bare(free)} {spend.free}
          </span>
        </div>
      )}
    </div>
  );
}
