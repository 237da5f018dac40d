import type Database from 'better-sqlite3';
import type { AlertKind, AlertSeverity } from '../contract/alert-words.ts';
import type { Enforce, LimitSpec } from '../contract/limits.ts';

export interface AlertLimit extends LimitSpec {
  readonly enforce: Enforce;
}

/** Something worth telling. Titles and details hold nothing secret. */
export interface NewAlert {
  readonly kind: AlertKind;
  readonly severity: AlertSeverity;
  readonly atMs: number;
  readonly appNum: number | null;
  readonly title: string;
  readonly detail: string;
  /** What a snooze is about: kind, app and limit. */
  readonly subject: string;
  /** Told at most once under this name, however often the engine starts; null for what may come again. */
  readonly once: string | null;
  /** What comes again within this time counts on the alert before instead of being a new one. */
  readonly mergeMs: number;
  readonly limit: AlertLimit | null;
  readonly threshold: number | null;
  readonly windowEndsAtMs: number | null;
  readonly count: number;
  /** Kept, and not delivered. */
  readonly muted: boolean;
}

export interface AlertRecord {
  readonly id: number;
  readonly kind: AlertKind;
  readonly severity: AlertSeverity;
  readonly atMs: number;
  readonly appNum: number | null;
  readonly appId: string | null;
  readonly appName: string | null;
  readonly title: string;
  readonly detail: string;
  readonly limit: AlertLimit | null;
  readonly threshold: number | null;
  readonly windowEndsAtMs: number | null;
  readonly count: number;
  readonly lastAtMs: number;
  readonly acknowledgedAtMs: number | null;
  readonly snoozedUntilMs: number | null;
  readonly delivered: boolean;
}

export interface AlertQuery {
  readonly onlyOpen: boolean;
  readonly kind: AlertKind | null;
  readonly appNum: number | null;
  readonly beforeId: number | null;
  readonly limit: number;
}

const COLUMNS = `SELECT l.*, a.id AS app_id, a.name AS app_name, s.snoozed_until FROM alerts l
  LEFT JOIN apps a ON a.num = l.app_num LEFT JOIN snoozes s ON s.subject = l.subject`;

/** Alerts as calls that the journal runs, each in a transaction of its own. */
export function openAlertRows(db: Database.Database) {
  const byId = db.prepare(`${COLUMNS} WHERE l.id = ?`);
  const idOfOnce = db.prepare('SELECT id FROM alerts WHERE once = ?').pluck();
  const latest = db.prepare('SELECT id, last_at FROM alerts WHERE subject = ? ORDER BY id DESC LIMIT 1');
  const again = db.prepare('UPDATE alerts SET count = count + ?, last_at = ?, detail = ? WHERE id = ?');
  const snoozedUntil = db.prepare('SELECT snoozed_until FROM snoozes WHERE subject = ?').pluck();
  const insert = db.prepare(
    `INSERT INTO alerts (kind, severity, at, app_num, title, detail, subject, once, limit_spec, threshold,
       window_ends_at, count, last_at, delivered) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
  );
  const find = (id: number): AlertRecord | null => {
    const row = byId.get(id);
    return row ? toAlert(row) : null;
  };

  return {
    /** Keeps an alert. Null when it was told before. */
    raiseAlert(alert: NewAlert): { alert: AlertRecord; isNew: boolean } | null {
      if (alert.once !== null && idOfOnce.get(alert.once) !== undefined) return null;
      const before = latest.get(alert.subject) as { id: number; last_at: number } | undefined;
      const isAgain =
        alert.once === null && before !== undefined && alert.atMs - before.last_at < alert.mergeMs;
      if (isAgain) {
        again.run(alert.count, Math.max(alert.atMs, before.last_at), alert.detail, before.id);
        const found = find(before.id);
        return found && { alert: found, isNew: false };
      }
      const isSnoozed = Number(snoozedUntil.get(alert.subject) ?? 0) > alert.atMs;
      const { lastInsertRowid } = insert.run(
        alert.kind,
        alert.severity,
        alert.atMs,
        alert.appNum,
        alert.title,
        alert.detail,
        alert.subject,
        alert.once,
        alert.limit && JSON.stringify(alert.limit),
        alert.threshold,
        alert.windowEndsAtMs,
        alert.count,
        alert.atMs,
        alert.muted || isSnoozed ? 0 : 1,
      );
      const found = find(Number(lastInsertRowid));
      return found && { alert: found, isNew: true };
    },

    /** Null acknowledges all. Returns those that were open. */
    acknowledgeAlerts({ ids, atMs }: { ids: readonly number[] | null; atMs: number }): number[] {
      const open = db
        .prepare(
          `UPDATE alerts SET acknowledged_at = @atMs WHERE acknowledged_at IS NULL
             AND (@ids IS NULL OR id IN (SELECT value FROM json_each(@ids))) RETURNING id`,
        )
        .pluck();
      return open.all({ atMs, ids: ids && JSON.stringify(ids) }) as number[];
    },

    /** Null ends a snooze. Returns null where there is no such alert. */
    snoozeAlert({ id, untilMs }: { id: number; untilMs: number | null }): AlertRecord | null {
      const subject = db.prepare('SELECT subject FROM alerts WHERE id = ?').pluck().get(id);
      if (subject === undefined) return null;
      if (untilMs === null) db.prepare('DELETE FROM snoozes WHERE subject = ?').run(subject);
      else {
        db.prepare(
          `INSERT INTO snoozes VALUES (?, ?)
           ON CONFLICT DO UPDATE SET snoozed_until = excluded.snoozed_until`,
        ).run(subject, untilMs);
      }
      return find(id);
    },

    openAlerts(): number {
      return db.prepare('SELECT count(*) FROM alerts WHERE acknowledged_at IS NULL').pluck().get() as number;
    },
  };
}

export type AlertRows = ReturnType<typeof openAlertRows>;

/** The newest first. */
export function listAlerts(db: Database.Database, query: AlertQuery): AlertRecord[] {
  const { onlyOpen, kind, appNum, beforeId, limit } = query;
  return db
    .prepare(
      `${COLUMNS} WHERE (@onlyOpen = 0 OR l.acknowledged_at IS NULL) AND (@kind IS NULL OR l.kind = @kind)
         AND (@appNum IS NULL OR l.app_num = @appNum) AND (@beforeId IS NULL OR l.id < @beforeId)
       ORDER BY l.id DESC LIMIT @limit`,
    )
    .all({ onlyOpen: onlyOpen ? 1 : 0, kind, appNum, beforeId, limit })
    .map(toAlert);
}

function toAlert(row: unknown): AlertRecord {
  const columns = row as { readonly [column: string]: unknown };
  const limit = columns['limit_spec'] as string | null;
  return {
    id: columns['id'] as number,
    kind: columns['kind'] as AlertKind,
    severity: columns['severity'] as AlertSeverity,
    atMs: columns['at'] as number,
    appNum: columns['app_num'] as number | null,
    appId: columns['app_id'] as string | null,
    appName: columns['app_name'] as string | null,
    title: columns['title'] as string,
    detail: columns['detail'] as string,
    limit: limit === null ? null : (JSON.parse(limit) as AlertLimit),
    threshold: columns['threshold'] as number | null,
    windowEndsAtMs: columns['window_ends_at'] as number | null,
    count: columns['count'] as number,
    lastAtMs: columns['last_at'] as number,
    acknowledgedAtMs: columns['acknowledged_at'] as number | null,
    snoozedUntilMs: columns['snoozed_until'] as number | null,
    delivered: columns['delivered'] === 1,
  };
}
