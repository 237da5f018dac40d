import type Database from 'better-sqlite3';
import { type AppMode, DEFAULT_POLICY } from '../contract/app-policy.ts';
import type { AppPolicy, NewLimit } from '../contract/apps.ts';
import { AppError } from '../contract/errors.ts';
import type { Enforce, LimitRaise, Metric, Window } from '../contract/limits.ts';

/** Configuration as the ledger keeps it. `num` and `id` are the ledger's own keys. */
export interface AppRecord {
  readonly num: number;
  readonly id: string;
  readonly name: string;
  readonly mode: AppMode;
  readonly pausedAtMs: number | null;
  readonly createdAtMs: number;
  readonly policy: AppPolicy;
}

export interface TokenRecord {
  readonly id: number;
  /** SHA-256 of the app token; the token itself is never stored. */
  readonly hash: Uint8Array;
  readonly appNum: number;
  readonly kind: 'app' | 'run';
  readonly createdAtMs: number;
  readonly expiresAtMs: number | null;
  readonly label: string | null;
  /** Its latest request, as far as it was written when the ledger was opened. */
  readonly lastUsedAtMs: number | null;
}

export interface LimitRecord {
  readonly id: number;
  /** Null for a limit on everything that uses the key. */
  readonly appNum: number | null;
  readonly metric: Metric;
  readonly amount: number;
  readonly window: Window;
  readonly enforce: Enforce;
  /** More of it for a while, or null; it may have run out. */
  readonly raise: LimitRaise | null;
  /** Percent at which an alert is raised; null for those of the alert settings. */
  readonly thresholds: readonly number[] | null;
}

/** When an app has sent its latest request; null when it has not. */
export interface LastSeen {
  readonly num: number;
  readonly atMs: number | null;
}

export interface PriceRecord {
  readonly model: string;
  /** JSON of the user's price. */
  readonly data: string;
}

export interface NewToken {
  readonly hash: Uint8Array;
  readonly kind: 'app' | 'run';
  readonly createdAtMs: number;
  readonly expiresAtMs: number | null;
  readonly label?: string | null;
}

export interface NewApp {
  readonly id: string;
  readonly name: string;
  readonly mode: AppMode;
  readonly policy: AppPolicy;
  readonly createdAtMs: number;
  readonly limits: readonly NewLimit[];
  /** Null for an app that gets a token only for each run. */
  readonly token: NewToken | null;
}

/** Which limit of a scope: there is at most one for each metric, window and enforcement. */
export type LimitKey = Pick<LimitRecord, 'metric' | 'window' | 'enforce'>;

export interface LimitRaiseChange {
  /** Null for a limit of the whole key. */
  readonly appNum: number | null;
  readonly limit: LimitKey;
  /** Null takes a raise back. */
  readonly raise: LimitRaise | null;
}

export interface ThresholdChange {
  /** Null for a limit of the whole key. */
  readonly appNum: number | null;
  readonly limit: LimitKey;
  readonly percents: readonly number[] | null;
}

export interface AppChange {
  readonly num: number;
  readonly name?: string;
  readonly mode?: AppMode;
  readonly pausedAtMs?: number | null;
  readonly policy?: AppPolicy;
  readonly setLimits?: readonly NewLimit[];
  readonly removeLimits?: readonly LimitKey[];
  readonly atMs: number;
}

/**
 * Everything that changes configuration, as calls the journal runs on its thread, each in a transaction
 * of its own. All return what the registry needs to go on in memory.
 */
