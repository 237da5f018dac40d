import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { onTestFinished } from 'vitest';
import { DEFAULT_POLICY } from '../../proxy/contract/app-policy.ts';
import type { EndEntry, HoldEntry, RefusalEntry } from '../../proxy/ledger/entries.ts';
import { Journal, type JournalEvents } from '../../proxy/ledger/journal.ts';
import type { JournalOptions } from '../../proxy/ledger/journal-protocol.ts';
import type { NewApp } from '../../proxy/ledger/records.ts';

/** A private folder that goes away with the test. */
export function temporaryDir(): string {
  const dir = mkdtempSync(join(tmpdir(), 'tollgate-ledger-'));
  onTestFinished(() => rmSync(dir, { recursive: true, force: true }));
  return dir;
}

/** Paths of a ledger in a folder. */
export function ledgerPaths(dir: string): JournalOptions {
  return {
    dbPath: join(dir, 'ledger.db'),
    lockPath: join(dir, 'engine.lock'),
    runningPath: join(dir, 'engine.json'),
  };
}

export const NO_EVENTS: JournalEvents = {
  onHealth: () => undefined,
  onDropped: () => undefined,
  onError: () => undefined,
};

/** Opens a journal that is closed with the test; closing it earlier is fine. */
export async function openJournal(dir: string, events: Partial<JournalEvents> = {}): Promise<Journal> {
  const journal = await Journal.open(ledgerPaths(dir), { ...NO_EVENTS, ...events });
  if (!journal) throw new Error('another process has the folder');
  onTestFinished(() => journal.close());
  return journal;
}

/** Reads the file as somebody else would, on a connection of its own. */
export function readLedger<Result>(dir: string, read: (db: Database.Database) => Result): Result {
  const db = new Database(ledgerPaths(dir).dbPath, { readonly: true });
  try {
    return read(db);
  } finally {
    db.close();
  }
}

/** Changes the file behind Tollgate's back. */
export function tamper(dir: string, sql: string): void {
  const db = new Database(ledgerPaths(dir).dbPath);
  try {
    db.exec(sql);
  } finally {
    db.close();
  }
}

/** A Monday, at the start of a quarter of an hour. */
export const NOON_MS = Date.UTC(2026, 10, 23, 12);

export function newApp(name: string, more: Partial<NewApp> = {}): NewApp {
  return {
    id: `app_${name}`,
    name,
    mode: 'enforce',
    policy: DEFAULT_POLICY,
    createdAtMs: NOON_MS,
    limits: [],
    token: null,
    ...more,
  };
}

export function holdEntry(seq: number, more: Partial<HoldEntry> = {}): HoldEntry {
  return {
    kind: 'hold',
    seq,
    atMs: NOON_MS + seq,
    appNum: 1,
    tokenId: 1,
    route: '/v1/chat/completions',
    model: 'gpt-5.4-mini',
    streamed: false,
    user: null,
    address: null,
    holdNanoUsd: 1_000,
    holdInputTokens: 10,
    holdOutputTokens: 20,
    ...more,
  };
}

export function endEntry(seq: number, more: Partial<EndEntry> = {}): EndEntry {
  return {
    kind: 'end',
    seq,
    atMs: NOON_MS + seq,
    appNum: 1,
    route: '/v1/chat/completions',
    model: 'gpt-5.4-mini',
    user: null,
    outcome: 'settled',
    status: 200,
    costNanoUsd: 700,
    inputTokens: 8,
    cachedInputTokens: 2,
    outputTokens: 12,
    reasoningTokens: 3,
    servedModel: 'gpt-5.4-mini-2026-03-01',
    serviceTier: 'default',
    durationMs: 40,
    firstByteMs: 15,
    upstreamId: 'req_1',
    reason: null,
    overageNanoUsd: 0,
    ...more,
  };
}

export function refusalEntry(seq: number, more: Partial<RefusalEntry> = {}): RefusalEntry {
  return {
    kind: 'refusal',
    seq,
    atMs: NOON_MS + seq,
    appNum: 1,
    tokenId: 1,
    route: '/v1/chat/completions',
    model: 'gpt-5.4-mini',
    user: null,
    status: 429,
    reason: 'quota_exceeded',
    count: 1,
    rule: 'app usd=5/day',
    ...more,
  };
}

/** Resolves when the hold has been written, or refused. */
export function hold(journal: Journal, entry: HoldEntry): Promise<boolean> {
  return new Promise((resolve) => journal.hold(entry, resolve));
}

/** What the rollup must be, counted in the plainest way from the rows. */
export function recount(db: Database.Database): Record<string, Record<string, number>> {
  const lines: Record<string, Record<string, number>> = {};
  const rows = db.prepare("SELECT * FROM requests WHERE outcome <> 'open'").all() as Record<
    string,
    unknown
  >[];
  for (const row of rows) {
    const number = (column: string): number => Number(row[column] ?? 0);
    const quarter = Math.floor(number('at') / 900_000);
    const key = JSON.stringify([quarter, row['app_num'], row['route'], row['model'], row['user'] ?? '']);
    lines[key] ??= {
      requests: 0,
      refused: 0,
      input: 0,
      cached_input: 0,
      output: 0,
      cost_nano: 0,
      estimated_nano: 0,
      unpriced: 0,
    };
    const line = lines[key];
    const refused = row['outcome'] === 'refused';
    const isEstimate = row['outcome'] === 'estimated' || row['outcome'] === 'charged-at-bound';
    const adds: Record<string, number> = {
      requests: refused ? 0 : 1,
      refused: refused ? number('count') : 0,
      input: number('input'),
      cached_input: number('cached_input'),
      output: number('output'),
      cost_nano: number('cost_nano'),
      estimated_nano: isEstimate ? number('cost_nano') : 0,
      unpriced: row['cost_nano'] === null ? 1 : 0,
    };
    for (const [column, amount] of Object.entries(adds)) line[column] = (line[column] ?? 0) + amount;
  }
  return lines;
}

/** The rollup in the form of {@link recount}. */
export function rollup(db: Database.Database): Record<string, Record<string, number>> {
  const rows = db.prepare('SELECT * FROM rollup').all() as Record<string, number>[];
  return Object.fromEntries(
    rows.map(({ quarter, app_num: appNum, route, model, user, ...line }) => [
      JSON.stringify([quarter, appNum, route, model, user]),
      line,
    ]),
  );
}
