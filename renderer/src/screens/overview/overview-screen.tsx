import { Button, Skeleton } from '@mantine/core';
import { IconHourglass, IconPlugConnected } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { Link, Navigate } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import type { EngineStatus } from '../../../../proxy/contract/engine-status.ts';
import { WELCOME_PATH } from '../../../../proxy/contract/screens.ts';
import { api } from '../../api/client.ts';
import { useEngineFact, useSettings, useZone } from '../../api/queries.ts';
import { EmptyState } from '../../components/empty-state.tsx';
import { ErrorState } from '../../components/error-state.tsx';
import { PageHeader } from '../../components/page-header.tsx';
import { overviewText as text } from '../../text/overview.ts';
import { KeyNotice } from './key-notice.tsx';
import { LimitStandings } from './limit-standings.tsx';
import { RecentAlerts } from './recent-alerts.tsx';
import { SpendChart } from './spend-chart.tsx';
import { SpendTiles } from './spend-tiles.tsx';
import { TopList } from './top-list.tsx';
import './overview.css';

/** What was spent, what may still be, and where it is going. */
export function OverviewScreen(): ReactNode {
  const overview = useQuery(api.usage.overview.queryOptions());
  const apps = useQuery(api.apps.list.queryOptions());
  const key = useEngineFact(keyOf);
  const onboardedAt = useSettings()?.dashboard.onboardedAt;
  const { calendarZone } = useZone();

  const isNew = onboardedAt === null && apps.data?.apps.length === 0;
  if (isNew && key?.state === 'missing') return <Navigate to={WELCOME_PATH} replace />;
  const header = <PageHeader title={text.title} lead={text.zone(calendarZone)} />;
  const failed = overview.isError ? overview : apps.isError ? apps : null;
  if (failed?.isError) {
    return (
      <>
        {header}
        <ErrorState error={failed.error} onRetry={() => void failed.refetch()} />
      </>
    );
  }
  if (!overview.data || !apps.data) {
    return (
      <>
        {header}
        <LoadingOverview />
      </>
    );
  }
  const list = apps.data.apps;
  const hasSent = list.some(({ lastSeenAt }) => lastSeenAt !== null) || overview.data.month.requests > 0;
  return (
    <>
      {header}
      {key && <KeyNotice status={key} />}
      {list.length === 0 && !hasSent ? (
        <div className="tg-card">
          <EmptyState
            icon={<IconPlugConnected size={22} stroke={1.6} />}
            title={text.empty.title}
            what={text.empty.what}
            next={
              <Button component={Link} to={WELCOME_PATH}>
                {text.empty.next}
              </Button>
            }
          />
        </div>
      ) : (
        <div className="tg-overview">
          <SpendTiles overview={overview.data} />
          <LimitStandings forecasts={overview.data.forecasts} apps={list} />
          {hasSent ? (
            <>
              <SpendChart />
              <div className="tg-overview-columns">
                <TopList title={text.top.apps} rows={overview.data.topApps} by="app" />
                <TopList title={text.top.models} rows={overview.data.topModels} by="model" />
                <RecentAlerts />
              </div>
            </>
          ) : (
            <div className="tg-card">
              <EmptyState
                icon={<IconHourglass size={22} stroke={1.6} />}
                title={text.waiting.title}
                what={text.waiting.what}
                next={
                  <Button component={Link} to="/connect">
                    {text.waiting.next}
                  </Button>
                }
              />
            </div>
          )}
        </div>
      )}
    </>
  );
}

function keyOf({ key }: EngineStatus): EngineStatus['key'] {
  return key;
}

function LoadingOverview(): ReactNode {
  return (
    <div className="tg-overview" aria-busy="true">
      <Skeleton height={104} radius="md" />
      <Skeleton height={210} radius="md" />
      <Skeleton height={318} radius="md" />
    </div>
  );
}
