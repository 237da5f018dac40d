/**
 * Fills a data folder with a year of made-up requests, through the code that books real ones:
 * `node test/bench/generate-ledger.ts DIR [ROWS]`. The same arguments make the same ledger.
 */
import { randomBytes } from 'node:crypto';
import { mkdirSync } from 'node:fs';
import { DEFAULT_POLICY } from '../../proxy/contract/app-policy.ts';
import { locateHome } from '../../proxy/home.ts';
import type { EndEntry, JournalEntry } from '../../proxy/ledger/entries.ts';
import { openLedgerDatabase } from '../../proxy/ledger/open-database.ts';
import { openRecords } from '../../proxy/ledger/records.ts';
import { openRequestRows } from '../../proxy/ledger/request-rows.ts';

const QUARTER_MS = 900_000;
const QUARTERS = 365 * 96;
const BATCH = 20_000;

interface AppPlan {
  readonly name: string;
  /** Of all requests. */
  readonly share: number;
  readonly routes: readonly (readonly [route: string, model: string])[];
  /** End users it names; 0 for none. */
  readonly users: number;
  /** At work on working days, or around the clock. */
  readonly rhythm: 'office' | 'always' | 'night';
}

const CHAT = '/v1/chat/completions';
const RESPONSES = '/v1/responses';
const APPS: readonly AppPlan[] = [
  {
    name: 'support-bot',
    share: 0.22,
    users: 300,
    rhythm: 'always',
    routes: [
      [CHAT, 'gpt-5.4-mini'],
      [CHAT, 'gpt-5.4'],
    ],
  },
  {
    name: 'indexer',
    share: 0.2,
    users: 0,
    rhythm: 'night',
    routes: [['/v1/embeddings', 'text-embedding-3-small']],
  },
  {
    name: 'agent',
    share: 0.18,
    users: 0,
    rhythm: 'office',
    routes: [
      [RESPONSES, 'gpt-5.4'],
      [RESPONSES, 'gpt-5.4-mini'],
    ],
  },
  {
    name: 'docs-search',
    share: 0.12,
    users: 40,
    rhythm: 'always',
    routes: [['/v1/embeddings', 'text-embedding-3-large']],
  },
  {
    name: 'notebook',
    share: 0.08,
    users: 0,
    rhythm: 'office',
    routes: [
      [CHAT, 'gpt-4.1'],
      [CHAT, 'gpt-4.1-mini'],
    ],
  },
  { name: 'ci', share: 0.06, users: 0, rhythm: 'always', routes: [[RESPONSES, 'gpt-5.4-mini']] },
  {
    name: 'moderator',
    share: 0.05,
    users: 0,
    rhythm: 'always',
    routes: [['/v1/moderations', 'omni-moderation-latest']],
  },
  { name: 'translator', share: 0.04, users: 0, rhythm: 'office', routes: [[CHAT, 'gpt-4o-mini']] },
  {
    name: 'transcripts',
    share: 0.02,
    users: 0,
    rhythm: 'night',
    routes: [['/v1/audio/transcriptions', 'gpt-4o-transcribe']],
  },
  {
    name: 'pictures',
    share: 0.01,
    users: 0,
    rhythm: 'office',
    routes: [['/v1/images/generations', 'gpt-image-1']],
  },
  { name: 'prototype', share: 0.015, users: 0, rhythm: 'office', routes: [[RESPONSES, 'o4-mini']] },
  {
    name: 'legacy',
    share: 0.005,
    users: 0,
    rhythm: 'always',
    routes: [['/v1/completions', 'gpt-3.5-turbo-instruct']],
  },
];

