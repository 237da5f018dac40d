import { Button, Skeleton, Tabs } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { Link, useParams } from '@tanstack/react-router';
import { lazy, type ReactNode, Suspense } from 'react';
import type { AppView } from '../../../../proxy/contract/apps.ts';
import { api } from '../../api/client.ts';
import { errorCode } from '../../api/errors.ts';
import { usePauseApp } from '../../api/pause-app.ts';
import { ErrorState } from '../../components/error-state.tsx';
import { LoadingRows } from '../../components/loading-rows.tsx';
import { PageHeader } from '../../components/page-header.tsx';
import { useShortcuts } from '../../palette/shortcuts.ts';
import { type SearchText, useSearchFilter } from '../../router/search.ts';
import { appDetailText as text } from '../../text/app-detail.ts';
import { AppHeader } from './app-header.tsx';
import { AppNotice } from './app-notice.tsx';
import { LimitsPart } from './limits-part.tsx';
import { RecentRequests } from './recent-requests.tsx';
import './app-detail.css';

const TokensPart = lazy(() => import('./tokens-part.tsx'));
const PolicyPart = lazy(() => import('./policy-part.tsx'));
const SettingsPart = lazy(() => import('./settings-part.tsx'));

const TABS = ['limits', 'tokens', 'policy', 'settings'] as const;
export type AppTab = (typeof TABS)[number];

interface DetailFilter {
  readonly tab: AppTab;
  /** What is open on it: a limit that is being added, a token that is being made. */
  readonly open: string | null;
}

function parse({ tab, open }: Readonly<SearchText>): DetailFilter {
  return { tab: TABS.find((each) => each === tab) ?? 'limits', open: open ?? null };
}

/** One app: where its limits stand, and everything that it may and may not do. */
export function AppDetailScreen(): ReactNode {
  const { appId = '' } = useParams({ strict: false });
  const query = useQuery(api.apps.get.queryOptions({ input: { app: appId } }));
  if (query.isPending) {
    return (
      <>
        <PageHeader title={text.title} lead={<Skeleton height={12} width={260} mt={6} />} />
        <LoadingRows rows={6} height={64} />
      </>
    );
  }
  if (query.isError) {
    const isGone = errorCode(query.error) === 'app_unknown';
    return (
      <>
        <PageHeader title={text.title} />
        <div className="tg-card">
          <ErrorState
            error={query.error}
            onRetry={() => void query.refetch()}
            {...(isGone
              ? {
                  next: (
                    <Button component={Link} to="/apps" variant="default">
                      {text.missing.next}
                    </Button>
                  ),
                }
              : {})}
          />
        </div>
      </>
    );
  }
  return <OpenApp key={query.data.id} app={query.data} />;
}

function OpenApp({ app }: { readonly app: AppView }): ReactNode {
  const [{ tab, open }, change] = useSearchFilter(parse);
  const { toggle, isPending } = usePauseApp();
  const show = (next: AppTab, opened?: string): void =>
    change({ tab: next === 'limits' ? undefined : next, open: opened });
  useShortcuts([
    { keys: 'p', label: text.keys.pause, run: () => toggle(app) },
    { keys: 'a', label: text.keys.add, run: () => show('limits', 'new') },
    { keys: 't', label: text.keys.token, run: () => show('tokens', 'new') },
  ]);
  const opened = { open, onOpen: (what: string | null) => change({ open: what ?? undefined }) };
  return (
    <>
      <AppHeader app={app} isPending={isPending} onToggle={() => toggle(app)} />
      <AppNotice app={app} onMode={() => show('settings')} />
      <Tabs
        value={tab}
        onChange={(next) => show(TABS.find((each) => each === next) ?? 'limits')}
        keepMounted={false}
        className="tg-app-tabs"
      >
        <Tabs.List aria-label={text.tabs.label}>
          {TABS.map((each) => (
            <Tabs.Tab key={each} value={each}>
              {text.tabs[each]}
            </Tabs.Tab>
          ))}
        </Tabs.List>
        <Tabs.Panel value="limits">
          <div className="tg-app-parts">
            <LimitsPart app={app} {...opened} />
            <RecentRequests app={app} />
          </div>
        </Tabs.Panel>
        <Suspense fallback={<LoadingRows rows={6} />}>
          <Tabs.Panel value="tokens">
            <TokensPart app={app} {...opened} />
          </Tabs.Panel>
          <Tabs.Panel value="policy">
            <PolicyPart app={app} />
          </Tabs.Panel>
          <Tabs.Panel value="settings">
            <SettingsPart app={app} />
          </Tabs.Panel>
        </Suspense>
      </Tabs>
    </>
  );
}
