import type { LimitView } from '../../../proxy/contract/apps.ts';
import type { Metric } from '../../../proxy/contract/limits.ts';
import { limitText } from '../text/limits.ts';
import { count, shortCount } from './count.ts';
import { briefMoney, money } from './money.ts';

/** An amount in a limit's own unit: `$5.00`, `200,000 tokens`. */
export function amountOf(metric: Metric, amount: number): string {
  return metric === 'usd' ? money(amount) : limitText.amounts[metric](count(amount), amount);
}

/** The same for what is only about right: `$0.17`, `762K tokens`. */
export function briefAmountOf(metric: Metric, amount: number): string {
  return metric === 'usd' ? briefMoney(amount) : limitText.amounts[metric](shortCount(amount), amount);
}

/** The number alone, where the unit stands beside it already: `$5.00`, `200,000`. */
export function bareAmountOf(metric: Metric, amount: number): string {
  return metric === 'usd' ? money(amount) : count(amount);
}

/** `$5.00 a day`, `200,000 tokens an hour`. */
export function limitWords({
  metric,
  amount,
  window,
}: Pick<LimitView, 'metric' | 'amount' | 'window'>): string {
  return limitText.per[window](amountOf(metric, amount));
}
