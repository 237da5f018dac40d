import { IconShieldCheck } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import { api } from '../../api/client.ts';
import { EmptyState } from '../../components/empty-state.tsx';
import { ErrorState } from '../../components/error-state.tsx';
import { LoadingRows } from '../../components/loading-rows.tsx';
import { PageHeader } from '../../components/page-header.tsx';
import { Section } from '../../components/section.tsx';
import { securityText as text } from '../../text/security.ts';
import { FindingList } from './finding-list.tsx';
import { ScanSection } from './scan-section.tsx';
import { SecurityProgress } from './security-progress.tsx';
import './security.css';

/** The checklist, and the search for keys in files. */
export function SecurityScreen(): ReactNode {
  const query = useQuery(api.checklist.list.queryOptions());
  return (
    <>
      <PageHeader title={text.title} lead={text.lead} />
      {query.isPending ? (
        <Section title={text.groups.open}>
          <LoadingRows rows={6} height={56} />
        </Section>
      ) : query.isError ? (
        <ErrorState error={query.error} onRetry={() => void query.refetch()} />
      ) : query.data.findings.length === 0 ? (
        <EmptyState
          icon={<IconShieldCheck size={22} stroke={1.6} />}
          title={text.empty.title}
          what={text.empty.what}
        />
      ) : (
        <>
          <SecurityProgress findings={query.data.findings} />
          <FindingList findings={query.data.findings} />
        </>
      )}
      <ScanSection />
    </>
  );
}
