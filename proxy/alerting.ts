import { type Accountant, appScope, KEY_SCOPE } from './admission/accountant.ts';
import type { Calendar } from './admission/calendar.ts';
import { AlertDesk, type AlertPort, type AlertStore, type KeptAlert } from './alerts/alert-desk.ts';
import { type AlertDraft, plainText } from './alerts/alert-draft.ts';
import { alertOfFinding } from './alerts/finding-alerts.ts';
import type { FindingRecord } from './alerts/finding-log.ts';
import { RefusalWatch } from './alerts/refusal-watch.ts';
import { type ForecastLimit, SpendWatch } from './alerts/spend-watch.ts';
import { type LimitOwner, ThresholdWatch } from './alerts/threshold-watch.ts';
import { UsageHistory } from './alerts/usage-history.ts';
import { formatLimit } from './contract/limits.ts';
import type { KeyState } from './keys/key-state.ts';
import type { JournalEntry } from './ledger/entries.ts';
import type { Journal } from './ledger/journal.ts';
import type { App, Registry } from './ledger/registry.ts';

/** Limits are looked at this long after a request has ended, so that a burst is looked at once. */
const LOOK_AFTER_MS = 100;
/** How often an app that spends is looked ahead for. */
const LOOK_AHEAD_MS = 60_000;

export interface AlertingParts {
  readonly accountant: Accountant;
  readonly calendar: Calendar;
  readonly registry: Registry;
  readonly journal: Journal;
  readonly ports: readonly AlertPort[];
  readonly open: number;
  now(): number;
  onChange(alert: KeptAlert | null, isNew: boolean): void;
  onError(error: unknown): void;
}

/** Watches what happens and tells the user; has no timer while nothing does. */
export class Alerting {
  readonly desk: AlertDesk;
  readonly history: UsageHistory;
  readonly #parts: AlertingParts;
  readonly #thresholds: ThresholdWatch;
  readonly #spending: SpendWatch;
  readonly #refusals: RefusalWatch;
  /** Apps that something has happened to, and the rules that have refused requests of them. */
  readonly #touched = new Map<number, Set<string>>();
  readonly #lookedAheadMs = new Map<number | null, number>();
  #timer: NodeJS.Timeout | null = null;
  #looking: Promise<void> = Promise.resolve();

  constructor(parts: AlertingParts) {
    this.#parts = parts;
    const { journal } = parts;
    this.desk = new AlertDesk({
      store: storeOf(journal),
      ports: parts.ports,
      open: parts.open,
      now: parts.now,
      onChange: parts.onChange,
      onError: parts.onError,
    });
    const raise = (draft: AlertDraft): void => this.desk.raise(draft);
    this.history = new UsageHistory((fromHour) => journal.call('hourSums', fromHour));
    this.#thresholds = new ThresholdWatch(raise);
    this.#spending = new SpendWatch(raise);
    this.#refusals = new RefusalWatch(raise, () => this.desk.settings.refusals);
  }

  /** Everything that is booked comes through here, in the middle of its request. */
  onEntry(entry: JournalEntry): void {
    if (entry.kind === 'end') {
      this.history.add(entry.appNum, entry.atMs, {
        nanoUsd: entry.costNanoUsd ?? 0,
        inputTokens: entry.inputTokens,
        outputTokens: entry.outputTokens,
        requests: 1,
      });
      if (entry.costNanoUsd === null) this.#unpriced(entry.appNum, entry.model, false);
      this.#touch(entry.appNum);
    } else if (entry.kind === 'refusal') {
      const { appNum, reason, rule, atMs, count, model } = entry;
      this.#refusals.add(appNum, this.#nameOf(appNum), reason, atMs, count);
      if (reason === 'model_price_unknown') this.#unpriced(appNum, model, true);
      if (rule !== null) this.#touch(appNum, rule);
    }
  }

  onFinding(finding: FindingRecord): void {
    const draft = alertOfFinding(finding, finding.appNum === null ? null : this.#nameOf(finding.appNum));
    if (draft) this.desk.raise(draft);
  }

  onKey(state: KeyState): void {
    if (state.status === 'rejected') {
      this.desk.raise({
        kind: 'key-rejected',
        severity: 'critical',
        appNum: null,
        title: 'OpenAI rejects the key',
        detail: `The key with the fingerprint ${state.fingerprint} was answered with 401. Nothing is forwarded until a working one is stored.`,
        about: state.fingerprint,
      });
    } else if (state.status === 'unavailable') {
      this.desk.raise({
        kind: 'key-unavailable',
        severity: 'critical',
        appNum: null,
        title: 'The OpenAI key cannot be read',
        detail: `${state.error.message} ${state.error.hint}`,
        about: state.error.code,
      });
    }
  }

  onHealth(healthy: boolean, problem: string | null): void {
    if (healthy) return;
    this.desk.raise({
      kind: 'ledger',
      severity: 'critical',
      appNum: null,
      title: 'The ledger cannot be written',
      detail: `${plainText(problem ?? 'the disk refuses', 120)}. Nothing that may cost money is let through until it can.`,
      about: 'unwritable',
    });
  }

  /** Looks at what has happened so far, now. */
  async settled(): Promise<void> {
    this.#look();
    await this.#looking;
    await this.desk.settled();
  }

  async close(): Promise<void> {
    if (this.#timer) clearTimeout(this.#timer);
    this.#timer = null;
    await this.settled();
  }

  #touch(appNum: number, rule?: string): void {
    const rules = this.#touched.get(appNum) ?? new Set();
    this.#touched.set(appNum, rules);
    if (rule !== undefined) rules.add(rule);
    this.#timer ??= setTimeout(() => this.#lookByItself(), LOOK_AFTER_MS);
  }

  /** A fault of looking ends no engine, and no request. */
  #lookByItself(): void {
    try {
      this.#look();
    } catch (error) {
      this.#parts.onError(error);
    }
  }

