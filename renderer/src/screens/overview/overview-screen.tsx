import { useQuery } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import { api } from '../../api/client.ts';
import { ErrorState } from '../../components/error-state.tsx';
import { Fact, Facts } from '../../components/facts.tsx';
import { LoadingRows } from '../../components/loading-rows.tsx';
import { PageHeader } from '../../components/page-header.tsx';
import { money } from '../../format/money.ts';
import { overviewText as text } from '../../text/overview.ts';

export function OverviewScreen(): ReactNode {
  const query = useQuery(api.usage.overview.queryOptions());
  return (
    <>
      <PageHeader title={text.title} lead={text.lead} />
      {query.isPending ? (
        <LoadingRows rows={4} />
      ) : query.isError ? (
        <ErrorState error={query.error} onRetry={() => void query.refetch()} />
      ) : (
        <Facts>
          <Fact name={text.facts.today} value={money(query.data.today.costNanoUsd)} />
          <Fact name={text.facts.month} value={money(query.data.month.costNanoUsd)} />
          <Fact name={text.facts.held} value={money(query.data.heldNanoUsd)} />
        </Facts>
      )}
    </>
  );
}
