import type { Accountant } from '../admission/accountant.ts';
import type { Calendar } from '../admission/calendar.ts';
import type { CoverageRow } from '../contract/coverage.ts';
import type { HoldState } from '../contract/holds.ts';
import type { KeyRing } from '../keys/key-ring.ts';
import type { KeyStore } from '../keys/key-store.ts';
import type { Journal } from '../ledger/journal.ts';
import type { App, Registry } from '../ledger/registry.ts';
import type { Reports } from '../ledger/reports.ts';
import type { PriceBook } from '../pricing/price-book.ts';

/** Facts about the engine that do not change while it runs. */
export interface EngineFacts {
  readonly version: string;
  readonly pid: number;
  readonly startedAt: string;
  readonly upstream: string;
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
  /** Where clients reach the engine; null while it has no ports. */
  addresses(): { readonly baseUrl: string | null; readonly dashboardUrl: string | null };
  openHolds(): readonly OpenHold[];
  /** What happens to each route of OpenAI's API. */
  coverage(): readonly CoverageRow[];
  traffic(): { readonly inFlight: number; readonly waiting: number };
  /** Asks OpenAI about a key. */
  checkKey(key: Buffer): Promise<KeyVerdict>;
  /** Something a person waits for: an unexpected failure is logged here. */
  onError(error: unknown): void;
  now(): number;
}