  #look(): void {
    if (this.#timer) clearTimeout(this.#timer);
    this.#timer = null;
    const touched = [...this.#touched];
    this.#touched.clear();
    const rules = new Set(touched.flatMap(([, broken]) => [...broken]));
    if (touched.length > 0) this.#checkLimits(KEY, rules);
    for (const [appNum, broken] of touched) {
      const app = this.#parts.registry.app(appNum);
      if (app) this.#checkLimits(ownerOf(app), broken);
    }
    this.#looking = this.#looking
      .then(() => this.#lookAhead(touched.map(([appNum]) => appNum)))
      .catch((error: unknown) => this.#parts.onError(error));
  }

  #checkLimits(owner: LimitOwner, broken: ReadonlySet<string>): void {
    const place = owner.appNum === null ? 'key' : 'app';
    this.#thresholds.check(owner, this.limitsOf(owner.appNum), (limit) =>
      broken.has(`${place} ${formatLimit(limit)}`),
    );
  }

  /** Those of an app, or of the whole key, with where they stand. */
  limitsOf(appNum: number | null): ForecastLimit[] {
    const { accountant, calendar, registry } = this.#parts;
    const app = appNum === null ? null : registry.app(appNum);
    const scope = app ? appScope(app.id) : KEY_SCOPE;
    if ((appNum !== null && !app) || !accountant.hasScope(scope)) return [];
    const nowMs = accountant.tick(this.#parts.now());
    const own = new Map((app?.limits ?? registry.keyLimits).map(({ id, thresholds }) => [id, thresholds]));
    return accountant.states(scope).map(({ rule, amount, settled, resetsAtMs }) => ({
      id: rule.id,
      metric: rule.metric,
      window: rule.window,
      enforce: rule.enforce,
      amount: rule.amount,
      amountNow: amount,
      settled,
      resetsAtMs,
      resetsAt: resetsAtMs === null ? null : calendar.format(resetsAtMs),
      thresholds: own.get(rule.id) ?? this.desk.settings.thresholds,
      ...calendar.bounds(rule.window, nowMs),
    }));
  }

  /** Now and then: where spending is going, and whether it is what is usual. */
  async #lookAhead(appNums: readonly number[]): Promise<void> {
    const { accountant, calendar, registry } = this.#parts;
    const nowMs = accountant.tick(this.#parts.now());
    const owners: LimitOwner[] = [KEY, ...appNums.flatMap((num) => registry.app(num) ?? []).map(ownerOf)];
    const due = owners.filter(
      ({ appNum }) => nowMs - (this.#lookedAheadMs.get(appNum) ?? 0) >= LOOK_AHEAD_MS,
    );
    if (appNums.length === 0 || due.length === 0) return;
    for (const { appNum } of due) this.#lookedAheadMs.set(appNum, nowMs);
    await this.history.ready(nowMs);
    for (const owner of due) {
      const hours = this.history.hours(owner.appNum);
      this.#spending.checkForecasts(owner, this.limitsOf(owner.appNum), hours, nowMs, calendar.format);
      if (owner.appNum !== null) this.#spending.checkUnusual(owner, hours, nowMs, this.desk.settings.unusual);
    }
  }

  #unpriced(appNum: number, model: string, refused: boolean): void {
    // A request that names no model, such as a list, has no price to miss.
    if (model === '') return;
    const name = plainText(model);
    this.desk.raise({
      kind: 'unpriced-model',
      severity: refused ? 'warning' : 'info',
      appNum,
      title: `${this.#nameOf(appNum)} uses ${name}, which has no price`,
      detail: refused
        ? 'It was refused, because a limit of dollars applies. Set a price for the model to let it through.'
        : 'It was let through, and its cost is unknown. Set a price for the model to have it counted.',
      about: name,
    });
  }

  #nameOf(appNum: number): string {
    return this.#parts.registry.app(appNum)?.name ?? 'a removed app';
  }
}

const KEY: LimitOwner = { appNum: null, name: '', id: 'key' };

function ownerOf(app: App): LimitOwner {
  return { appNum: app.num, name: app.name, id: app.id };
}

function storeOf(journal: Journal): AlertStore {
  return {
    keep: (alert) => journal.call('raiseAlert', alert),
    acknowledge: (ids, atMs) => journal.call('acknowledgeAlerts', { ids, atMs }),
    snooze: (id, untilMs) => journal.call('snoozeAlert', { id, untilMs }),
  };
}
