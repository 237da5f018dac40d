/**
 * What apps have made at OpenAI, whose cost is told after the answer, and limits that are raised for a while.
 *
 * `objects` says which app an id belongs to. `tokens` is the context that a response or conversation is
 * known to carry, null when it is not known. `late_work` marks an open hold that outlives its request and
 * the process: it is settled when OpenAI tells the end of the object, not charged at a start.
 */
export const objectsLateWorkRaises = `
CREATE TABLE objects (
  id         TEXT PRIMARY KEY,
  kind       TEXT NOT NULL,
  app_num    INTEGER NOT NULL,
  created_at INTEGER NOT NULL,
  model      TEXT,
  tokens     INTEGER,
  detail     TEXT
) STRICT, WITHOUT ROWID;

CREATE TABLE late_work (
  seq       INTEGER PRIMARY KEY,
  kind      TEXT NOT NULL,
  object_id TEXT NOT NULL,
  detail    TEXT NOT NULL
) STRICT;

ALTER TABLE limits ADD COLUMN raise_amount INTEGER CHECK (raise_amount > 0);
ALTER TABLE limits ADD COLUMN raise_until INTEGER;
`;
