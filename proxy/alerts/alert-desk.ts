import {
  ALERT_KINDS,
  type AlertKind,
  type AlertSeverity,
  DEFAULT_THRESHOLDS,
} from '../contract/alert-words.ts';
import type { AlertSettings } from '../contract/alerts.ts';
import type { AlertDraft, DraftedLimit } from './alert-draft.ts';

const HOUR_MS = 3_600_000;
/** Drafts that wait for the disk; more would be a flood that nobody reads. */
const MAX_WAITING = 200;
/** The same draft again within this time is only counted. */
const QUIET_MS = 1_000;

/** What is kept of an alert; ids rise. */
export interface KeptAlert {
  readonly id: number;
  readonly kind: AlertKind;
  readonly severity: AlertSeverity;
  readonly atMs: number;
  readonly appNum: number | null;
  readonly appId: string | null;
  readonly appName: string | null;
  readonly title: string;
  readonly detail: string;
  readonly limit: DraftedLimit | null;
  readonly threshold: number | null;
  readonly windowEndsAtMs: number | null;
  readonly count: number;
  readonly lastAtMs: number;
  readonly acknowledgedAtMs: number | null;
  readonly snoozedUntilMs: number | null;
  /** Whether it is to be shown and sent. */
  readonly delivered: boolean;
}

/** An alert as the store takes it; null is answered for what was told before. */
export interface AlertToKeep extends Required<Omit<AlertDraft, 'about' | 'once' | 'limit' | 'threshold'>> {
  readonly atMs: number;
  readonly subject: string;
  readonly once: string | null;
  readonly mergeMs: number;
  readonly limit: DraftedLimit | null;
  readonly threshold: number | null;
  readonly windowEndsAtMs: number | null;
  readonly muted: boolean;
}

export interface AlertStore {
  keep(alert: AlertToKeep): Promise<{ readonly alert: KeptAlert; readonly isNew: boolean } | null>;
  acknowledge(ids: readonly number[] | null, atMs: number): Promise<readonly number[]>;
  /** Null ends a snooze; answers null for an id that there is not. */
  snooze(id: number, untilMs: number | null): Promise<KeptAlert | null>;
}

/** Where new alerts go: the log, the desktop, a webhook. Must neither throw nor take long. */
export interface AlertPort {
  deliver(alert: KeptAlert): void;
}

export interface DeskOptions {
  readonly store: AlertStore;
  readonly ports: readonly AlertPort[];
  readonly open: number;
  readonly now: () => number;
  /** Told of every alert that is new or has changed. */
  readonly onChange: (alert: KeptAlert | null, isNew: boolean) => void;
  readonly onError: (error: unknown) => void;
}

export const DEFAULT_ALERT_SETTINGS: AlertSettings = {
  thresholds: [...DEFAULT_THRESHOLDS],
  muted: [],
  unusual: { factor: 5, minNanoUsd: 1_000_000_000 },
  refusals: { count: 50, minutes: 10 },
  desktop: true,
};

/** What was stored under an older version lacks what came since. */
export function alertSettingsOf(stored: string | undefined): AlertSettings {
  if (stored === undefined || stored === '') return DEFAULT_ALERT_SETTINGS;
  const found = { ...DEFAULT_ALERT_SETTINGS, ...(JSON.parse(stored) as Partial<AlertSettings>) };
  return { ...found, muted: found.muted.filter((kind) => ALERT_KINDS.includes(kind)) };
}

/**
 * Keeps alerts one after the other, lets each be told once, and hands those that are new to the ports.
 * Raising never waits: it happens in the middle of a request.
 */
export class AlertDesk {
  readonly #options: DeskOptions;
  readonly #recent = new Map<string, number>();
  #settings: AlertSettings = DEFAULT_ALERT_SETTINGS;
  #queue: Promise<void> = Promise.resolve();
  #waiting = 0;
  #open: number;

  constructor(options: DeskOptions) {
    this.#options = options;
    this.#open = options.open;
  }

  /** Alerts that nobody has acknowledged. */
  get open(): number {
    return this.#open;
  }

  get settings(): AlertSettings {
    return this.#settings;
  }

  set settings(settings: AlertSettings) {
    this.#settings = settings;
  }

  raise(draft: AlertDraft): void {
    const { now } = this.#options;
    const atMs = now();
    const subject = `${draft.kind}|${draft.appNum ?? ''}|${draft.about ?? ''}`;
    const name = draft.once ?? subject;
    const before = this.#recent.get(name);
    if (before !== undefined && atMs >= before && atMs - before < QUIET_MS) return;
    if (this.#waiting >= MAX_WAITING) return;
    if (this.#recent.size > MAX_WAITING) this.#recent.clear();
    this.#recent.set(name, atMs);
    this.#waiting += 1;
    this.#queue = this.#queue.then(() => this.#keep(draft, subject, atMs));
  }

  /** Null acknowledges all. */
  async acknowledge(ids: readonly number[] | null): Promise<number> {
    const done = await this.#options.store.acknowledge(ids, this.#options.now());
    this.#open -= done.length;
    if (done.length > 0) this.#options.onChange(null, false);
    return done.length;
  }

  async snooze(id: number, untilMs: number | null): Promise<KeptAlert | null> {
    const alert = await this.#options.store.snooze(id, untilMs);
    if (alert) this.#options.onChange(alert, false);
    return alert;
  }

  /** Resolves when everything raised so far is kept and delivered. */
  settled(): Promise<void> {
    return this.#queue;
  }

  async #keep(draft: AlertDraft, subject: string, atMs: number): Promise<void> {
    this.#waiting -= 1;
    const { store, ports, onChange, onError } = this.#options;
    try {
      const kept = await store.keep({
        kind: draft.kind,
        severity: draft.severity,
        appNum: draft.appNum,
        title: draft.title,
        detail: draft.detail,
        count: draft.count ?? 1,
        atMs,
        subject,
        once: draft.once ?? null,
        mergeMs: HOUR_MS,
        limit: draft.limit ?? null,
        threshold: draft.threshold ?? null,
        windowEndsAtMs: draft.windowEndsAtMs ?? null,
        muted: this.#settings.muted.includes(draft.kind),
      });
      if (!kept) return;
      if (kept.isNew) this.#open += 1;
      onChange(kept.alert, kept.isNew);
      if (kept.isNew && kept.alert.delivered) for (const port of ports) port.deliver(kept.alert);
    } catch (error) {
      // Most likely the disk is full: what cannot be kept is told all the same.
      onError(error);
      for (const port of ports) port.deliver(unkept(draft, atMs));
    }
  }
}

/** An alert that the ledger has no room for; its id is 0. */
function unkept(draft: AlertDraft, atMs: number): KeptAlert {
  return {
    id: 0,
    kind: draft.kind,
    severity: draft.severity,
    atMs,
    appNum: draft.appNum,
    appId: null,
    appName: null,
    title: draft.title,
    detail: draft.detail,
    limit: draft.limit ?? null,
    threshold: draft.threshold ?? null,
    windowEndsAtMs: draft.windowEndsAtMs ?? null,
    count: draft.count ?? 1,
    lastAtMs: atMs,
    acknowledgedAtMs: null,
    snoozedUntilMs: null,
    delivered: true,
  };
}
