import { useQuery } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import type { Tool } from '../../../../proxy/contract/snippets.ts';
import { api } from '../../api/client.ts';
import { DataTable } from '../../components/data-table.tsx';
import { EmptyState } from '../../components/empty-state.tsx';
import { ErrorState } from '../../components/error-state.tsx';
import { LoadingRows } from '../../components/loading-rows.tsx';
import { PageHeader } from '../../components/page-header.tsx';
import type { Column } from '../../components/table-columns.ts';
import { connectText as text } from '../../text/connect.ts';

const COLUMNS: readonly Column<Tool>[] = [
  {
    id: 'name',
    header: text.columns.name,
    width: 'minmax(140px, 1fr)',
    cell: ({ name }) => name,
    sortBy: ({ name }) => name,
  },
  {
    id: 'category',
    header: text.columns.category,
    width: '120px',
    cell: ({ category }) => category,
    sortBy: ({ category }) => category,
  },
  {
    id: 'support',
    header: text.columns.support,
    width: '120px',
    cell: ({ support }) => support,
    sortBy: ({ support }) => support,
  },
];

export function ConnectScreen(): ReactNode {
  const query = useQuery(api.snippets.list.queryOptions({ input: {} }));
  return (
    <>
      <PageHeader title={text.title} lead={text.lead} />
      {query.isPending ? (
        <LoadingRows />
      ) : query.isError ? (
        <ErrorState error={query.error} onRetry={() => void query.refetch()} />
      ) : query.data.tools.length === 0 ? (
        <EmptyState title={text.empty.title} what={text.empty.what} />
      ) : (
        <DataTable
          label={text.list}
          rows={query.data.tools}
          columns={COLUMNS}
          rowKey={({ id }) => id}
          isMain
        />
      )}
    </>
  );
}
