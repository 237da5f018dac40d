import { useQuery } from '@tanstack/react-query';
import { useParams } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import { api } from '../../api/client.ts';
import { ErrorState } from '../../components/error-state.tsx';
import { Fact, Facts } from '../../components/facts.tsx';
import { LoadingRows } from '../../components/loading-rows.tsx';
import { PageHeader } from '../../components/page-header.tsx';
import { limitWords } from '../../format/limit-words.ts';
import { appDetailText as text } from '../../text/app-detail.ts';

export function AppDetailScreen(): ReactNode {
  const { appId } = useParams({ strict: false });
  const query = useQuery(api.apps.get.queryOptions({ input: { app: appId ?? '' } }));
  return (
    <>
      <PageHeader title={text.title} lead={text.lead} />
      {query.isPending ? (
        <LoadingRows rows={4} />
      ) : query.isError ? (
        <ErrorState error={query.error} onRetry={() => void query.refetch()} />
      ) : (
        <Facts>
          <Fact name={text.facts.name} value={query.data.name} />
          <Fact name={text.facts.mode} value={query.data.mode} />
          <Fact name={text.facts.limits} value={query.data.limits.map(limitWords).join(', ')} />
        </Facts>
      )}
    </>
  );
}
