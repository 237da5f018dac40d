import type { ReactNode } from 'react';
import type { RequestView } from '../../../../proxy/contract/requests.ts';
import { Count } from '../../components/count.tsx';
import { Money } from '../../components/money.tsx';
import { RelativeTime } from '../../components/relative-time.tsx';
import type { Column } from '../../components/table-columns.ts';
import { shortCount } from '../../format/count.ts';
import { duration } from '../../format/time.ts';
import { requestsText as text } from '../../text/requests.ts';
import { CostCell } from './cost-cell.tsx';
import { Elapsed } from './elapsed.tsx';
import { OutcomeBadge } from './outcome-badge.tsx';

/** Of the table's own style: between columns, and at both ends. */
const GAP_PX = 12;
const PADDING_PX = 28;

const tokens = (value: number | null): string => (value === null ? '—' : shortCount(value));
const words = (value: string | null): ReactNode =>
  value === null || value === '' ? <span className="tg-dim">{'—'}</span> : value;

/** Every column of the log, in the order in which they stand. */
export const REQUEST_COLUMNS: readonly Column<RequestView>[] = [
  { id: 'at', header: text.columns.at, width: '84px', cell: ({ at }) => <RelativeTime at={at} /> },
  { id: 'app', header: text.columns.app, width: 'minmax(90px, 1fr)', cell: ({ app }) => app },
  {
    id: 'model',
    header: text.columns.model,
    width: 'minmax(100px, 1.2fr)',
    cell: ({ model }) => words(model),
  },
  {
    id: 'endpoint',
    header: text.columns.endpoint,
    width: 'minmax(120px, 1fr)',
    hiddenBelow: 900,
    cell: ({ endpoint }) => <span className="tg-dim">{endpoint.replace(/^\/v1/, '')}</span>,
  },
  {
    id: 'user',
    header: text.columns.user,
    width: 'minmax(90px, 1fr)',
    hiddenBelow: 900,
    cell: ({ user }) => words(user),
  },
  {
    id: 'outcome',
    header: text.columns.outcome,
    width: '124px',
    cell: (request) => <OutcomeBadge request={request} />,
  },
  {
    id: 'status',
    header: text.columns.status,
    width: '60px',
    align: 'right',
    hiddenBelow: 620,
    cell: ({ status }) => <span className="tg-num">{status ?? '—'}</span>,
  },
  {
    id: 'tokens',
    header: text.columns.tokens,
    width: '128px',
    align: 'right',
    hiddenBelow: 800,
    cell: ({ inputTokens, outputTokens, outcome }) => (
      <span className={outcome === 'settled' ? 'tg-num' : 'tg-num tg-dim'}>
        {inputTokens === null && outputTokens === null
          ? '—'
          : text.tokens(tokens(inputTokens), tokens(outputTokens))}
      </span>
    ),
  },
  {
    id: 'cached',
    header: text.columns.cached,
    width: '80px',
    align: 'right',
    hiddenBelow: 900,
    cell: ({ cachedInputTokens }) => <Count value={cachedInputTokens} />,
  },
  {
    id: 'reasoning',
    header: text.columns.reasoning,
    width: '84px',
    align: 'right',
    hiddenBelow: 900,
    cell: ({ reasoningTokens }) => <Count value={reasoningTokens} />,
  },
  {
    id: 'firstByte',
    header: text.columns.firstByte,
    width: '80px',
    align: 'right',
    hiddenBelow: 760,
    cell: ({ firstByteMs }) => <span className="tg-num">{duration(firstByteMs)}</span>,
  },
  {
    id: 'duration',
    header: text.columns.duration,
    width: '84px',
    align: 'right',
    hiddenBelow: 660,
    cell: ({ outcome, at, durationMs }) =>
      outcome === 'open' ? <Elapsed since={at} /> : <span className="tg-num">{duration(durationMs)}</span>,
  },
  {
    id: 'tier',
    header: text.columns.tier,
    width: '80px',
    hiddenBelow: 900,
    cell: ({ serviceTier }) => words(serviceTier),
  },
  {
    id: 'hold',
    header: text.columns.hold,
    width: '92px',
    align: 'right',
    hiddenBelow: 760,
    cell: ({ holdNanoUsd }) => <Money nanoUsd={holdNanoUsd} dimmed />,
  },
  {
    id: 'cost',
    header: text.columns.cost,
    width: '92px',
    align: 'right',
    cell: (request) => <CostCell request={request} />,
  },
  {
    id: 'id',
    header: text.columns.id,
    width: '150px',
    hiddenBelow: 1_000,
    cell: ({ id }) => <span className="tg-mono tg-dim">{id}</span>,
  },
];

/** What is shown until somebody picks others. */
export const USUAL_COLUMNS: readonly string[] = [
  'at',
  'app',
  'model',
  'endpoint',
  'outcome',
  'tokens',
  'duration',
  'cost',
];

export interface ShownColumns {
  readonly columns: readonly Column<RequestView>[];
  /** A CSS length that the table does not get narrower than; it scrolls sideways instead. */
  readonly minWidth: string;
}

/** Columns that somebody picked are all shown; the usual ones make room for one another. */
export function shownColumns(picked: readonly string[]): ShownColumns {
  const columns = REQUEST_COLUMNS.filter(({ id }) => picked.includes(id));
  if (columns.every(({ id }) => USUAL_COLUMNS.includes(id))) return { columns, minWidth: '0' };
  const widths = columns.map(({ width }) => Number.parseInt(/\d+(?=px)/.exec(width)?.[0] ?? '0', 10));
  const sum = widths.reduce((total, width) => total + width + GAP_PX, PADDING_PX);
  return { columns: columns.map(({ hiddenBelow: _, ...column }) => column), minWidth: `${sum}px` };
}

/** Picked columns as they were stored; the usual ones when nothing usable was. */
export function parseColumns(stored: unknown): readonly string[] {
  if (!Array.isArray(stored)) return USUAL_COLUMNS;
  const known = stored.filter((id) => REQUEST_COLUMNS.some((column) => column.id === id));
  return known.length === 0 ? USUAL_COLUMNS : known;
}
