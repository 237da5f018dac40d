import { useQuery } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import { api } from '../../api/client.ts';
import { ErrorState } from '../../components/error-state.tsx';
import { Fact, Facts } from '../../components/facts.tsx';
import { LoadingRows } from '../../components/loading-rows.tsx';
import { PageHeader } from '../../components/page-header.tsx';
import { keyText as text } from '../../text/key.ts';

export function KeyScreen(): ReactNode {
  const query = useQuery(api.keys.status.queryOptions());
  return (
    <>
      <PageHeader title={text.title} lead={text.lead} />
      {query.isPending ? (
        <LoadingRows rows={4} />
      ) : query.isError ? (
        <ErrorState error={query.error} onRetry={() => void query.refetch()} />
      ) : (
        <Facts>
          <Fact name={text.facts.state} value={query.data.state} />
          <Fact name={text.facts.backend} value={query.data.backend} />
          <Fact name={text.facts.kind} value={query.data.kind} />
          <Fact name={text.facts.fingerprint} value={query.data.fingerprint} />
        </Facts>
      )}
    </>
  );
}
