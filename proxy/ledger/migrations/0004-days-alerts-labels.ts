/**
 * What the dashboard reads: sums by UTC day and by hour, so that a year of requests is added up from
 * thousands of lines instead of millions, alerts with whom they were told to, and words for tokens.
 *
 * `rollup_day` is the rollup by day; `rollup_hour` by hour and without users, because the days of a time
 * zone are made of hours. Both are written in the transaction of the rollup and can be counted from it.
 */
export const daysAlertsLabels = `
CREATE TABLE rollup_day (
  day          INTEGER NOT NULL,
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
  PRIMARY KEY (day, app_num, route, model, user)
) STRICT, WITHOUT ROWID;

CREATE TABLE rollup_hour (
  hour         INTEGER NOT NULL,
  app_num      INTEGER NOT NULL,
  route        TEXT NOT NULL,
  model        TEXT NOT NULL,
  requests     INTEGER NOT NULL,
  refused      INTEGER NOT NULL,
  input        INTEGER NOT NULL,
  cached_input INTEGER NOT NULL,
  output       INTEGER NOT NULL,
  cost_nano    INTEGER NOT NULL,
  estimated_nano INTEGER NOT NULL,
  unpriced     INTEGER NOT NULL,
  PRIMARY KEY (hour, app_num, route, model)
) STRICT, WITHOUT ROWID;

INSERT INTO rollup_day
  SELECT quarter / 96, app_num, route, model, user, sum(requests), sum(refused), sum(input),
    sum(cached_input), sum(output), sum(cost_nano), sum(estimated_nano), sum(unpriced)
  FROM rollup GROUP BY 1, 2, 3, 4, 5;
INSERT INTO rollup_hour
  SELECT quarter / 4, app_num, route, model, sum(requests), sum(refused), sum(input),
    sum(cached_input), sum(output), sum(cost_nano), sum(estimated_nano), sum(unpriced)
  FROM rollup GROUP BY 1, 2, 3, 4;

ALTER TABLE requests ADD COLUMN rule TEXT;
CREATE INDEX requests_notable ON requests (outcome, seq)
  WHERE outcome = 'estimated' OR outcome = 'charged-at-bound' OR outcome = 'voided' OR outcome = 'refused';

ALTER TABLE tokens ADD COLUMN label TEXT;
ALTER TABLE tokens ADD COLUMN last_used_at INTEGER;
ALTER TABLE limits ADD COLUMN thresholds TEXT;

CREATE TABLE alerts (
  id              INTEGER PRIMARY KEY,
  kind            TEXT NOT NULL,
  severity        TEXT NOT NULL,
  at              INTEGER NOT NULL,
  app_num         INTEGER,
  title           TEXT NOT NULL,
  detail          TEXT NOT NULL,
  subject         TEXT NOT NULL,
  once            TEXT UNIQUE,
  limit_spec      TEXT,
  threshold       INTEGER,
  window_ends_at  INTEGER,
  count           INTEGER NOT NULL DEFAULT 1,
  last_at         INTEGER NOT NULL,
  acknowledged_at INTEGER,
  delivered       INTEGER NOT NULL
) STRICT;
CREATE INDEX alerts_by_subject ON alerts (subject, id);
CREATE INDEX alerts_open ON alerts (id) WHERE acknowledged_at IS NULL;

CREATE TABLE snoozes (
  subject      TEXT PRIMARY KEY,
  snoozed_until INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
`;
