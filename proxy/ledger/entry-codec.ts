import type { ObjectKind } from '../contract/object-kinds.ts';
import type {
  EndEntry,
  EndOutcome,
  FindingEntry,
  HoldEntry,
  JournalEntry,
  LateEntry,
  LateKind,
  ObjectEntry,
  RefusalEntry,
} from './entries.ts';

/**
 * Entries as they cross to the journal's thread: one array of plain values for a whole batch. An object
 * would carry the name of every field with every entry, and names are most of what a copy costs.
 */
export type PackedEntries = (string | number | boolean | null)[];

const KINDS = ['hold', 'end', 'refusal', 'finding', 'object', 'late'] as const;

export function packEntries(entries: readonly JournalEntry[]): PackedEntries {
  const packed: PackedEntries = [];
  for (const entry of entries) packEntry(entry, packed);
  return packed;
}

function packEntry(entry: JournalEntry, into: PackedEntries): void {
  switch (entry.kind) {
    case 'hold':
      into.push(0, entry.seq, entry.atMs, entry.appNum, entry.tokenId, entry.route, entry.model);
      into.push(entry.streamed, entry.user, entry.address, entry.holdNanoUsd);
      into.push(entry.holdInputTokens, entry.holdOutputTokens);
      break;
    case 'end':
      into.push(1, entry.seq, entry.atMs, entry.appNum, entry.route, entry.model, entry.user, entry.outcome);
      into.push(entry.status, entry.costNanoUsd, entry.inputTokens, entry.cachedInputTokens);
      into.push(entry.outputTokens, entry.reasoningTokens, entry.servedModel, entry.serviceTier);
      into.push(entry.durationMs, entry.firstByteMs, entry.upstreamId, entry.reason, entry.overageNanoUsd);
      break;
    case 'refusal':
      into.push(2, entry.seq, entry.atMs, entry.appNum, entry.tokenId, entry.route, entry.model);
      into.push(entry.user, entry.status, entry.reason, entry.count, entry.rule);
      break;
    case 'finding':
      into.push(3, entry.atMs, entry.finding, entry.appNum, entry.detail);
      break;
    case 'object':
      into.push(4, entry.id, entry.objectKind, entry.appNum, entry.atMs);
      into.push(entry.model, entry.tokens, entry.detail);
      break;
    case 'late':
      into.push(5, entry.seq, entry.lateKind, entry.objectId, entry.detail);
      break;
  }
}

/** The inverse of {@link packEntries}. */
export function unpackEntries(packed: PackedEntries): JournalEntry[] {
  const entries: JournalEntry[] = [];
  const reader = new PackReader(packed);
  while (!reader.atEnd) {
    const kind = KINDS[reader.number()];
    if (kind === 'hold') entries.push(readHold(reader));
    else if (kind === 'end') entries.push(readEnd(reader));
    else if (kind === 'refusal') entries.push(readRefusal(reader));
    else if (kind === 'finding') entries.push(readFinding(reader));
    else if (kind === 'object') entries.push(readObject(reader));
    else if (kind === 'late') entries.push(readLate(reader));
    else throw new Error('a packed entry is of no known kind');
  }
  return entries;
}

class PackReader {
  readonly #packed: PackedEntries;
  #at = 0;

  constructor(packed: PackedEntries) {
    this.#packed = packed;
  }

  get atEnd(): boolean {
    return this.#at >= this.#packed.length;
  }

  number(): number {
    return this.#packed[this.#at++] as number;
  }

  text(): string {
    return this.#packed[this.#at++] as string;
  }

  flag(): boolean {
    return this.#packed[this.#at++] as boolean;
  }

  numberOrNull(): number | null {
    return this.#packed[this.#at++] as number | null;
  }

  textOrNull(): string | null {
    return this.#packed[this.#at++] as string | null;
  }
}

function readHold(reader: PackReader): HoldEntry {
  return {
    kind: 'hold',
    seq: reader.number(),
    atMs: reader.number(),
    appNum: reader.number(),
    tokenId: reader.number(),
    route: reader.text(),
    model: reader.text(),
    streamed: reader.flag(),
    user: reader.textOrNull(),
    address: reader.textOrNull(),
    holdNanoUsd: reader.numberOrNull(),
    holdInputTokens: reader.number(),
    holdOutputTokens: reader.number(),
  };
}

function readEnd(reader: PackReader): EndEntry {
  return {
    kind: 'end',
    seq: reader.number(),
    atMs: reader.number(),
    appNum: reader.number(),
    route: reader.text(),
    model: reader.text(),
    user: reader.textOrNull(),
    outcome: reader.text() as EndOutcome,
    status: reader.number(),
    costNanoUsd: reader.numberOrNull(),
    inputTokens: reader.number(),
    cachedInputTokens: reader.number(),
    outputTokens: reader.number(),
    reasoningTokens: reader.number(),
    servedModel: reader.textOrNull(),
    serviceTier: reader.textOrNull(),
    durationMs: reader.number(),
    firstByteMs: reader.numberOrNull(),
    upstreamId: reader.textOrNull(),
    reason: reader.textOrNull(),
    overageNanoUsd: reader.number(),
  };
}

function readRefusal(reader: PackReader): RefusalEntry {
  return {
    kind: 'refusal',
    seq: reader.number(),
    atMs: reader.number(),
    appNum: reader.number(),
    tokenId: reader.number(),
    route: reader.text(),
    model: reader.text(),
    user: reader.textOrNull(),
    status: reader.number(),
    reason: reader.text(),
    count: reader.number(),
    rule: reader.textOrNull(),
  };
}

function readFinding(reader: PackReader): FindingEntry {
  return {
    kind: 'finding',
    atMs: reader.number(),
    finding: reader.text(),
    appNum: reader.numberOrNull(),
    detail: reader.text(),
  };
}

function readObject(reader: PackReader): ObjectEntry {
  return {
    kind: 'object',
    id: reader.text(),
    objectKind: reader.text() as ObjectKind,
    appNum: reader.number(),
    atMs: reader.number(),
    model: reader.textOrNull(),
    tokens: reader.numberOrNull(),
    detail: reader.textOrNull(),
  };
}

function readLate(reader: PackReader): LateEntry {
  return {
    kind: 'late',
    seq: reader.number(),
    lateKind: reader.text() as LateKind,
    objectId: reader.text(),
    detail: reader.text(),
  };
}
