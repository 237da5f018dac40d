import { useQuery } from '@tanstack/react-query';
import { Outlet, useNavigate } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import type { RequestView } from '../../../../proxy/contract/requests.ts';
import { api } from '../../api/client.ts';
import { DataTable } from '../../components/data-table.tsx';
import { EmptyState } from '../../components/empty-state.tsx';
import { ErrorState } from '../../components/error-state.tsx';
import { LoadingRows } from '../../components/loading-rows.tsx';
import { Money } from '../../components/money.tsx';
import { PageHeader } from '../../components/page-header.tsx';
import { RelativeTime } from '../../components/relative-time.tsx';
import type { Column } from '../../components/table-columns.ts';
import { requestsText as text } from '../../text/requests.ts';

const COLUMNS: readonly Column<RequestView>[] = [
  {
    id: 'at',
    header: text.columns.at,
    width: '110px',
    cell: ({ at }) => <RelativeTime at={at} />,
  },
  {
    id: 'app',
    header: text.columns.app,
    width: 'minmax(100px, 1fr)',
    cell: ({ app }) => app,
  },
  {
    id: 'model',
    header: text.columns.model,
    width: 'minmax(120px, 1fr)',
    cell: ({ model }) => model,
  },
  {
    id: 'outcome',
    header: text.columns.outcome,
    width: '130px',
    cell: ({ outcome }) => outcome,
  },
  {
    id: 'cost',
    header: text.columns.cost,
    width: '100px',
    align: 'right',
    cell: ({ costNanoUsd, reason }) => <Money nanoUsd={costNanoUsd} reason={reason ?? undefined} />,
  },
];

export function RequestsScreen(): ReactNode {
  const navigate = useNavigate();
  const open = ({ id }: RequestView): void =>
    void navigate({ to: '/requests/$requestId', params: { requestId: id } });
  const query = useQuery(api.requests.list.queryOptions({ input: { limit: 200 } }));
  return (
    <>
      <PageHeader title={text.title} lead={text.lead} />
      {query.isPending ? (
        <LoadingRows />
      ) : query.isError ? (
        <ErrorState error={query.error} onRetry={() => void query.refetch()} />
      ) : query.data.requests.length === 0 ? (
        <EmptyState title={text.empty.title} what={text.empty.what} />
      ) : (
        <DataTable
          label={text.list}
          rows={query.data.requests}
          columns={COLUMNS}
          rowKey={({ id }) => id}
          isMain
          onOpen={open}
        />
      )}
      <Outlet />
    </>
  );
}
