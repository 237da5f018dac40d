import type { CoverageRow } from '../../../../proxy/contract/coverage.ts';
import { StatusBadge, type Tone } from '../../components/status-badge.tsx';
import type { Column } from '../../components/table-columns.ts';
import { commonText } from '../../text/common.ts';
import { coverageText as text } from '../../text/coverage.ts';
import { asSentence } from './coverage-filter.ts';

export const TONES: Readonly<Record<CoverageRow['how'], Tone>> = {
  metered: 'accent',
  free: 'good',
  unmetered: 'warn',
  refused: 'bad',
};

export const COLUMNS: readonly Column<CoverageRow>[] = [
  {
    id: 'method',
    header: text.columns.method,
    width: '76px',
    cell: ({ method }) => <span className="tg-mono tg-dim">{method ?? text.anyMethod}</span>,
    sortBy: ({ method }) => method,
  },
  {
    id: 'path',
    header: text.columns.path,
    width: 'minmax(220px, 1.3fr)',
    cell: ({ path }) => (
      <span className="tg-mono" title={path}>
        {path}
      </span>
    ),
    sortBy: ({ path }) => path,
  },
  {
    id: 'how',
    header: text.columns.how,
    width: '116px',
    cell: ({ how }) => <StatusBadge tone={TONES[how]}>{text.how[how]}</StatusBadge>,
    sortBy: ({ how }) => how,
  },
  {
    id: 'optIn',
    header: text.columns.optIn,
    width: '126px',
    hiddenBelow: 640,
    cell: ({ optIn }) => (
      <span className={optIn ? 'tg-mono' : 'tg-mono tg-dim'}>{optIn ?? commonText.none}</span>
    ),
    sortBy: ({ optIn }) => optIn,
  },
  {
    id: 'note',
    header: text.columns.note,
    width: 'minmax(160px, 2fr)',
    hiddenBelow: 760,
    cell: ({ note }) => (
      <span className="tg-dim" title={note}>
        {asSentence(note)}
      </span>
    ),
  },
];
