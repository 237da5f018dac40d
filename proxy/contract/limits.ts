import { AppError } from './errors.ts';
import { exactUsd, MAX_NANO_USD, parseUsd } from './money.ts';

/** What a limit counts. `usd` is in nano-dollars, the others are plain counts. */
export const METRICS = ['usd', 'tokens', 'input_tokens', 'output_tokens', 'requests'] as const;
export type Metric = (typeof METRICS)[number];

/** Calendar windows in the user's time zone; weeks begin on Monday; `total` never resets. */
export const WINDOWS = ['minute', 'hour', 'day', 'week', 'month', 'total'] as const;
export type Window = (typeof WINDOWS)[number];

/** Whether crossing the amount refuses a request (`hard`) or only raises an alert (`warn`). */
export const ENFORCE = ['hard', 'warn'] as const;
export type Enforce = (typeof ENFORCE)[number];

/** More of a limit for a while; the limit itself stays as it is. */
export interface LimitRaise {
  /** Added to the limit's amount, in its own unit. */
  readonly amount: number;
  /** Epoch milliseconds. */
  readonly untilMs: number;
}

export interface LimitSpec {
  readonly metric: Metric;
  /** Nano-dollars for `usd`, a count otherwise. */
  readonly amount: number;
  readonly window: Window;
}

/** Zeros that a suffix stands for. */
const SUFFIX_ZEROS: Readonly<Record<string, number>> = { '': 0, k: 3, m: 6, b: 9 };

/** A count such as `200k`, `1.5M` or `1_000`; null when it is not a whole number in range. */
export function parseCount(text: string): number | null {
  const match = /^(\d+(?:_\d+)*)(?:\.(\d{1,9}))?([kmb]?)$/i.exec(text.trim());
  if (!match) return null;
  const zeros = SUFFIX_ZEROS[(match[3] ?? '').toLowerCase()] ?? 0;
  const fraction = (match[2] ?? '').replace(/0+$/, '');
  if (fraction.length > zeros) return null;
  // Put together as digits: sums of doubles of this size round to whole numbers that were not written.
  const count = Number((match[1] ?? '').replaceAll('_', '') + fraction.padEnd(zeros, '0'));
  return count <= MAX_NANO_USD ? count : null;
}

/**
 * Parses `usd=5/day`, `tokens=200k/hour`, `requests=100/minute`, `usd=0.50/total`.
 * @throws AppError `limit_malformed` naming the part that is wrong.
 */
export function parseLimit(text: string): LimitSpec {
  const fail = (problem: string): never => {
    throw new AppError('limit_malformed', { limit: text.slice(0, 60), problem });
  };
  const match = /^([^=]*)=([^/]*)\/(.*)$/.exec(text.trim());
  if (!match) return fail('it is not of the form METRIC=AMOUNT/WINDOW');
  const [, metric = '', amount = '', window = ''] = match.map((part) => part.trim());
  const shown = (part: string): string => `"${part.slice(0, 40)}"`;
  if (!isMetric(metric)) return fail(`${shown(metric)} is not one of ${METRICS.join(', ')}`);
  if (!isWindow(window)) return fail(`${shown(window)} is not one of ${WINDOWS.join(', ')}`);
  const parsed = metric === 'usd' ? parseUsd(amount) : parseCount(amount);
  if (parsed === null) {
    return fail(
      metric === 'usd'
        ? `${shown(amount)} is not an amount of dollars with at most nine decimals`
        : `${shown(amount)} is not a whole number`,
    );
  }
  return { metric, amount: parsed, window };
}

export function isMetric(text: string): text is Metric {
  return (METRICS as readonly string[]).includes(text);
}

export function isWindow(text: string): text is Window {
  return (WINDOWS as readonly string[]).includes(text);
}

/** A count with thousands separators; without Intl, whose tables an idle engine need not load. */
export function formatCount(count: number): string {
  return String(count).replace(/\B(?=(\d{3})+$)/g, ',');
}

/** The inverse of {@link parseLimit}: exact, so that it can be parsed again. */
export function formatLimit(limit: LimitSpec): string {
  const amount = limit.metric === 'usd' ? exactUsd(limit.amount) : String(limit.amount);
  return `${limit.metric}=${amount}/${limit.window}`;
}
