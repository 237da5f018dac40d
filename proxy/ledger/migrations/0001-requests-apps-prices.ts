/**
 * The first schema. Frozen: a later change is a migration of its own.
 *
 * `requests` holds one row a request, written when its hold is taken and completed when it ends.
 * `rollup` counts ended requests by quarter of an hour, which every time zone's days are made of; it is
 * written in the same transaction and can be recounted from `requests`.
 */
export const requestsAppsPrices = `
CREATE TABLE meta (
  key   TEXT PRIMARY KEY,
  value TEXT NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE apps (
  num        INTEGER PRIMARY KEY,
  id         TEXT NOT NULL UNIQUE,
  name       TEXT NOT NULL,
  mode       TEXT NOT NULL CHECK (mode IN ('enforce', 'observe')),
  paused_at  INTEGER,
  created_at INTEGER NOT NULL,
  deleted_at INTEGER,
  policy     TEXT NOT NULL
) STRICT;
CREATE UNIQUE INDEX apps_by_name ON apps (name COLLATE NOCASE) WHERE deleted_at IS NULL;

CREATE TABLE tokens (
  id         INTEGER PRIMARY KEY,
  hash       BLOB NOT NULL UNIQUE,
  app_num    INTEGER NOT NULL REFERENCES apps (num),
  kind       TEXT NOT NULL CHECK (kind IN ('app', 'run')),
  created_at INTEGER NOT NULL,
  expires_at INTEGER,
  revoked_at INTEGER
) STRICT;

CREATE TABLE limits (
  id         INTEGER PRIMARY KEY,
  app_num    INTEGER REFERENCES apps (num),
  metric     TEXT NOT NULL,
  amount     INTEGER NOT NULL CHECK (amount >= 0),
  window     TEXT NOT NULL,
  enforce    TEXT NOT NULL CHECK (enforce IN ('hard', 'warn')),
  created_at INTEGER NOT NULL
) STRICT;
CREATE UNIQUE INDEX limits_by_scope ON limits (ifnull(app_num, 0), metric, window, enforce);

CREATE TABLE prices (
  model TEXT PRIMARY KEY,
  data  TEXT NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE requests (
  seq           INTEGER PRIMARY KEY,
  at            INTEGER NOT NULL,
  app_num       INTEGER NOT NULL REFERENCES apps (num),
  token_id      INTEGER NOT NULL,
  route         TEXT NOT NULL,
  model         TEXT NOT NULL,
  streamed      INTEGER NOT NULL,
  user          TEXT,
  outcome       TEXT NOT NULL
                CHECK (outcome IN ('open', 'settled', 'estimated', 'charged-at-bound', 'voided', 'refused')),
  hold_nano     INTEGER,
  hold_input    INTEGER NOT NULL,
  hold_output   INTEGER NOT NULL,
  cost_nano     INTEGER CHECK (cost_nano >= 0),
  input         INTEGER,
  cached_input  INTEGER,
  output        INTEGER,
  reasoning     INTEGER,
  served_model  TEXT,
  service_tier  TEXT,
  status        INTEGER,
  duration_ms   INTEGER,
  first_byte_ms INTEGER,
  upstream_id   TEXT,
  reason        TEXT,
  overage_nano  INTEGER NOT NULL DEFAULT 0,
  count         INTEGER NOT NULL DEFAULT 1
) STRICT;
CREATE INDEX requests_by_app ON requests (app_num, seq);
CREATE INDEX requests_open ON requests (seq) WHERE outcome = 'open';

CREATE TABLE rollup (
  quarter      INTEGER NOT NULL,
  app_num      INTEGER NOT NULL,
  route        TEXT NOT NULL,
  model        TEXT NOT NULL,
  user         TEXT NOT NULL,
  requests     INTEGER NOT NULL,
  refused      INTEGER NOT NULL,
  input        INTEGER NOT NULL,
  cached_input INTEGER NOT NULL,
  output       INTEGER NOT NULL,
  cost_nano    INTEGER NOT NULL,
  estimated_nano INTEGER NOT NULL,
  unpriced     INTEGER NOT NULL,
  PRIMARY KEY (quarter, app_num, route, model, user)
) STRICT, WITHOUT ROWID;

CREATE TABLE findings (
  id      INTEGER PRIMARY KEY,
  at      INTEGER NOT NULL,
  finding TEXT NOT NULL,
  app_num INTEGER,
  detail  TEXT NOT NULL
) STRICT;
`;
