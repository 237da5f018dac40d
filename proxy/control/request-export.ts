import type { ExportFormat } from '../contract/request-words.ts';
import type { RequestFilter, RequestView } from '../contract/requests.ts';
import type { FoundRequests } from '../ledger/request-queries.ts';
import type { ControlDeps } from './control-deps.ts';
import { toQuery } from './request-commands.ts';
import { requestView } from './views.ts';

/** Rows of one piece: some hundred kilobytes of text. */
const PIECE_ROWS = 1_000;

const COLUMNS = [
  'id',
  'at',
  'appId',
  'app',
  'endpoint',
  'model',
  'servedModel',
  'serviceTier',
  'user',
  'streamed',
  'status',
  'outcome',
  'reason',
  'count',
  'inputTokens',
  'cachedInputTokens',
  'outputTokens',
  'reasoningTokens',
  'costNanoUsd',
  'holdNanoUsd',
  'overageNanoUsd',
  'durationMs',
  'firstByteMs',
  'upstreamId',
] as const satisfies readonly (keyof RequestView)[];

/** Requests as one document, the newest first, in pieces; however many there are, only one piece is in memory. */
export async function* exportRequests(
  deps: ControlDeps,
  filter: RequestFilter & { readonly format: ExportFormat },
  signal: AbortSignal,
): AsyncGenerator<{ text: string; rows: number }> {
  const { format } = filter;
  const query = toQuery(deps, filter);
  await deps.journal.flush();
  let rows = 0;
  let text = HEADS[format];
  for (let beforeSeq: number | null = null; !signal.aborted; ) {
    const found: FoundRequests = await deps.reports.query('requests', {
      ...query,
      beforeSeq,
      limit: PIECE_ROWS,
    });
    for (const row of found.rows) {
      text += line(format, requestView(deps, row), rows === 0);
      rows += 1;
    }
    beforeSeq = found.beforeSeq;
    if (beforeSeq === null) break;
    yield { text, rows };
    text = '';
  }
  yield { text: text + TAILS[format], rows };
}

const HEADS: Readonly<Record<ExportFormat, string>> = {
  csv: `${COLUMNS.join(',')}\r\n`,
  json: '[',
  ndjson: '',
};
const TAILS: Readonly<Record<ExportFormat, string>> = { csv: '', json: '\n]\n', ndjson: '' };

function line(format: ExportFormat, request: RequestView, isFirst: boolean): string {
  if (format === 'csv') return `${COLUMNS.map((column) => cell(request[column])).join(',')}\r\n`;
  if (format === 'ndjson') return `${JSON.stringify(request)}\n`;
  return `${isFirst ? '' : ','}\n${JSON.stringify(request)}`;
}

/**
 * RFC 4180. Text that a spreadsheet would take for a formula gets an apostrophe in front, as models, users
 * and ids are whatever clients and OpenAI have sent.
 */
function cell(value: string | number | boolean | null): string {
  if (value === null) return '';
  if (typeof value !== 'string') return String(value);
  const safe = /^[=+\-@\t\r]/.test(value) ? `'${value}` : value;
  return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}
