import { useQuery } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import type { AlertView } from '../../../../proxy/contract/alerts.ts';
import { api } from '../../api/client.ts';
import { DataTable } from '../../components/data-table.tsx';
import { EmptyState } from '../../components/empty-state.tsx';
import { ErrorState } from '../../components/error-state.tsx';
import { LoadingRows } from '../../components/loading-rows.tsx';
import { PageHeader } from '../../components/page-header.tsx';
import { RelativeTime } from '../../components/relative-time.tsx';
import type { Column } from '../../components/table-columns.ts';
import { alertsText as text } from '../../text/alerts.ts';

const COLUMNS: readonly Column<AlertView>[] = [
  {
    id: 'title',
    header: text.columns.title,
    width: 'minmax(200px, 3fr)',
    cell: ({ title }) => title,
  },
  {
    id: 'app',
    header: text.columns.app,
    width: 'minmax(90px, 1fr)',
    cell: ({ app }) => app,
  },
  {
    id: 'severity',
    header: text.columns.severity,
    width: '100px',
    cell: ({ severity }) => severity,
  },
  {
    id: 'at',
    header: text.columns.at,
    width: '120px',
    align: 'right',
    cell: ({ at }) => <RelativeTime at={at} />,
  },
];

export function AlertsScreen(): ReactNode {
  const query = useQuery(api.alerts.list.queryOptions({ input: {} }));
  return (
    <>
      <PageHeader title={text.title} lead={text.lead} />
      {query.isPending ? (
        <LoadingRows />
      ) : query.isError ? (
        <ErrorState error={query.error} onRetry={() => void query.refetch()} />
      ) : query.data.alerts.length === 0 ? (
        <EmptyState title={text.empty.title} what={text.empty.what} />
      ) : (
        <DataTable
          label={text.list}
          rows={query.data.alerts}
          columns={COLUMNS}
          rowKey={({ id }) => String(id)}
          isMain
        />
      )}
    </>
  );
}
