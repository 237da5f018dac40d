import { useQuery } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import type { Finding } from '../../../../proxy/contract/checklist.ts';
import { api } from '../../api/client.ts';
import { DataTable } from '../../components/data-table.tsx';
import { EmptyState } from '../../components/empty-state.tsx';
import { ErrorState } from '../../components/error-state.tsx';
import { LoadingRows } from '../../components/loading-rows.tsx';
import { PageHeader } from '../../components/page-header.tsx';
import type { Column } from '../../components/table-columns.ts';
import { securityText as text } from '../../text/security.ts';

const COLUMNS: readonly Column<Finding>[] = [
  {
    id: 'title',
    header: text.columns.title,
    width: 'minmax(200px, 2fr)',
    cell: ({ title }) => title,
  },
  {
    id: 'state',
    header: text.columns.state,
    width: '110px',
    cell: ({ state }) => state,
    sortBy: ({ state }) => state,
  },
  {
    id: 'severity',
    header: text.columns.severity,
    width: '100px',
    cell: ({ severity }) => severity,
    sortBy: ({ severity }) => severity,
  },
];

export function SecurityScreen(): ReactNode {
  const query = useQuery(api.checklist.list.queryOptions());
  return (
    <>
      <PageHeader title={text.title} lead={text.lead} />
      {query.isPending ? (
        <LoadingRows />
      ) : query.isError ? (
        <ErrorState error={query.error} onRetry={() => void query.refetch()} />
      ) : query.data.findings.length === 0 ? (
        <EmptyState title={text.empty.title} what={text.empty.what} />
      ) : (
        <DataTable
          label={text.list}
          rows={query.data.findings}
          columns={COLUMNS}
          rowKey={({ id }) => id}
          isMain
        />
      )}
    </>
  );
}
