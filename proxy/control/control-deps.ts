import type { Accountant } from '../admission/accountant.ts';
import type { Calendar } from '../admission/calendar.ts';
import type { AlertDesk, KeptAlert } from '../alerts/alert-desk.ts';
import type { ForecastLimit } from '../alerts/spend-watch.ts';
import type { UsageHistory } from '../alerts/usage-history.ts';
import type { Webhook } from '../alerts/webhook.ts';
import type { CoverageRow } from '../contract/coverage.ts';
import type { DoctorCheck } from '../contract/engine-status.ts';
import type { Change } from '../contract/event-words.ts';
import type { HoldState } from '../contract/holds.ts';
import type { Settings, SettingsPatch } from '../contract/settings.ts';
import type { KeyRing } from '../keys/key-ring.ts';
import type { KeyStore } from '../keys/key-store.ts';
import type { Journal } from '../ledger/journal.ts';
import type { App, Registry } from '../ledger/registry.ts';
import type { Reports } from '../ledger/reports.ts';
import type { PriceBook } from '../pricing/price-book.ts';
import type { DashboardSessions } from './dashboard-sessions.ts';

/** Facts about the engine that do not change while it runs. */
export interface EngineFacts {
  readonly version: string;
  readonly pid: number;
  readonly startedAt: string;
  readonly upstream: string;
  readonly simulated: boolean;
  readonly dataDir: string;
  readonly logPath: string | null;
}

/** Budget that is held at this moment. */
export interface OpenHold {
  readonly seq: number;
  readonly app: App;
  readonly endpoint: string;
  readonly model: string;
  /** When it was taken, on the accountant's clock. */
  readonly atMs: number;
  readonly nanoUsd: number | null;
  readonly inputTokens: number;
  readonly outputTokens: number;
  readonly state: HoldState;
  readonly objectId: string | null;
}

/** What the data plane did with a key that was to be checked. */
export type KeyVerdict =
  | { readonly kind: 'accepted'; readonly models: number | null }
  | { readonly kind: 'refused'; readonly status: number; readonly problem: string }
  | { readonly kind: 'unreachable'; readonly problem: string };

/** Tells listeners what happens, as it does; see proxy/signals.ts. */
export interface SignalSource {
  listen(listener: (signal: ControlSignal) => void): () => void;
  send(signal: ControlSignal): void;
}

/** That something has happened; whoever wants to know more looks it up. */
export type ControlSignal =
  | { readonly kind: 'request'; readonly seq: number; readonly appNum: number }
  | { readonly kind: 'alert'; readonly alert: KeptAlert; readonly isNew: boolean }
  | { readonly kind: 'changed'; readonly what: Change; readonly appId: string | null }
  | { readonly kind: 'engine' };

/** Small facts that outlive the engine. */
export interface Memory {
  get(name: string): string | undefined;
  set(name: string, value: string): Promise<void>;
}

export interface ControlDeps {
  readonly facts: EngineFacts;
  readonly registry: Registry;
  readonly accountant: Accountant;
  readonly calendar: Calendar;
  readonly journal: Journal;
  readonly reports: Reports;
  readonly book: PriceBook;
  readonly keys: KeyRing;
  readonly keyStore: KeyStore;
  readonly ids: { format(seq: number): string; parse(id: string): number | null };
  readonly feed: { follow(signal: AbortSignal): AsyncGenerator<number[]> };
  readonly signals: SignalSource;
  readonly activity: { ofApp(num: number): number | null; ofToken(id: number): number | null };
  readonly alerting: {
    readonly desk: AlertDesk;
    readonly history: UsageHistory;
    limitsOf(appNum: number | null): readonly ForecastLimit[];
  };
  readonly webhook: Webhook;
  readonly memory: Memory;
  readonly sessions: DashboardSessions;
  readonly pause: { pause(untilMs: number | null): Promise<void>; resume(): Promise<void> };
  readonly settings: {
    read(): Settings;
    write(patch: SettingsPatch): Settings;
    /** Whether the engine runs with other values than are set. */
    restartNeeded(): boolean;
  };
  /** Where the files and programs of tools are looked for. */
  readonly tools: { readonly home: string; readonly env: Readonly<Record<string, string | undefined>> };
  /** Where clients reach the engine; null while it has no ports. */
  addresses(): { readonly baseUrl: string | null; readonly dashboardUrl: string | null };
  /** IANA name of the zone of the calendar. */
  zone(): string;
  openHolds(): readonly OpenHold[];
  /** What happens to each route of OpenAI's API. */
  coverage(): readonly CoverageRow[];
  traffic(): { readonly inFlight: number; readonly waiting: number };
  /** Asks OpenAI about a key. */
  checkKey(key: Buffer): Promise<KeyVerdict>;
  /** Checks of the machine that an engine and a command can do alike. */
  doctor(): Promise<readonly DoctorCheck[]>;
  /** How the engine is reached, for the security checklist. */
  exposure(): {
    readonly host: string | null;
    readonly checksPeers: boolean;
    readonly extraHosts: readonly string[];
  };
  /** Something a person waits for: an unexpected failure is logged here. */
  onError(error: unknown): void;
  now(): number;
}
