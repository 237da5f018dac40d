import type { ErrorCode, ErrorDetails } from '../contract/errors.ts';
import type { Window } from '../contract/limits.ts';
import type { AlertRows } from './alert-rows.ts';
import type { Sum, SumsByWindow } from './counters.ts';
import type { JournalEntry } from './entries.ts';
import type { PackedEntries } from './entry-codec.ts';
import type { HourSum } from './hour-sums.ts';
import type { LateRecord, ObjectRecord } from './object-rows.ts';
import type { PartyQuery } from './party-counters.ts';
import type { Records } from './records.ts';
import type { Recovered } from './recovery.ts';

/** What the journal's thread is started with. */
export interface JournalOptions {
  readonly dbPath: string;
  readonly lockPath: string;
  /** A file that is there while an engine has the folder, and stays behind when one is killed. */
  readonly runningPath: string;
}

/** Calls that the journal runs in order with the batches, each in its own transaction. */
export type JournalCalls = Records &
  AlertRows & {
    sums(startMs: Readonly<Record<Window, number>>): SumsByWindow;
    partySums(query: PartyQuery): Readonly<Record<Window, Sum>>;
    objects(ids: readonly string[]): ObjectRecord[];
    lateWork(): LateRecord[];
    hourSums(fromHour: number): HourSum[];
  };
export type CallName = keyof JournalCalls;

export type ToJournal =
  | { readonly kind: 'batch'; readonly entries: PackedEntries }
  | { readonly kind: 'call'; readonly name: CallName; readonly argument: unknown }
  | { readonly kind: 'close' };

/** An error as it crosses the thread: `code` when it is one of ours. */
export interface JournalFailure {
  readonly message: string;
  readonly sqliteCode: string | null;
  readonly code: ErrorCode | null;
  readonly details: ErrorDetails;
}

/** In what state the ledger was found. */
export interface Opened {
  readonly recovered: Recovered;
  /** Whether the file was read through; it is not when it is large. */
  readonly isChecked: boolean;
  /** Whether the last engine was killed and its log is gone: what only the log had is not counted. */
  readonly lostLog: boolean;
}

export type FromJournal =
  | ({ readonly kind: 'opened' } & Opened)
  | { readonly kind: 'locked' }
  | { readonly kind: 'failed'; readonly failure: JournalFailure }
  | {
      readonly kind: 'done';
      readonly result: unknown;
      readonly failure: JournalFailure | null;
      /** Entries that broke a rule of the schema and were left out so that the rest could be kept. */
      readonly dropped: readonly { readonly entry: JournalEntry; readonly message: string }[];
    };