export function openRecords(db: Database.Database) {
  const insertApp = db.prepare(
    'INSERT INTO apps (id, name, mode, created_at, policy) VALUES (@id, @name, @mode, @createdAtMs, @policy)',
  );
  const insertToken = db.prepare(
    `INSERT INTO tokens (hash, app_num, kind, created_at, expires_at, label)
     VALUES (@hash, @appNum, @kind, @createdAtMs, @expiresAtMs, @label)`,
  );
  const upsertLimit = db.prepare(
    `INSERT INTO limits (app_num, metric, amount, window, enforce, created_at)
     VALUES (@appNum, @metric, @amount, @window, @enforce, @atMs)
     ON CONFLICT (ifnull(app_num, 0), metric, window, enforce) DO UPDATE SET amount = excluded.amount`,
  );
  const deleteLimit = db.prepare(
    `DELETE FROM limits WHERE ifnull(app_num, 0) = ifnull(@appNum, 0)
     AND metric = @metric AND window = @window AND enforce = @enforce`,
  );
  const setRaise = db.prepare(
    `UPDATE limits SET raise_amount = @amount, raise_until = @untilMs WHERE ifnull(app_num, 0) = ifnull(@appNum, 0)
     AND metric = @metric AND window = @window AND enforce = @enforce`,
  );
  const setThresholds = db.prepare(
    `UPDATE limits SET thresholds = @thresholds WHERE ifnull(app_num, 0) = ifnull(@appNum, 0)
     AND metric = @metric AND window = @window AND enforce = @enforce`,
  );
  const liveApp = db.prepare('SELECT * FROM apps WHERE num = ? AND deleted_at IS NULL');
  const namesake = db.prepare(
    'SELECT 1 FROM apps WHERE name = ? COLLATE NOCASE AND num <> ? AND deleted_at IS NULL',
  );
  const limitsOf = db.prepare('SELECT * FROM limits WHERE ifnull(app_num, 0) = ifnull(?, 0) ORDER BY id');
  const setMeta = db.prepare(
    'INSERT INTO meta (key, value) VALUES (?, ?) ON CONFLICT (key) DO UPDATE SET value = excluded.value',
  );

  // The registry has looked, but two calls may have been under way at once.
  const requireFreeName = (name: string, num: number): void => {
    if (namesake.get(name, num)) throw new AppError('app_exists', { app: name });
  };
  const requireLive = (num: number): AppRecord => {
    const row = liveApp.get(num);
    if (!row) throw new AppError('app_unknown', { app: nameOf(num) });
    return toApp(row);
  };
  const nameOf = (num: number): string =>
    String(db.prepare('SELECT name FROM apps WHERE num = ?').pluck().get(num) ?? num);

  const addToken = (appNum: number, token: NewToken): TokenRecord => {
    requireLive(appNum);
    const hash = Buffer.from(token.hash);
    const label = token.label ?? null;
    const { lastInsertRowid } = insertToken.run({ ...token, hash, appNum, label });
    return { ...token, id: Number(lastInsertRowid), appNum, label, lastUsedAtMs: null };
  };
  const setLimits = (appNum: number | null, limits: readonly NewLimit[], atMs: number): void => {
    for (const limit of limits) upsertLimit.run({ ...limit, appNum, atMs });
  };
  const readLimits = (appNum: number | null): LimitRecord[] => limitsOf.all(appNum).map(toLimit);

  return {
    load() {
      return {
        apps: db.prepare('SELECT * FROM apps WHERE deleted_at IS NULL ORDER BY num').all().map(toApp),
        lastSeen: db
          .prepare('SELECT app_num AS num, max(last_used_at) AS atMs FROM tokens GROUP BY app_num')
          .all() as LastSeen[],
        tokens: db
          .prepare("SELECT * FROM tokens WHERE revoked_at IS NULL AND kind = 'app' ORDER BY id")
          .all()
          .map(toToken),
        limits: db.prepare('SELECT * FROM limits ORDER BY id').all().map(toLimit),
        prices: db.prepare('SELECT model, data FROM prices ORDER BY model').all() as PriceRecord[],
        meta: Object.fromEntries(
          (db.prepare('SELECT key, value FROM meta').all() as { key: string; value: string }[]).map(
            ({ key, value }) => [key, value],
          ),
        ),
      };
    },

    createApp(app: NewApp) {
      requireFreeName(app.name, 0);
      const { lastInsertRowid } = insertApp.run({ ...app, policy: JSON.stringify(app.policy) });
      const num = Number(lastInsertRowid);
      setLimits(num, app.limits, app.createdAtMs);
      const record: AppRecord = { ...app, num, pausedAtMs: null };
      return {
        app: toPlainApp(record),
        limits: readLimits(num),
        token: app.token === null ? null : addToken(num, app.token),
      };
    },

    changeApp(change: AppChange) {
      const { num, atMs } = change;
      requireLive(num);
      if (change.name !== undefined) requireFreeName(change.name, num);
      const set = (column: string, value: unknown): void => {
        db.prepare(`UPDATE apps SET ${column} = ? WHERE num = ?`).run(value, num);
      };
      if (change.name !== undefined) set('name', change.name);
      if (change.mode !== undefined) set('mode', change.mode);
      if (change.pausedAtMs !== undefined) set('paused_at', change.pausedAtMs);
      if (change.policy !== undefined) set('policy', JSON.stringify(change.policy));
      for (const key of change.removeLimits ?? []) deleteLimit.run({ ...key, appNum: num });
      setLimits(num, change.setLimits ?? [], atMs);
      return {
        app: requireLive(num),
        limits: readLimits(num),
      };
    },

    /** Keeps the rows that were spent; takes the name, the tokens and the limits. */
    removeApp({ num, atMs }: { num: number; atMs: number }) {
      db.prepare('UPDATE apps SET deleted_at = ? WHERE num = ?').run(atMs, num);
      db.prepare('UPDATE tokens SET revoked_at = ? WHERE app_num = ? AND revoked_at IS NULL').run(atMs, num);
      db.prepare('DELETE FROM limits WHERE app_num = ?').run(num);
    },

    addToken({ appNum, token }: { appNum: number; token: NewToken }) {
      return addToken(appNum, token);
    },

    revokeTokens({ ids, atMs }: { ids: readonly number[]; atMs: number }) {
      const revoke = db.prepare('UPDATE tokens SET revoked_at = ? WHERE id = ? AND revoked_at IS NULL');
      for (const id of ids) revoke.run(atMs, id);
    },

    /** Tokens end at an instant that is still to come. */
    expireTokens({ ids, expiresAtMs }: { ids: readonly number[]; expiresAtMs: number }) {
      const expire = db.prepare(
        'UPDATE tokens SET expires_at = min(ifnull(expires_at, @at), @at) WHERE id = @id AND revoked_at IS NULL',
      );
      for (const id of ids) expire.run({ id, at: expiresAtMs });
    },

    changeKeyLimits(change: { set: readonly NewLimit[]; remove: readonly LimitKey[]; atMs: number }) {
      for (const key of change.remove) deleteLimit.run({ ...key, appNum: null });
      setLimits(null, change.set, change.atMs);
      return readLimits(null);
    },

    /** Returns the limits of the scope. */
    raiseLimit({ appNum, limit, raise }: LimitRaiseChange) {
      setRaise.run({ ...limit, appNum, amount: raise?.amount ?? null, untilMs: raise?.untilMs ?? null });
      return readLimits(appNum);
    },

    /** Returns the limits of the scope. */
    setThresholds({ appNum, limit, percents }: ThresholdChange) {
      setThresholds.run({
        ...limit,
        appNum,
        thresholds: percents === null ? null : JSON.stringify(percents),
      });
      return readLimits(appNum);
    },

    setPrice({ model, data }: PriceRecord) {
      db.prepare(
        'INSERT INTO prices (model, data) VALUES (?, ?) ON CONFLICT (model) DO UPDATE SET data = excluded.data',
      ).run(model, data);
    },

    unsetPrice({ model }: { model: string }) {
      return db.prepare('DELETE FROM prices WHERE model = ?').run(model).changes > 0;
    },

    setMeta({ key, value }: { key: string; value: string }) {
      setMeta.run(key, value);
    },
  };
}

