import type Database from 'better-sqlite3';
import type { EndEntry, HoldEntry, JournalEntry, RefusalEntry } from './entries.ts';
import { openObjectRows } from './object-rows.ts';

const QUARTER_MS = 15 * 60_000;

/** The quarter of an hour (UTC) that an instant is counted in. */
export function quarterOf(atMs: number): number {
  return Math.floor(atMs / QUARTER_MS);
}

export const quarterStartMs = (quarter: number): number => quarter * QUARTER_MS;

/** A line of the rollup that a batch adds to. */
interface Tally {
  readonly quarter: number;
  readonly appNum: number;
  readonly route: string;
  readonly model: string;
  readonly user: string;
  requests: number;
  refused: number;
  input: number;
  cachedInput: number;
  output: number;
  costNano: number;
  estimatedNano: number;
  unpriced: number;
}

/**
 * Writes what the engine reports. A batch is one transaction for the caller to open; requests of the
 * same app, route and model are counted in the rollup together.
 */
export function openRequestRows(db: Database.Database) {
  const insertHold = db.prepare<unknown[]>(
    `INSERT INTO requests (seq, at, app_num, token_id, route, model, streamed, user, address,
       outcome, hold_nano, hold_input, hold_output) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, 'open', ?, ?, ?)`,
  );
  const endHold = db.prepare<unknown[]>(
    `UPDATE requests SET outcome = ?, status = ?, cost_nano = ?, input = ?, cached_input = ?, output = ?,
       reasoning = ?, served_model = ?, service_tier = ?, duration_ms = ?, first_byte_ms = ?,
       upstream_id = ?, reason = ?, overage_nano = ?
     WHERE seq = ? AND outcome = 'open'`,
  );
  const insertRefusal = db.prepare<unknown[]>(
    `INSERT INTO requests (seq, at, app_num, token_id, route, model, streamed, user, outcome,
       hold_nano, hold_input, hold_output, cost_nano, status, reason, count)
     VALUES (?, ?, ?, ?, ?, ?, 0, ?, 'refused', 0, 0, 0, 0, ?, ?, ?)`,
  );
  const addToRollup = db.prepare<unknown[]>(
    `INSERT INTO rollup VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
     ON CONFLICT DO UPDATE SET
       requests = requests + excluded.requests, refused = refused + excluded.refused,
       input = input + excluded.input, cached_input = cached_input + excluded.cached_input,
       output = output + excluded.output, cost_nano = cost_nano + excluded.cost_nano,
       estimated_nano = estimated_nano + excluded.estimated_nano, unpriced = unpriced + excluded.unpriced`,
  );
  const tallies = new Map<string, Tally>();
  const objects = openObjectRows(db);
  const insertFinding = db.prepare<unknown[]>(
    'INSERT INTO findings (at, finding, app_num, detail) VALUES (?, ?, ?, ?)',
  );

  function hold(entry: HoldEntry): void {
    insertHold.run(
      entry.seq,
      entry.atMs,
      entry.appNum,
      entry.tokenId,
      entry.route,
      entry.model,
      entry.streamed ? 1 : 0,
      entry.user,
      entry.address,
      entry.holdNanoUsd,
      entry.holdInputTokens,
      entry.holdOutputTokens,
    );
  }

  function end(entry: EndEntry): void {
    const { changes } = endHold.run(
      entry.outcome,
      entry.status,
      entry.costNanoUsd,
      entry.inputTokens,
      entry.cachedInputTokens,
      entry.outputTokens,
      entry.reasoningTokens,
      entry.servedModel,
      entry.serviceTier,
      entry.durationMs,
      entry.firstByteMs,
      entry.upstreamId,
      entry.reason,
      entry.overageNanoUsd,
      entry.seq,
    );
    if (changes !== 1) throw new Error(`request ${entry.seq} has no open hold`);
    const cost = entry.costNanoUsd ?? 0;
    const isEstimate = entry.outcome === 'estimated' || entry.outcome === 'charged-at-bound';
    const tally = tallyOf(entry);
    tally.requests += 1;
    tally.input += entry.inputTokens;
    tally.cachedInput += entry.cachedInputTokens;
    tally.output += entry.outputTokens;
    tally.costNano += cost;
    tally.estimatedNano += isEstimate ? cost : 0;
    tally.unpriced += entry.costNanoUsd === null ? 1 : 0;
  }

  function refusal(entry: RefusalEntry): void {
    insertRefusal.run(
      entry.seq,
      entry.atMs,
      entry.appNum,
      entry.tokenId,
      entry.route,
      entry.model,
      entry.user,
      entry.status,
      entry.reason,
      entry.count,
    );
    tallyOf(entry).refused += entry.count;
  }

  function tallyOf(entry: EndEntry | RefusalEntry): Tally {
    const { appNum, route, model } = entry;
    const user = entry.user ?? '';
    const quarter = quarterOf(entry.atMs);
    // Models and users are text of the client's: the length tells where one ends and the other begins.
    const key = `${quarter} ${appNum} ${route} ${model.length} ${model}${user}`;
    let tally = tallies.get(key);
    if (!tally) {
      tally = {
        quarter,
        appNum,
        route,
        model,
        user,
        requests: 0,
        refused: 0,
        input: 0,
        cachedInput: 0,
        output: 0,
        costNano: 0,
        estimatedNano: 0,
        unpriced: 0,
      };
      tallies.set(key, tally);
    }
    return tally;
  }

  function write(entry: JournalEntry): void {
    switch (entry.kind) {
      case 'hold':
        hold(entry);
        break;
      case 'end':
        end(entry);
        break;
      case 'refusal':
        refusal(entry);
        break;
      case 'finding':
        insertFinding.run(entry.atMs, entry.finding, entry.appNum, entry.detail);
        break;
      case 'object':
        objects.writeObject(entry);
        break;
      case 'late':
        objects.writeLate(entry);
        break;
    }
  }

  return {
    /** Writes a batch; call it inside a transaction, and forget nothing when it throws. */
    writeAll(entries: readonly JournalEntry[]): void {
      tallies.clear();
      for (const entry of entries) write(entry);
      for (const tally of tallies.values()) {
        addToRollup.run(
          tally.quarter,
          tally.appNum,
          tally.route,
          tally.model,
          tally.user,
          tally.requests,
          tally.refused,
          tally.input,
          tally.cachedInput,
          tally.output,
          tally.costNano,
          tally.estimatedNano,
          tally.unpriced,
        );
      }
    },
  };
}

export type RequestRows = ReturnType<typeof openRequestRows>;
