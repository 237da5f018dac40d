import type { Accountant } from '../admission/accountant.ts';
import type { Calendar } from '../admission/calendar.ts';
import type { KeyRing } from '../keys/key-ring.ts';
import type { KeyStore } from '../keys/key-store.ts';
import type { Journal } from '../ledger/journal.ts';
import type { Registry } from '../ledger/registry.ts';
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
  traffic(): { readonly inFlight: number; readonly waiting: number };
  /** Asks OpenAI about a key. */
  checkKey(key: Buffer): Promise<KeyVerdict>;
  /** Something a person waits for: an unexpected failure is logged here. */
  onError(error: unknown): void;
  now(): number;
}
