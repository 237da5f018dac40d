import type Database from 'better-sqlite3';
import type { ObjectKind } from '../contract/object-kinds.ts';
import type { LateEntry, LateKind, ObjectEntry } from './entries.ts';

/** An object at OpenAI as the ledger knows it. */
export interface ObjectRecord {
  readonly id: string;
  readonly kind: ObjectKind;
  readonly appNum: number;
  readonly model: string | null;
  readonly tokens: number | null;
  readonly detail: string | null;
}

/** An open hold that waits for OpenAI to tell the end of an object. */
export interface LateRecord {
  readonly seq: number;
  readonly kind: LateKind;
  readonly objectId: string;
  readonly detail: string;
  /** Of its request's hold. */
  readonly atMs: number;
  readonly appNum: number;
  readonly tokenId: number;
  readonly route: string;
  readonly model: string;
  readonly user: string | null;
  readonly address: string | null;
  readonly holdNanoUsd: number | null;
  readonly holdInputTokens: number;
  readonly holdOutputTokens: number;
}

/** Rows of {@link ObjectEntry} and {@link LateEntry}; inside the caller's transaction. */
export function openObjectRows(db: Database.Database) {
  // An id never changes hands: what another app says of it is not written.
  const upsertObject = db.prepare<unknown[]>(
    `INSERT INTO objects (id, kind, app_num, created_at, model, tokens, detail) VALUES (?, ?, ?, ?, ?, ?, ?)
     ON CONFLICT (id) DO UPDATE SET model = excluded.model, tokens = excluded.tokens,
       detail = ifnull(excluded.detail, detail) WHERE app_num = excluded.app_num`,
  );
  const insertLate = db.prepare<unknown[]>(
    'INSERT INTO late_work (seq, kind, object_id, detail) VALUES (?, ?, ?, ?) ON CONFLICT DO NOTHING',
  );
  return {
    writeObject({ id, objectKind, appNum, atMs, model, tokens, detail }: ObjectEntry): void {
      upsertObject.run(id, objectKind, appNum, atMs, model, tokens, detail);
    },
    writeLate({ seq, lateKind, objectId, detail }: LateEntry): void {
      insertLate.run(seq, lateKind, objectId, detail);
    },
  };
}

/** Those of some ids that any app has made. */
export function findObjects(db: Database.Database, ids: readonly string[]): ObjectRecord[] {
  return db
    .prepare(
      `SELECT id, kind, app_num AS appNum, model, tokens, detail FROM objects
       WHERE id IN (SELECT value FROM json_each(?))`,
    )
    .all(JSON.stringify(ids)) as ObjectRecord[];
}

/** Holds that are still open because OpenAI goes on with their object. */
export function openLateWork(db: Database.Database): LateRecord[] {
  return db
    .prepare(
      `SELECT w.seq, w.kind, w.object_id AS objectId, w.detail, r.at AS atMs, r.app_num AS appNum,
         r.token_id AS tokenId, r.route, r.model, r.user, r.address, r.hold_nano AS holdNanoUsd,
         r.hold_input AS holdInputTokens, r.hold_output AS holdOutputTokens
       FROM requests r JOIN late_work w ON w.seq = r.seq WHERE r.outcome = 'open' ORDER BY w.seq`,
    )
    .all() as LateRecord[];
}
