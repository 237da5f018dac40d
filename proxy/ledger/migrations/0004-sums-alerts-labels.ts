const SUMS = [
  'requests',
  'refused',
  'input',
  'cached_input',
  'output',
  'cost_nano',
  'estimated_nano',
  'unpriced',
] as const;
const APP = ['app_num INTEGER NOT NULL', 'route TEXT NOT NULL', 'model TEXT NOT NULL'] as const;

/** A rollup by another stretch of time, filled from one that there is; `stretch` is said in its column. */
function sums(table: string, column: string, stretch: string, from: string, hasUsers: boolean): string {
  const user = hasUsers ? ['user'] : [];
  const columns = [
    `${column} INTEGER NOT NULL`,
    ...APP,
    ...user.map((name) => `${name} TEXT NOT NULL`),
    ...SUMS.map((name) => `${name} INTEGER NOT NULL`),
  ];
  const key = [column, 'app_num', 'route', 'model', ...user];
  return `
CREATE TABLE ${table} (
  ${columns.join(',\n  ')},
  PRIMARY KEY (${key.join(', ')})
) STRICT, WITHOUT ROWID;
INSERT INTO ${table}
  SELECT ${[stretch, ...key.slice(1), ...SUMS.map((name) => `sum(${name})`)].join(', ')}
  FROM ${from} GROUP BY ${key.map((_, at) => at + 1).join(', ')};
`;
}

/**
 * What the dashboard reads: sums by longer stretches of time, so that a year of requests is added up from
 * thousands of lines instead of millions, alerts with whom they were told to, and words for tokens.
 *
 * Sums without users are by quarter, hour and day, because the days of a time zone are made of hours, or of
 * quarters where it is half an hour off; sums with users are by day and by 32 days. All are written in the
 * transaction of the rollup and can be counted from it.
 */
export const sumsAlertsLabels = `${sums('rollup_quarter_apps', 'quarter', 'quarter', 'rollup', false)}
${sums('rollup_hour', 'hour', 'quarter / 4', 'rollup', false)}
${sums('rollup_day', 'day', 'quarter / 96', 'rollup', true)}
${sums('rollup_day_apps', 'day', 'day', 'rollup_day', false)}
${sums('rollup_block', 'block', 'day / 32', 'rollup_day', true)}
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
