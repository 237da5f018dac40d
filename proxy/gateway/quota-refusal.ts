import { KEY_SCOPE, type Violation } from '../admission/accountant.ts';
import type { Calendar } from '../admission/calendar.ts';
import { formatCount, formatLimit, type Metric } from '../contract/limits.ts';
import { formatUsd } from '../contract/money.ts';
import { type Refusal, refuse } from './refusal.ts';

const WINDOW_WORDS = {
  minute: 'per minute',
  hour: 'per hour',
  day: 'per day',
  week: 'per week',
  month: 'per month',
  total: 'in total',
} as const;

/** Names app, limit, amounts and reset, so that nobody has to look anything up. */
export function quotaRefusal(violation: Violation, appName: string, calendar: Calendar): Refusal {
  const { rule, settled, held, needed, resetsAtMs, scope } = violation;
  const limit = violation.amount;
  const amount = (value: number): string => formatAmount(rule.metric, value);
  const whose = ownerOf(scope, appName);
  const used = `${amount(settled)} used${held > 0 ? ` and ${amount(held)} held for requests in flight` : ''}`;
  const reset = resetsAtMs === null ? 'it does not reset' : `resets ${calendar.format(resetsAtMs)}`;
  const problem =
    `Limit of ${amount(limit)} ${WINDOW_WORDS[rule.window]} for ${whose} would be exceeded: ${used}, ` +
    `and this request of app "${appName}" could take up to ${amount(needed)}; ${reset}`;
  const place = scope === KEY_SCOPE ? 'key' : (scope.split(':', 1)[0] ?? '');
  return refuse('quota_exceeded', { problem }, { resetsAtMs, rule: `${place} ${formatLimit(rule)}` });
}

function ownerOf(scope: string, appName: string): string {
  if (scope === KEY_SCOPE) return 'the whole key';
  const [kind, , ...name] = scope.split(':');
  if (kind === 'run') return 'this run';
  if (kind === 'address') return `each client address of app "${appName}"`;
  if (kind !== 'user') return `app "${appName}"`;
  const user = name.join(':');
  return user === '' ? `requests of app "${appName}" that name no user` : `each user of app "${appName}"`;
}

function formatAmount(metric: Metric, value: number): string {
  if (metric === 'usd') return formatUsd(value);
  const plural = metric.replace('_', ' ');
  return `${formatCount(value)} ${value === 1 ? plural.slice(0, -1) : plural}`;
}
