import type { AlertDraft } from './alert-draft.ts';

const MINUTE_MS = 60_000;

interface Minute {
  readonly minute: number;
  count: number;
}

/** Counts refusals of each app by the minute, and tells when there are many. */
export class RefusalWatch {
  readonly #raise: (draft: AlertDraft) => void;
  readonly #settings: () => { readonly count: number; readonly minutes: number };
  readonly #minutes = new Map<number, Minute[]>();
  /** By app: until when it has been told. */
  readonly #quietUntil = new Map<number, number>();

  constructor(
    raise: (draft: AlertDraft) => void,
    settings: () => { readonly count: number; readonly minutes: number },
  ) {
    this.#raise = raise;
    this.#settings = settings;
  }

  /** @param reason a code of the error table */
  add(appNum: number, appName: string, reason: string, atMs: number, count: number): void {
    const { count: many, minutes } = this.#settings();
    const minute = Math.floor(atMs / MINUTE_MS);
    const recent = (this.#minutes.get(appNum) ?? []).filter((each) => each.minute > minute - minutes);
    const last = recent.at(-1);
    if (last?.minute === minute) last.count += count;
    else recent.push({ minute, count });
    this.#minutes.set(appNum, recent);
    const sum = recent.reduce((total, each) => total + each.count, 0);
    const nowMs = minute * MINUTE_MS;
    if (sum < many || nowMs < (this.#quietUntil.get(appNum) ?? 0)) return;
    this.#quietUntil.set(appNum, nowMs + minutes * MINUTE_MS);
    this.#raise({
      kind: 'refusals',
      severity: 'warning',
      appNum,
      title: `${sum} requests of ${appName} were refused in ${minutes} minutes`,
      detail: `The latest because of ${reason}. The list of requests says more.`,
      count: sum,
    });
  }
}
