import { useQuery } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import type { AppView } from '../../../../proxy/contract/apps.ts';
import { appScreen } from '../../../../proxy/contract/screens.ts';
import { api } from '../../api/client.ts';
import { DataTable } from '../../components/data-table.tsx';
import { EmptyState } from '../../components/empty-state.tsx';
import { ErrorState } from '../../components/error-state.tsx';
import { LoadingRows } from '../../components/loading-rows.tsx';
import { Money } from '../../components/money.tsx';
import { PageHeader } from '../../components/page-header.tsx';
import { RelativeTime } from '../../components/relative-time.tsx';
import { StatusBadge } from '../../components/status-badge.tsx';
import type { Column } from '../../components/table-columns.ts';
import { appsText as text } from '../../text/apps.ts';
import { commonText } from '../../text/common.ts';

const COLUMNS: readonly Column<AppView>[] = [
  {
    id: 'name',
    header: text.columns.name,
    width: 'minmax(140px, 2fr)',
    cell: ({ name }) => name,
    sortBy: ({ name }) => name,
  },
  {
    id: 'mode',
    header: text.columns.mode,
    width: '110px',
    cell: ({ mode }) => (
      <StatusBadge tone={mode === 'paused' ? 'warn' : 'good'}>{commonText.app[mode]}</StatusBadge>
    ),
    sortBy: ({ mode }) => mode,
  },
  {
    id: 'today',
    header: text.columns.today,
    width: '110px',
    align: 'right',
    cell: ({ spent }) => <Money nanoUsd={spent.todayNanoUsd} />,
    sortBy: ({ spent }) => spent.todayNanoUsd,
  },
  {
    id: 'month',
    header: text.columns.month,
    width: '110px',
    align: 'right',
    cell: ({ spent }) => <Money nanoUsd={spent.monthNanoUsd} />,
    sortBy: ({ spent }) => spent.monthNanoUsd,
  },
  {
    id: 'seen',
    header: text.columns.seen,
    width: '130px',
    align: 'right',
    cell: ({ lastSeenAt }) => <RelativeTime at={lastSeenAt} />,
    sortBy: ({ lastSeenAt }) => lastSeenAt,
  },
];

export function AppsScreen(): ReactNode {
  const navigate = useNavigate();
  const open = ({ id }: AppView): void => void navigate({ to: appScreen(id) });
  const query = useQuery(api.apps.list.queryOptions());
  return (
    <>
      <PageHeader title={text.title} lead={text.lead} />
      {query.isPending ? (
        <LoadingRows />
      ) : query.isError ? (
        <ErrorState error={query.error} onRetry={() => void query.refetch()} />
      ) : query.data.apps.length === 0 ? (
        <EmptyState title={text.empty.title} what={text.empty.what} />
      ) : (
        <DataTable
          label={text.list}
          rows={query.data.apps}
          columns={COLUMNS}
          rowKey={({ id }) => id}
          isMain
          onOpen={open}
        />
      )}
    </>
  );
}
