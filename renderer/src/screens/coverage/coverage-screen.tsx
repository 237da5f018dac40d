import { useQuery } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import type { CoverageRow } from '../../../../proxy/contract/coverage.ts';
import { api } from '../../api/client.ts';
import { DataTable } from '../../components/data-table.tsx';
import { EmptyState } from '../../components/empty-state.tsx';
import { ErrorState } from '../../components/error-state.tsx';
import { LoadingRows } from '../../components/loading-rows.tsx';
import { PageHeader } from '../../components/page-header.tsx';
import type { Column } from '../../components/table-columns.ts';
import { coverageText as text } from '../../text/coverage.ts';

const COLUMNS: readonly Column<CoverageRow>[] = [
  {
    id: 'method',
    header: text.columns.method,
    width: '90px',
    cell: ({ method }) => method,
    sortBy: ({ method }) => method,
  },
  {
    id: 'path',
    header: text.columns.path,
    width: 'minmax(220px, 2fr)',
    cell: ({ path }) => <span className="tg-mono">{path}</span>,
    sortBy: ({ path }) => path,
  },
  {
    id: 'how',
    header: text.columns.how,
    width: '110px',
    cell: ({ how }) => how,
    sortBy: ({ how }) => how,
  },
  {
    id: 'note',
    header: text.columns.note,
    width: 'minmax(160px, 2fr)',
    cell: ({ note }) => note,
  },
];

export function CoverageScreen(): ReactNode {
  const query = useQuery(api.engine.coverage.queryOptions());
  return (
    <>
      <PageHeader title={text.title} lead={text.lead} />
      {query.isPending ? (
        <LoadingRows />
      ) : query.isError ? (
        <ErrorState error={query.error} onRetry={() => void query.refetch()} />
      ) : query.data.routes.length === 0 ? (
        <EmptyState title={text.empty.title} what={text.empty.what} />
      ) : (
        <DataTable
          label={text.list}
          rows={query.data.routes}
          columns={COLUMNS}
          rowKey={({ method, path }) => `${method} ${path}`}
          isMain
        />
      )}
    </>
  );
}
