import { useQuery } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import { api } from '../../api/client.ts';
import { ErrorState } from '../../components/error-state.tsx';
import { Fact, Facts } from '../../components/facts.tsx';
import { LoadingRows } from '../../components/loading-rows.tsx';
import { PageHeader } from '../../components/page-header.tsx';
import { onboardingText as text } from '../../text/onboarding.ts';

export function OnboardingScreen(): ReactNode {
  const query = useQuery(api.engine.status.queryOptions());
  return (
    <>
      <PageHeader title={text.title} lead={text.lead} />
      {query.isPending ? (
        <LoadingRows rows={4} />
      ) : query.isError ? (
        <ErrorState error={query.error} onRetry={() => void query.refetch()} />
      ) : (
        <Facts>
          <Fact name={text.facts.baseUrl} value={query.data.baseUrl} />
          <Fact name={text.facts.key} value={query.data.key.state} />
        </Facts>
      )}
    </>
  );
}
