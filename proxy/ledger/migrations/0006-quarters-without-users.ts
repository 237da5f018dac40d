/**
 * Quarters of an hour without users: days and hours of zones that are half an hour off the hours of UTC are
 * read in quarters, and with users these are many lines.
 */
export const quartersWithoutUsers = `
CREATE TABLE rollup_quarter_apps (
  quarter      INTEGER NOT NULL,
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
  PRIMARY KEY (quarter, app_num, route, model)
) STRICT, WITHOUT ROWID;

INSERT INTO rollup_quarter_apps
  SELECT quarter, app_num, route, model, sum(requests), sum(refused), sum(input), sum(cached_input),
    sum(output), sum(cost_nano), sum(estimated_nano), sum(unpriced)
  FROM rollup GROUP BY 1, 2, 3, 4;
`;
