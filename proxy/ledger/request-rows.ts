import type Database from 'better-sqlite3';
import type { EndEntry, HoldEntry, JournalEntry, RefusalEntry } from './entries.ts';

const QUARTER_MS = 15 * 60_000;

/** The quarter of an hour (UTC) that an instant is counted in. */
export function quarterOf(atMs: number): number {
  return Math.floor(atMs / QUARTER_MS);
}

export const quarterStartMs = (quarter: number): number => quarter * QUARTER_MS;

interface HeldRow {
  readonly at: number;
  readonly app_num: number;
  readonly route: string;
  readonly model: string;
  readonly user: string | null;
}

/**
 * Writes what the engine reports, each entry with its count in the rollup; the caller wraps a batch in a
 * transaction.
 */
export function openRequestRows(db: Database.Database) {
  const insertHold = db.prepare<unknown[]>(
    `INSERT INTO requests (seq, at, app_num, token_id, route, model, streamed, user, outcome,
       hold_nano, hold_input, hold_output) VALUES (?, ?, ?, ?, ?, ?, ?, ?, 'open', ?, ?, ?)`,
  );
  const endHold = db.prepare<unknown[], HeldRow>(
    `UPDATE requests SET outcome = ?, status = ?, cost_nano = ?, input = ?, cached_input = ?, output = ?,
       reasoning = ?, served_model = ?, service_tier = ?, duration_ms = ?, first_byte_ms = ?,
       upstream_id = ?, reason = ?, overage_nano = ?
     WHERE seq = ? AND outcome = 'open' RETURNING at, app_num, route, model, user`,
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
      entry.holdNanoUsd,
      entry.holdInputTokens,
      entry.holdOutputTokens,
    );
  }

  function end(entry: EndEntry): void {
    const held = endHold.get(
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
    if (!held) throw new Error(`request ${entry.seq} has no open hold`);
    const isEstimate = entry.outcome === 'estimated' || entry.outcome === 'charged-at-bound';
    addToRollup.run(
      quarterOf(held.at),
      held.app_num,
      held.route,
      held.model,
      held.user ?? '',
      1,
      0,
      entry.inputTokens,
      entry.cachedInputTokens,
      entry.outputTokens,
      entry.costNanoUsd ?? 0,
      isEstimate ? (entry.costNanoUsd ?? 0) : 0,
      entry.costNanoUsd === null ? 1 : 0,
    );
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
    const quarter = quarterOf(entry.atMs);
    const { appNum, route, model, user, count } = entry;
    addToRollup.run(quarter, appNum, route, model, user ?? '', 0, count, 0, 0, 0, 0, 0, 0);
  }

  return {
    write(entry: JournalEntry): void {
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
      }
    },
  };
}

export type RequestRows = ReturnType<typeof openRequestRows>;