/** A small generator of its own, so that a seed gives the same ledger on every machine. */
function randomOf(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** How busy a quarter of an hour is for an app, beside its average. */
function weight(rhythm: AppPlan['rhythm'], quarter: number): number {
  const hour = Math.floor(quarter / 4) % 24;
  const weekday = Math.floor(quarter / 96 + 4) % 7;
  const isWeekend = weekday === 0 || weekday === 6;
  if (rhythm === 'night') return hour < 6 ? 3 : 0.2;
  if (rhythm === 'office') return isWeekend ? 0.1 : hour >= 8 && hour < 18 ? 2.2 : 0.15;
  return hour >= 7 && hour < 23 ? 1.3 : 0.4;
}

/** Fills the ledger of a folder; returns the number of requests. */
export function generateLedger(dataDir: string, rows: number, endMs: number): number {
  mkdirSync(dataDir, { recursive: true, mode: 0o700 });
  const { dbPath } = locateHome({ TOLLGATE_HOME: dataDir });
  const db = openLedgerDatabase(dbPath);
  db.pragma('synchronous = OFF');
  db.pragma('cache_size = -200000');
  const endQuarter = Math.floor(endMs / QUARTER_MS);
  const firstMs = (endQuarter - QUARTERS) * QUARTER_MS;
  const records = openRecords(db);
  const apps = APPS.map((plan) => {
    const made = records.createApp({
      id: `app_${plan.name}`,
      name: plan.name,
      mode: 'enforce',
      policy: DEFAULT_POLICY,
      createdAtMs: firstMs,
      limits: [
        { metric: 'usd', amount: 1_000_000_000_000, window: 'day', enforce: 'hard' },
        { metric: 'usd', amount: 20_000_000_000_000, window: 'month', enforce: 'hard' },
      ],
      token: { hash: randomBytes(32), kind: 'app', createdAtMs: firstMs, expiresAtMs: null },
    });
    return { plan, num: made.app.num, tokenId: made.token?.id ?? 0, due: 0 };
  });
  const write = db.transaction(openRequestRows(db).writeAll);
  const random = randomOf(20_261_125);
  // Shares and rhythms do not add up to one request each: what they come to is what is divided by.
  let planned = 0;
  for (let quarter = endQuarter - QUARTERS; quarter < endQuarter; quarter += 1) {
    for (const { share, rhythm } of APPS) planned += share * weight(rhythm, quarter);
  }
  let seq = 0;
  let batch: JournalEntry[] = [];
  const flush = (): void => {
    write(batch);
    batch = [];
  };
  for (let index = 0; index < QUARTERS && seq < rows; index += 1) {
    const quarter = endQuarter - QUARTERS + index;
    const times: { at: number; app: (typeof apps)[number] }[] = [];
    for (const app of apps) {
      app.due += (rows / planned) * app.plan.share * weight(app.plan.rhythm, quarter);
      for (; app.due >= 1; app.due -= 1) {
        times.push({ at: quarter * QUARTER_MS + Math.floor(random() * QUARTER_MS), app });
      }
    }
    times.sort((a, b) => a.at - b.at);
    for (const { at, app } of times) {
      seq += 1;
      addRequest(batch, seq, at, app, random);
      if (batch.length >= BATCH) flush();
    }
  }
  flush();
  db.prepare("INSERT OR REPLACE INTO meta VALUES ('ledger_tag', 'benc')").run();
  db.pragma('wal_checkpoint(TRUNCATE)');
  db.close();
  return seq;
}

function addRequest(
  batch: JournalEntry[],
  seq: number,
  atMs: number,
  app: { readonly plan: AppPlan; readonly num: number; readonly tokenId: number },
  random: () => number,
): void {
  const { plan, num: appNum, tokenId } = app;
  const [route, model] = plan.routes[Math.floor(random() ** 2 * plan.routes.length)] ?? ['', ''];
  const user = plan.users === 0 ? null : `user-${Math.floor(random() ** 3 * plan.users)}`;
  const luck = random();
  if (luck < 0.02) {
    const rule = 'app usd=1000/day';
    const refusal = { status: 429, reason: 'quota_exceeded', count: 1, rule };
    batch.push({ kind: 'refusal', seq, atMs, appNum, tokenId, route, model, user, ...refusal });
    return;
  }
  const inputTokens = 50 + Math.floor(random() * 3_000);
  const outputTokens = Math.floor(random() * 800);
  const costNanoUsd = inputTokens * 250 + outputTokens * 2_000;
  const outcome: EndEntry['outcome'] =
    luck < 0.03 ? 'estimated' : luck < 0.032 ? 'charged-at-bound' : luck < 0.037 ? 'voided' : 'settled';
  const used = outcome === 'voided' ? 0 : 1;
  batch.push({
    kind: 'hold',
    seq,
    atMs,
    appNum,
    tokenId,
    route,
    model,
    streamed: random() < 0.5,
    user,
    address: null,
    holdNanoUsd: costNanoUsd * 3,
    holdInputTokens: inputTokens * 2,
    holdOutputTokens: 2_000,
  });
  batch.push({
    kind: 'end',
    seq,
    atMs,
    appNum,
    route,
    model,
    user,
    outcome,
    status: outcome === 'voided' ? 502 : 200,
    costNanoUsd: costNanoUsd * used,
    inputTokens: inputTokens * used,
    cachedInputTokens: Math.floor(inputTokens / 3) * used,
    outputTokens: outputTokens * used,
    reasoningTokens: 0,
    servedModel: model,
    serviceTier: 'default',
    durationMs: 200 + Math.floor(random() * 5_000),
    firstByteMs: 150,
    upstreamId: `req_${seq.toString(36)}`,
    reason: outcome === 'settled' ? null : outcome === 'estimated' ? 'client_gone' : 'upstream_broken',
    overageNanoUsd: 0,
  });
}

if (process.argv[1] === import.meta.filename) {
  const [dir, count = '10000000'] = process.argv.slice(2);
  if (dir === undefined) throw new Error('say into which folder');
  const startedMs = performance.now();
  const made = generateLedger(dir, Number(count), Date.now());
  console.log(`${made} requests in ${Math.round((performance.now() - startedMs) / 1000)} s`);
}
