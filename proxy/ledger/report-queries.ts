import Database from 'better-sqlite3';
import type { UsageKey } from '../contract/usage-words.ts';
import { quarterOf } from './request-rows.ts';

export interface UsageQuery {
  readonly fromMs: number;
  readonly toMs: number;
  readonly by: UsageKey;
  readonly appNum: number | null;
}

/** One line of a report before people's names and currencies are put to it. */
export interface UsageSum {
  /** App number, model, quarter of an hour, user or endpoint, by the query. */
  readonly key: string | number;
  readonly requests: number;
  readonly refused: number;
  readonly inputTokens: number;
  readonly cachedInputTokens: number;
  readonly outputTokens: number;
  readonly costNanoUsd: number;
  readonly estimatedNanoUsd: number;
  readonly unpricedRequests: number;
  readonly heldNanoUsd: number;
}

export interface RequestQuery {
  readonly appNum: number | null;
  readonly outcome: string | null;
  readonly model: string | null;
  readonly beforeSeq: number | null;
  readonly limit: number;
}

export interface RequestRow {
  readonly seq: number;
  readonly at: number;
  readonly app_num: number;
  readonly app_id: string;
  readonly app_name: string;
  readonly route: string;
  readonly model: string;
  readonly streamed: number;
  readonly user: string | null;
  readonly outcome: string;
  readonly hold_nano: number | null;
  readonly cost_nano: number | null;
  readonly input: number | null;
  readonly cached_input: number | null;
  readonly output: number | null;
  readonly reasoning: number | null;
  readonly served_model: string | null;
  readonly service_tier: string | null;
  readonly status: number | null;
  readonly duration_ms: number | null;
  readonly first_byte_ms: number | null;
  readonly upstream_id: string | null;
  readonly reason: string | null;
  readonly overage_nano: number;
  readonly count: number;
}

const COLUMN: Readonly<Record<UsageKey, string>> = {
  app: 'app_num',
  model: 'model',
  day: 'quarter',
  user: 'user',
  endpoint: 'route',
};

/** The same grouping for requests that are still open, which the rollup does not have. */
const OPEN_COLUMN: Readonly<Record<UsageKey, string>> = {
  ...COLUMN,
  day: 'at / 900000',
  user: "ifnull(user, '')",
};

const REQUEST_COLUMNS = `r.*, a.id AS app_id, a.name AS app_name
  FROM requests r JOIN apps a ON a.num = r.app_num`;

/** What reports read. None of it may run on the engine's own thread: a query can take its time. */
export function openReportQueries(db: Database.Database) {
  return {
    usage({ fromMs, toMs, by, appNum }: UsageQuery): UsageSum[] {
      const range = [quarterOf(fromMs), quarterOf(toMs - 1), appNum, appNum];
      const ended = db
        .prepare(
          `SELECT ${COLUMN[by]} AS key, sum(requests) AS requests, sum(refused) AS refused,
             sum(input) AS inputTokens, sum(cached_input) AS cachedInputTokens, sum(output) AS outputTokens,
             sum(cost_nano) AS costNanoUsd, sum(estimated_nano) AS estimatedNanoUsd,
             sum(unpriced) AS unpricedRequests, 0 AS heldNanoUsd
           FROM rollup WHERE quarter BETWEEN ? AND ? AND (? IS NULL OR app_num = ?)
           GROUP BY 1`,
        )
        .all(...range) as UsageSum[];
      const open = db
        .prepare(
          `SELECT ${OPEN_COLUMN[by]} AS key, sum(ifnull(hold_nano, 0)) AS heldNanoUsd
           FROM requests WHERE outcome = 'open' AND at / 900000 BETWEEN ? AND ? AND (? IS NULL OR app_num = ?)
           GROUP BY 1`,
        )
        .all(...range) as { key: string | number; heldNanoUsd: number }[];
      const held = new Map(open.map(({ key, heldNanoUsd }) => [key, heldNanoUsd]));
      const rows = ended.map((row) => ({ ...row, heldNanoUsd: held.get(row.key) ?? 0 }));
      const known = new Set(ended.map(({ key }) => key));
      for (const [key, heldNanoUsd] of held) if (!known.has(key)) rows.push({ ...EMPTY, key, heldNanoUsd });
      return rows;
    },

    requests({ appNum, outcome, model, beforeSeq, limit }: RequestQuery): RequestRow[] {
      const where = ['1'];
      const values: unknown[] = [];
      const add = (condition: string, value: unknown): void => {
        where.push(condition);
        values.push(value);
      };
      if (appNum !== null) add('r.app_num = ?', appNum);
      if (outcome !== null) add('r.outcome = ?', outcome);
      if (model !== null) add('r.model = ?', model);
      if (beforeSeq !== null) add('r.seq < ?', beforeSeq);
      return db
        .prepare(`SELECT ${REQUEST_COLUMNS} WHERE ${where.join(' AND ')} ORDER BY r.seq DESC LIMIT ?`)
        .all(...values, limit) as RequestRow[];
    },

    request(seq: number): RequestRow | null {
      return (
        (db.prepare(`SELECT ${REQUEST_COLUMNS} WHERE r.seq = ?`).get(seq) as RequestRow | undefined) ?? null
      );
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

const EMPTY = {
  requests: 0,
  refused: 0,
  inputTokens: 0,
  cachedInputTokens: 0,
  outputTokens: 0,
  costNanoUsd: 0,
  estimatedNanoUsd: 0,
  unpricedRequests: 0,
};
