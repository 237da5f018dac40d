import { useQuery } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import { api } from '../../api/client.ts';
import { ErrorState } from '../../components/error-state.tsx';
import { Fact, Facts } from '../../components/facts.tsx';
import { LoadingRows } from '../../components/loading-rows.tsx';
import { PageHeader } from '../../components/page-header.tsx';
import { settingsText as text } from '../../text/settings.ts';

export function SettingsScreen(): ReactNode {
  const query = useQuery(api.settings.get.queryOptions());
  return (
    <>
      <PageHeader title={text.title} lead={text.lead} />
      {query.isPending ? (
        <LoadingRows rows={4} />
      ) : query.isError ? (
        <ErrorState error={query.error} onRetry={() => void query.refetch()} />
      ) : (
        <Facts>
          <Fact name={text.facts.theme} value={query.data.dashboard.theme} />
          <Fact name={text.facts.time} value={query.data.dashboard.time} />
          <Fact name={text.facts.updates} value={query.data.desktop.updates} />
        </Facts>
      )}
    </>
  );
}
