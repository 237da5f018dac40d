const HOUR_MS = 3_600_000;
/** Four weeks: every weekday four times. */
export const HISTORY_HOURS = 28 * 24;

/** What was used in an hour. */
export interface HourUse {
  nanoUsd: number;
  inputTokens: number;
  outputTokens: number;
  requests: number;
}

export interface LoadedHour extends HourUse {
  /** Counted from the epoch, in UTC. */
  readonly hour: number;
  readonly appNum: number;
}

export const hourOf = (atMs: number): number => Math.floor(atMs / HOUR_MS);

/** What each app has used by the hour in the last four weeks: loaded once, then counted along. */
export class UsageHistory {
  readonly #load: (fromHour: number) => Promise<readonly LoadedHour[]>;
  readonly #apps = new Map<number, Map<number, HourUse>>();
  #loading: Promise<void> | null = null;
  #loaded = false;
  #prunedHour = 0;

  constructor(load: (fromHour: number) => Promise<readonly LoadedHour[]>) {
    this.#load = load;
  }

  /** Reads what was used before, once. What is added meanwhile is in what was read. */
  ready(nowMs: number): Promise<void> {
    this.#loading ??= this.#load(hourOf(nowMs) - HISTORY_HOURS).then((hours) => {
      this.#apps.clear();
      for (const { hour, appNum, ...use } of hours) this.#hoursOf(appNum).set(hour, use);
      this.#loaded = true;
    });
    return this.#loading;
  }

  /** Counts a request that has ended; before anybody asked for the history there is nothing to count. */
  add(appNum: number, atMs: number, use: HourUse): void {
    if (!this.#loaded) return;
    const hour = hourOf(atMs);
    const hours = this.#hoursOf(appNum);
    const sum = hours.get(hour) ?? { nanoUsd: 0, inputTokens: 0, outputTokens: 0, requests: 0 };
    hours.set(hour, {
      nanoUsd: sum.nanoUsd + use.nanoUsd,
      inputTokens: sum.inputTokens + use.inputTokens,
      outputTokens: sum.outputTokens + use.outputTokens,
      requests: sum.requests + use.requests,
    });
    if (hour > this.#prunedHour) this.#prune(hour);
  }

  /** By hour, of an app, or of all apps together for null. */
  hours(appNum: number | null): ReadonlyMap<number, Readonly<HourUse>> {
    if (appNum !== null) return this.#hoursOf(appNum);
    const total = new Map<number, HourUse>();
    for (const hours of this.#apps.values()) {
      for (const [hour, use] of hours) {
        const sum = total.get(hour) ?? { nanoUsd: 0, inputTokens: 0, outputTokens: 0, requests: 0 };
        sum.nanoUsd += use.nanoUsd;
        sum.inputTokens += use.inputTokens;
        sum.outputTokens += use.outputTokens;
        sum.requests += use.requests;
        total.set(hour, sum);
      }
    }
    return total;
  }

  #hoursOf(appNum: number): Map<number, HourUse> {
    let hours = this.#apps.get(appNum);
    if (!hours) {
      hours = new Map();
      this.#apps.set(appNum, hours);
    }
    return hours;
  }

  #prune(hour: number): void {
    this.#prunedHour = hour;
    for (const hours of this.#apps.values()) {
      for (const old of hours.keys()) if (old < hour - HISTORY_HOURS) hours.delete(old);
    }
  }
}
