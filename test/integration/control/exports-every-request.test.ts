import { join } from 'node:path';
import Database from 'better-sqlite3';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { ExportFormat } from '../../../proxy/contract/request-words.ts';
import type { RequestFilter, RequestView } from '../../../proxy/contract/requests.ts';
import { CANARY_KEY, openTollgate, type Tollgate } from '../../helpers/open-tollgate.ts';

/** More than a piece of the document, and than a page of the list. */
const ROWS = 2_345;

let tollgate: Tollgate;
let tokens: string[];
beforeAll(async () => {
  tollgate = await openTollgate();
  tokens = [await tollgate.createApp('notebook', ['usd=5/day']), await tollgate.createApp('bot', [])];
  for (let at = 0; at < 8; at += 1) {
    const headers = { 'x-tollgate-user': 'odd' };
    const answer = await tollgate.post(tokens[at % 2] ?? '', '/moderations', { input: 'x' }, { headers });
    await answer.arrayBuffer();
  }
  await tollgate.client.usage.report({ by: 'app' });
  fill();
});
afterAll(() => tollgate.close());

/** Users as a body may name them. */
const names = [
  '=HYPERLINK("http://evil")',
  '+1',
  '-1+cmd|x',
  '@SUM(A1)',
  '\tx',
  'a "quoted", name',
  'two\r\nlines',
  'plain',
];

/** Thousands of rows take long to ask for. */
function fill(): void {
  const db = new Database(join(tollgate.dataDir, 'ledger.db'));
  const last = Number(db.prepare('SELECT max(seq) FROM requests').pluck().get() ?? 0);
  const insert = db.prepare(
    `INSERT INTO requests (seq, at, app_num, token_id, route, model, streamed, user, outcome, hold_nano,
       hold_input, hold_output, cost_nano, input, output, status)
     VALUES (?, ?, ?, 1, '/v1/responses', ?, 0, ?, 'settled', 5, 6, 7, ?, 3, 4, 200)`,
  );
  db.exec('BEGIN');
  for (let at = 1; at <= ROWS; at += 1) {
    insert.run(
      last + at,
      Date.now() - (ROWS - at),
      1,
      at % 2 === 0 ? 'gpt-5.4' : '=1+1',
      names[at % 8] ?? null,
      at,
    );
  }
  db.exec('COMMIT');
  db.close();
}

async function exported(
  format: ExportFormat,
  filter: RequestFilter = {},
): Promise<{ text: string; rows: number }> {
  let text = '';
  let rows = 0;
  let pieces = 0;
  for await (const piece of await tollgate.client.requests.export({ format, ...filter })) {
    text += piece.text;
    expect(piece.rows).toBeGreaterThanOrEqual(rows);
    rows = piece.rows;
    pieces += 1;
  }
  expect(pieces).toBe(Math.max(1, Math.ceil((rows + 1) / 1_000)));
  return { text, rows };
}

/** RFC 4180, read by hand. */
function parseCsv(text: string): string[][] {
  const rows: string[][] = [];
  let row: string[] = [];
  let cell = '';
  let isQuoted = false;
  for (let at = 0; at < text.length; at += 1) {
    const char = text[at] ?? '';
    if (isQuoted) {
      if (char !== '"') cell += char;
      else if (text[at + 1] === '"') {
        cell += '"';
        at += 1;
      } else isQuoted = false;
    } else if (char === '"') isQuoted = true;
    else if (char === ',') {
      row.push(cell);
      cell = '';
    } else if (char === '\r' && text[at + 1] === '\n') {
      at += 1;
      rows.push([...row, cell]);
      row = [];
      cell = '';
    } else cell += char;
  }
  expect([row, cell]).toEqual([[], '']);
  return rows;
}

async function listed(filter: RequestFilter = {}): Promise<RequestView[]> {
  const all: RequestView[] = [];
  let before: string | undefined;
  for (;;) {
    const page = await tollgate.client.requests.list({
      ...filter,
      limit: 500,
      ...(before ? { before } : {}),
    });
    all.push(...page.requests);
    if (page.next === null) return all;
    before = page.next;
  }
}

test('as JSON it is every request of the list, in its order', async () => {
  const { text, rows } = await exported('json');
  const all = await listed();
  expect(rows).toBe(ROWS + 8);
  expect(JSON.parse(text)).toEqual(all);
});

test('as NDJSON, one a line', async () => {
  const { text } = await exported('ndjson', { app: 'notebook' });
  const lines = text
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line) as RequestView);
  expect(lines).toEqual(await listed({ app: 'notebook' }));
});

test('as CSV, with the same values', async () => {
  const { text, rows } = await exported('csv', { model: 'gpt-5.4' });
  const [head = [], ...lines] = parseCsv(text);
  expect(lines).toHaveLength(rows);
  const all = await listed({ model: 'gpt-5.4' });
  expect(all).toHaveLength(rows);
  const numbers = (name: keyof RequestView): string[] => lines.map((line) => line[head.indexOf(name)] ?? '');
  for (const name of [
    'id',
    'at',
    'app',
    'endpoint',
    'costNanoUsd',
    'outcome',
    'status',
    'streamed',
  ] as const) {
    expect(numbers(name)).toEqual(all.map((request) => String(request[name] ?? '')));
  }
  expect(head).toEqual(expect.arrayContaining(Object.keys(all[0] ?? {})));
});

test('A69 no cell is a formula, whatever a client has called its user or model', async () => {
  const { text } = await exported('csv');
  const [head = [], ...lines] = parseCsv(text);
  for (const line of lines) {
    expect(line).toHaveLength(head.length);
    for (const cell of line) expect(cell).not.toMatch(/^[=+\-@\t\r]/);
  }
  const users = new Set(lines.map((line) => line[head.indexOf('user')]));
  expect(users).toEqual(
    new Set([...names.map((name) => (/^[=+\-@\t\r]/.test(name) ? `'${name}` : name)), 'odd']),
  );
});

test('of nothing it is a document all the same', async () => {
  const none = { model: 'no-such-model' };
  expect(JSON.parse((await exported('json', none)).text)).toEqual([]);
  expect((await exported('ndjson', none)).text).toBe('');
  expect(parseCsv((await exported('csv', none)).text)).toHaveLength(1);
});

test('I5 no key and no token is in it', async () => {
  for (const format of ['csv', 'json', 'ndjson'] as const) {
    const { text } = await exported(format);
    for (const secret of [CANARY_KEY, ...tokens]) expect(text).not.toContain(secret);
  }
});

test('whoever stops reading stops the export', async () => {
  const pieces = await tollgate.client.requests.export({ format: 'json' });
  for await (const { rows } of pieces) {
    expect(rows).toBe(1_000);
    break;
  }
  expect((await tollgate.client.engine.status()).ledgerHealthy).toBe(true);
});
