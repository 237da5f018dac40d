import { useQuery } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import { LINKS } from '../../../../proxy/contract/links.ts';
import { api } from '../../api/client.ts';
import { ErrorState } from '../../components/error-state.tsx';
import { ExternalLink } from '../../components/external-link.tsx';
import { LoadingRows } from '../../components/loading-rows.tsx';
import { PageHeader } from '../../components/page-header.tsx';
import { Section } from '../../components/section.tsx';
import { keyText as text } from '../../text/key.ts';
import { KeyKinds } from './key-kinds.tsx';
import { KeyState } from './key-state.tsx';
import './key.css';

/** The key: whether it works, where it is, and how it is changed. */
export function KeyScreen(): ReactNode {
  const query = useQuery(api.keys.status.queryOptions());
  return (
    <>
      <PageHeader title={text.title} lead={text.lead} />
      {query.isPending ? (
        <Section title={text.state.title}>
          <LoadingRows rows={5} />
        </Section>
      ) : query.isError ? (
        <ErrorState error={query.error} onRetry={() => void query.refetch()} />
      ) : (
        <>
          <KeyState status={query.data} onLook={() => void query.refetch()} isLooking={query.isFetching} />
          <KeyKinds />
          <nav className="tg-key-links" aria-label={text.links.keys}>
            <ExternalLink href={LINKS.openaiKeys}>{text.links.keys}</ExternalLink>
            <ExternalLink href={LINKS.openaiLimits}>{text.links.limits}</ExternalLink>
            <ExternalLink href={LINKS.openaiStatus}>{text.links.status}</ExternalLink>
          </nav>
        </>
      )}
    </>
  );
}
