import type { ObjectKind } from '../contract/object-kinds.ts';

/**
 * What the engine tells the journal. Entries of one batch are written in one transaction, in order.
 * Money is integer nano-dollars; times are epoch milliseconds on the accountant's clock.
 */
export interface HoldEntry {
  readonly kind: 'hold';
  /** Assigned by the engine, rising by one; the primary key of the request. */
  readonly seq: number;
  readonly atMs: number;
  readonly appNum: number;
  readonly tokenId: number;
  readonly route: string;
  /** As the request named it; empty when it named none. */
  readonly model: string;
  readonly streamed: boolean;
  /** The end user inside the app, when the request named one. */
  readonly user: string | null;
  /** Of the client; null unless the app has limits for each address. */
  readonly address: string | null;
  /** Null when the price is unknown. */
  readonly holdNanoUsd: number | null;
  readonly holdInputTokens: number;
  readonly holdOutputTokens: number;
}

export const END_OUTCOMES = ['settled', 'estimated', 'charged-at-bound', 'voided'] as const;
export type EndOutcome = (typeof END_OUTCOMES)[number];

export interface EndEntry {
  readonly kind: 'end';
  readonly seq: number;
  /** The same as in the hold: where the request is counted. */
  readonly atMs: number;
  readonly appNum: number;
  readonly route: string;
  readonly model: string;
  readonly user: string | null;
  readonly outcome: EndOutcome;
  /** HTTP status of the answer; 0 when there was none. */
  readonly status: number;
  /** Null when the price is unknown. */
  readonly costNanoUsd: number | null;
  readonly inputTokens: number;
  readonly cachedInputTokens: number;
  readonly outputTokens: number;
  readonly reasoningTokens: number;
  readonly servedModel: string | null;
  readonly serviceTier: string | null;
  readonly durationMs: number;
  readonly firstByteMs: number | null;
  /** OpenAI's `x-request-id`. */
  readonly upstreamId: string | null;
  /** Why the outcome is not plain `settled`, or what an observing app would have been refused for. */
  readonly reason: string | null;
  /** By how much the cost is above the hold: the one way past a cap, shown and alerted. */
  readonly overageNanoUsd: number;
}

export interface RefusalEntry {
  readonly kind: 'refusal';
  readonly seq: number;
  readonly atMs: number;
  readonly appNum: number;
  readonly tokenId: number;
  readonly route: string;
  readonly model: string;
  readonly user: string | null;
  readonly status: number;
  /** A code of the error table. */
  readonly reason: string;
  /** How many refusals this row stands for: a storm is written as a few rows, but counted in full. */
  readonly count: number;
  /** The limit or rule that refused it, such as `app usd=5/day`; null when there is none to name. */
  readonly rule: string | null;
}

export interface FindingEntry {
  readonly kind: 'finding';
  readonly atMs: number;
  readonly finding: string;
  readonly appNum: number | null;
  readonly detail: string;
}

/** An object at OpenAI and whose it is; said again when what is known of it has changed. */
export interface ObjectEntry {
  readonly kind: 'object';
  readonly id: string;
  readonly objectKind: ObjectKind;
  readonly appNum: number;
  readonly atMs: number;
  /** The model that `tokens` were counted for. */
  readonly model: string | null;
  /** Tokens of the context it carries, at most; null when that is not known. */
  readonly tokens: number | null;
  /** JSON for whoever makes use of the object later, or null. */
  readonly detail: string | null;
}

export const LATE_KINDS = ['response', 'batch'] as const;
export type LateKind = (typeof LATE_KINDS)[number];

/** An open hold that outlives its request: OpenAI goes on with the object, and tells its cost later. */
export interface LateEntry {
  readonly kind: 'late';
  readonly seq: number;
  readonly lateKind: LateKind;
  readonly objectId: string;
  /** JSON of what settling it will need. */
  readonly detail: string;
}

/** What is written soon, without anybody waiting for it. */
export type AppendedEntry = EndEntry | RefusalEntry | FindingEntry | ObjectEntry | LateEntry;
export type JournalEntry = HoldEntry | AppendedEntry;

export type Outcome = EndOutcome | 'open' | 'refused';
