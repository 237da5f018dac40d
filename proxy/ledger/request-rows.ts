import type Database from 'better-sqlite3';
import type { EndEntry, HoldEntry, JournalEntry, RefusalEntry } from './entries.ts';
import { openObjectRows } from './object-rows.ts';
import { openRollupTallies } from './rollup-tallies.ts';

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
       hold_nano, hold_input, hold_output, cost_nano, status, reason, count, rule)
     VALUES (?, ?, ?, ?, ?, ?, 0, ?, 'refused', 0, 0, 0, 0, ?, ?, ?, ?)`,
  );
  const rollups = openRollupTallies(db);
  /** When the tokens of a batch were used last. */
  const tokensUsed = new Map<number, number>();
  const useToken = db.prepare<unknown[]>(
    'UPDATE tokens SET last_used_at = max(ifnull(last_used_at, 0), ?) WHERE id = ?',
  );
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
    tokensUsed.set(entry.tokenId, entry.atMs);
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
    rollups.addEnd(entry);
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
      entry.rule,
    );
    rollups.addRefusal(entry);
    tokensUsed.set(entry.tokenId, entry.atMs);
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
      rollups.begin();
      tokensUsed.clear();
      for (const entry of entries) write(entry);
      rollups.write();
      for (const [tokenId, atMs] of tokensUsed) useToken.run(atMs, tokenId);
    },
  };
}

export type RequestRows = ReturnType<typeof openRequestRows>;
