import { formatLimit } from '../contract/limits.ts';
import { formatUsd } from '../contract/money.ts';
import { type AlertDraft, amountText, limitText } from './alert-draft.ts';
import { forecast } from './forecast.ts';
import type { LimitOwner, ThresholdLimit } from './threshold-watch.ts';
import { type HourUse, hourOf } from './usage-history.ts';

/** A limit with the bounds of its window. */
export interface ForecastLimit extends ThresholdLimit {
  readonly startMs: number;
  readonly endMs: number;
}

/** Hours with spending that a usual hour is made of. */
const MIN_USUAL_HOURS = 6;

/** Looks ahead and at what is usual; told of each app that spends, now and then. */
export class SpendWatch {
  readonly #raise: (draft: AlertDraft) => void;

  constructor(raise: (draft: AlertDraft) => void) {
    this.#raise = raise;
  }

  /** A limit that will be used up before its window ends; `format` writes an instant for people. */
  checkForecasts(
    owner: LimitOwner,
    limits: readonly ForecastLimit[],
    hours: ReadonlyMap<number, Readonly<HourUse>>,
    nowMs: number,
    format: (atMs: number) => string,
  ): void {
    for (const limit of limits) {
      const { metric, window, enforce, amountNow, settled, startMs, endMs, resetsAtMs } = limit;
      // A window that has hardly begun reaches anything at any pace.
      const isYoung = Number.isFinite(endMs) && nowMs - startMs < (endMs - startMs) * 0.1;
      if (window === 'total' || isYoung || settled * 5 < amountNow) continue;
      const seen = forecast({
        metric,
        window,
        amount: amountNow,
        used: settled,
        nowMs,
        startMs,
        endMs,
        hours,
      });
      if (seen.state !== 'reaches' || seen.reachesAtMs === null || seen.atReset === null) continue;
      const whose = owner.appNum === null ? 'Everything on the key' : owner.name;
      const amount = limitText({ metric, window, amount: amountNow });
      const when = format(seen.reachesAtMs).slice(0, 16).replace('T', ' ');
      this.#raise({
        kind: 'forecast',
        severity: 'warning',
        appNum: owner.appNum,
        title: `${whose} will use up ${amount} about ${when}`,
        detail:
          `${amountText(metric, settled)} are used; at this pace it is ${amountText(metric, seen.atReset.likely)} ` +
          `(${amountText(metric, seen.atReset.low)} to ${amountText(metric, seen.atReset.high)}) when it resets.`,
        about: `${metric}/${window}/${enforce}`,
        once: `forecast ${owner.id} ${formatLimit({ metric, window, amount: amountNow })} ${enforce} ${resetsAtMs ?? ''}`,
        limit: { metric, window, enforce, amount: amountNow },
        windowEndsAtMs: resetsAtMs,
      });
    }
  }

  /** An hour that costs many times the usual one of the last two weeks. */
  checkUnusual(
    owner: LimitOwner,
    hours: ReadonlyMap<number, Readonly<HourUse>>,
    nowMs: number,
    { factor, minNanoUsd }: { readonly factor: number; readonly minNanoUsd: number },
  ): void {
    const current = hourOf(nowMs);
    const spent = hours.get(current)?.nanoUsd ?? 0;
    if (spent < minNanoUsd || spent === 0) return;
    let sum = 0;
    let count = 0;
    for (const [hour, use] of hours) {
      if (hour >= current || hour < current - 14 * 24 || use.nanoUsd === 0) continue;
      sum += use.nanoUsd;
      count += 1;
    }
    if (count < MIN_USUAL_HOURS || spent < (sum / count) * factor) return;
    const usual = Math.round(sum / count);
    this.#raise({
      kind: 'unusual-spend',
      severity: 'warning',
      appNum: owner.appNum,
      title: `${owner.name} spends ${Math.floor(spent / usual)} times the usual`,
      detail: `${formatUsd(spent)} in this hour; an hour with spending costs ${formatUsd(usual)} as a rule.`,
      once: `unusual ${owner.id} ${current}`,
    });
  }
}
