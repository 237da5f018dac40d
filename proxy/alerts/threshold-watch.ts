import { formatLimit } from '../contract/limits.ts';
import { type AlertDraft, amountText, type DraftedLimit, limitText } from './alert-draft.ts';

/** A limit and where its window stands, in the metric's own unit (nano-dollars for `usd`). */
export interface ThresholdLimit extends DraftedLimit {
  readonly id: number;
  /** What counts now: the amount, and what it is raised by for a while. */
  readonly amountNow: number;
  readonly settled: number;
  /** When the window ends, epoch milliseconds; null for `total`. */
  readonly resetsAtMs: number | null;
  /** The same as people read it; null for `total`. */
  readonly resetsAt: string | null;
  readonly thresholds: readonly number[];
}

/** Whose limits: an app's, or those of the whole key. */
export interface LimitOwner {
  readonly appNum: number | null;
  /** Of the app; empty for the whole key. */
  readonly name: string;
  /** Stays the same as long as the owner lives: the app's id, or `key`. */
  readonly id: string;
}

interface Told {
  readonly resetsAtMs: number | null;
  readonly amountNow: number;
  readonly percent: number;
}

/**
 * Tells when a limit's window has used a percentage of its amount: each percentage once in a window, and
 * only the highest where several were passed at once. A hard limit is seldom used up to the last cent, so
 * a refusal because of it counts as 100 %.
 */
export class ThresholdWatch {
  readonly #raise: (draft: AlertDraft) => void;
  /** By limit: the highest percentage told, and of what. */
  readonly #told = new Map<number, Told>();

  constructor(raise: (draft: AlertDraft) => void) {
    this.#raise = raise;
  }

  /** @param refusing whether a request was just refused because of this limit */
  check(
    owner: LimitOwner,
    limits: readonly ThresholdLimit[],
    refusing?: (limit: DraftedLimit) => boolean,
  ): void {
    for (const limit of limits) {
      const { settled, amountNow, thresholds } = limit;
      if (thresholds.length === 0) continue;
      const isFull = limit.enforce === 'hard' && (refusing?.(limit) ?? false);
      const percent = amountNow <= 0 ? (isFull ? 100 : 0) : Math.floor((settled / amountNow) * 100);
      const reached = Math.max(percent, isFull ? 100 : 0);
      const highest = thresholds.reduce((most, each) => (each <= reached && each > most ? each : most), 0);
      if (highest > this.#toldOf(limit)) this.#tell(owner, limit, highest, isFull);
    }
  }

  /** What was told of this window and this amount; another amount is another thing to be told of. */
  #toldOf({ id, resetsAtMs, amountNow }: ThresholdLimit): number {
    const told = this.#told.get(id);
    return told && told.resetsAtMs === resetsAtMs && told.amountNow === amountNow ? told.percent : 0;
  }

  #tell(owner: LimitOwner, limit: ThresholdLimit, percent: number, isFull: boolean): void {
    const { id, metric, window, enforce, settled, amountNow, resetsAtMs, resetsAt } = limit;
    this.#told.set(id, { resetsAtMs, amountNow, percent });
    const whose = owner.appNum === null ? 'Everything on the key' : owner.name;
    const text = limitText({ metric, window, amount: amountNow });
    const reset = resetsAt === null ? 'It does not reset.' : `It resets ${resetsAt.replace('T', ' ')}.`;
    const isOver = percent >= 100;
    const refuses = isOver && enforce === 'hard';
    this.#raise({
      kind: 'threshold',
      severity: refuses ? 'critical' : percent >= 80 ? 'warning' : 'info',
      appNum: owner.appNum,
      title: titleOf(whose, text, percent, isFull && settled < amountNow),
      detail:
        `${amountText(metric, settled)} of ${amountText(metric, amountNow)} are used. ${reset}` +
        (refuses ? ` ${isFull ? 'Requests that do not fit are' : 'Further requests are'} refused.` : ''),
      about: `${metric}/${window}/${enforce}`,
      once: `threshold ${owner.id} ${formatLimit({ metric, window, amount: amountNow })} ${enforce} ${percent} ${resetsAtMs ?? ''}`,
      limit: { metric, window, enforce, amount: amountNow },
      threshold: percent,
      windowEndsAtMs: resetsAtMs,
    });
  }
}

/** What is left of a cap may be too little for a request, and then refuses it before it is used up. */
function titleOf(whose: string, limit: string, percent: number, isLeft: boolean): string {
  if (isLeft) return `${whose}: too little is left of ${limit}`;
  return percent >= 100 ? `${whose} has used up ${limit}` : `${whose} has used ${percent} % of ${limit}`;
}
