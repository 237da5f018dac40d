import { useQuery } from '@tanstack/react-query';
import { useParams } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import { api } from '../../api/client.ts';
import { ErrorState } from '../../components/error-state.tsx';
import { Fact, Facts } from '../../components/facts.tsx';
import { LoadingRows } from '../../components/loading-rows.tsx';
import { PageHeader } from '../../components/page-header.tsx';
import { money } from '../../format/money.ts';
import { requestDetailText as text } from '../../text/request-detail.ts';

export function RequestDetailScreen(): ReactNode {
  const { requestId } = useParams({ strict: false });
  const query = useQuery(api.requests.get.queryOptions({ input: { id: requestId ?? '' } }));
  return (
    <>
      <PageHeader title={text.title} lead={text.lead} />
      {query.isPending ? (
        <LoadingRows rows={4} />
      ) : query.isError ? (
        <ErrorState error={query.error} onRetry={() => void query.refetch()} />
      ) : (
        <Facts>
          <Fact name={text.facts.id} value={query.data.request.id} />
          <Fact name={text.facts.app} value={query.data.request.app} />
          <Fact name={text.facts.model} value={query.data.request.model} />
          <Fact name={text.facts.outcome} value={query.data.request.outcome} />
          <Fact name={text.facts.cost} value={money(query.data.request.costNanoUsd)} />
        </Facts>
      )}
    </>
  );
}
