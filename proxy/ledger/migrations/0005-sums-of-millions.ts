/**
 * Two more sums, for ledgers of millions of requests: days without users, which all but one of the reports
 * read and which are a few thousand lines a year, and blocks of 32 days with users for the one that is left.
 */
export const sumsOfMillions = `
CREATE TABLE rollup_day_apps (
  day          INTEGER NOT NULL,
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
  PRIMARY KEY (day, app_num, route, model)
) STRICT, WITHOUT ROWID;

CREATE TABLE rollup_block (
  block        INTEGER NOT NULL,
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
  PRIMARY KEY (block, app_num, route, model, user)
) STRICT, WITHOUT ROWID;

INSERT INTO rollup_day_apps
  SELECT day, app_num, route, model, sum(requests), sum(refused), sum(input), sum(cached_input),
    sum(output), sum(cost_nano), sum(estimated_nano), sum(unpriced)
  FROM rollup_day GROUP BY 1, 2, 3, 4;
INSERT INTO rollup_block
  SELECT day / 32, app_num, route, model, user, sum(requests), sum(refused), sum(input),
    sum(cached_input), sum(output), sum(cost_nano), sum(estimated_nano), sum(unpriced)
  FROM rollup_day GROUP BY 1, 2, 3, 4, 5;
`;