export type Records = ReturnType<typeof openRecords>;

interface Row {
  readonly [column: string]: unknown;
}

function toApp(row: unknown): AppRecord {
  const columns = row as Row;
  return {
    num: columns['num'] as number,
    id: columns['id'] as string,
    name: columns['name'] as string,
    mode: columns['mode'] as AppMode,
    pausedAtMs: columns['paused_at'] as number | null,
    createdAtMs: columns['created_at'] as number,
    // A policy written before a field existed gets that field's default.
    policy: { ...DEFAULT_POLICY, ...(JSON.parse(columns['policy'] as string) as Partial<AppPolicy>) },
  };
}

function toPlainApp({ num, id, name, mode, pausedAtMs, createdAtMs, policy }: AppRecord): AppRecord {
  return { num, id, name, mode, pausedAtMs, createdAtMs, policy };
}

function toToken(row: unknown): TokenRecord {
  const columns = row as Row;
  return {
    id: columns['id'] as number,
    hash: columns['hash'] as Buffer,
    appNum: columns['app_num'] as number,
    kind: columns['kind'] as TokenRecord['kind'],
    createdAtMs: columns['created_at'] as number,
    expiresAtMs: columns['expires_at'] as number | null,
    label: columns['label'] as string | null,
    lastUsedAtMs: columns['last_used_at'] as number | null,
  };
}

function toLimit(row: unknown): LimitRecord {
  const columns = row as Row;
  return {
    id: columns['id'] as number,
    appNum: columns['app_num'] as number | null,
    metric: columns['metric'] as Metric,
    amount: columns['amount'] as number,
    window: columns['window'] as Window,
    enforce: columns['enforce'] as Enforce,
    raise: toRaise(columns['raise_amount'], columns['raise_until']),
    thresholds: toThresholds(columns['thresholds']),
  };
}

function toThresholds(json: unknown): readonly number[] | null {
  return typeof json === 'string' ? (JSON.parse(json) as number[]) : null;
}

function toRaise(amount: unknown, untilMs: unknown): LimitRaise | null {
  return typeof amount === 'number' && typeof untilMs === 'number' ? { amount, untilMs } : null;
}
