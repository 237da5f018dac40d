import Database from 'better-sqlite3';
import { type AlertQuery, type AlertRecord, listAlerts } from './alert-rows.ts';
import { type BacktestQuery, type BacktestResult, backtest } from './backtest.ts';
import {
  type FoundRequests,
  findRequests,
  type RequestQuery,
  type RequestRow,
  requestBySeq,
  requestsBySeq,
} from './request-queries.ts';
import {
  listFacets,
  type SeriesQuery,
  type SeriesSum,
  sumSeries,
  sumUsage,
  type UsageQuery,
  type UsageSum,
} from './usage-queries.ts';

/** A token as it was issued, whether it still works or not. */
export interface TokenRow {
  readonly id: number;
  readonly label: string | null;
  readonly lastUsedAtMs: number | null;
}

/** What reports read. None of it may run on the engine's own thread: a query can take its time. */
export function openReportQueries(db: Database.Database) {
  return {
    usage: (query: UsageQuery): UsageSum[] => sumUsage(db, query),
    series: (query: SeriesQuery): SeriesSum[] => sumSeries(db, query),
    facets: (fromDay: number) => listFacets(db, fromDay),
    requests: (query: RequestQuery): FoundRequests => findRequests(db, query),
    request: (seq: number): RequestRow | null => requestBySeq(db, seq),
    requestsBySeq: (seqs: readonly number[]): RequestRow[] => requestsBySeq(db, seqs),
    backtest: (query: BacktestQuery): BacktestResult => backtest(db, query),
    alerts: (query: AlertQuery): AlertRecord[] => listAlerts(db, query),

    token(id: number): TokenRow | null {
      const row = db
        .prepare('SELECT id, label, last_used_at AS lastUsedAtMs FROM tokens WHERE id = ?')
        .get(id);
      return (row as TokenRow | undefined) ?? null;
    },

    /** When the tokens of an app were used last, those that still work. */
    tokensOf(appNum: number): TokenRow[] {
      return db
        .prepare(
          `SELECT id, label, last_used_at AS lastUsedAtMs FROM tokens
           WHERE app_num = ? AND revoked_at IS NULL ORDER BY id`,
        )
        .all(appNum) as TokenRow[];
    },

    /** Names of all apps there ever were, by number. */
    appNames(): { num: number; id: string; name: string }[] {
      return db.prepare('SELECT num, id, name FROM apps').all() as {
        num: number;
        id: string;
        name: string;
      }[];
    },

    /** `ok`, or what is broken; reads the whole file. */
    quickCheck(): string {
      try {
        return String(db.pragma('quick_check(1)', { simple: true }));
      } catch (error) {
        const isDamage = error instanceof Database.SqliteError && /^SQLITE_(CORRUPT|NOTADB)/.test(error.code);
        if (isDamage) return error.message;
        throw error;
      }
    },
  };
}

export type ReportQueries = ReturnType<typeof openReportQueries>;
