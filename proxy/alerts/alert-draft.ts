import type { AlertKind, AlertSeverity } from '../contract/alert-words.ts';
import { type Enforce, formatCount, type LimitSpec, type Metric, type Window } from '../contract/limits.ts';
import { formatUsd } from '../contract/money.ts';

export interface DraftedLimit extends LimitSpec {
  readonly enforce: Enforce;
}

/** An alert before it is known whether it was told before. */
export interface AlertDraft {
  readonly kind: AlertKind;
  readonly severity: AlertSeverity;
  readonly appNum: number | null;
  readonly title: string;
  readonly detail: string;
  /** What it is about beside kind and app: a limit, a model. A snooze covers it. */
  readonly about?: string;
  /** Told at most once under this name, also after a restart. */
  readonly once?: string;
  readonly limit?: DraftedLimit;
  readonly threshold?: number;
  readonly windowEndsAtMs?: number | null;
  /** How often it has happened; 1 unless set. */
  readonly count?: number;
}

/** What comes from outside (names of models, of users) is cut and freed of what could move text around. */
export function plainText(text: string, maxLength = 80): string {
  const plain = text.replace(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu, ' ').replace(/\b(sk-|tg_)[\w-]{4,}/g, '$1…');
  return plain.length > maxLength ? `${plain.slice(0, maxLength - 1)}…` : plain;
}

const WINDOW_WORDS: Readonly<Record<Window, string>> = {
  minute: 'a minute',
  hour: 'an hour',
  day: 'a day',
  week: 'a week',
  month: 'a month',
  total: 'in total',
};

export function amountText(metric: Metric, amount: number): string {
  if (metric === 'usd') return formatUsd(amount);
  const plural = metric.replace('_', ' ');
  return `${formatCount(amount)} ${amount === 1 ? plural.slice(0, -1) : plural}`;
}

/** `$5.00 a day`, `200,000 tokens an hour`. */
export function limitText({ metric, amount, window }: LimitSpec): string {
  return `${amountText(metric, amount)} ${WINDOW_WORDS[window]}`;
}
