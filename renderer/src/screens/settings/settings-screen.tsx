import { Tabs } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import { api, shell } from '../../api/client.ts';
import { ErrorState } from '../../components/error-state.tsx';
import { LoadingRows } from '../../components/loading-rows.tsx';
import { PageHeader } from '../../components/page-header.tsx';
import { useSearchFilter } from '../../router/search.ts';
import { settingsText as text } from '../../text/settings.ts';
import { AboutTab } from './about-tab.tsx';
import { ChecksTab } from './checks-tab.tsx';
import { DashboardTab } from './dashboard-tab.tsx';
import { DesktopTab } from './desktop-tab.tsx';
import { EngineTab } from './engine-tab.tsx';
import { PricesTab } from './prices-tab.tsx';
import { SessionsTab } from './sessions-tab.tsx';
import { parseSearch, TABS } from './settings-search.ts';
import './settings.css';

const SHOWN = TABS.filter((tab) => tab !== 'desktop' || shell !== null);

/** Everything that is set once. What belongs to the desktop app is only shown in it. */
export function SettingsScreen(): ReactNode {
  const [{ tab }, change] = useSearchFilter(parseSearch);
  const query = useQuery(api.settings.get.queryOptions());
  const current = SHOWN.includes(tab) ? tab : 'engine';
  return (
    <>
      <PageHeader title={text.title} lead={text.lead} />
      {query.isPending ? (
        <LoadingRows rows={8} height={48} />
      ) : query.isError ? (
        <ErrorState error={query.error} onRetry={() => void query.refetch()} />
      ) : (
        <Tabs
          value={current}
          onChange={(next) => change({ tab: next === 'engine' ? undefined : (next ?? undefined) })}
          keepMounted={false}
          className="tg-settings"
        >
          <Tabs.List aria-label={text.tabs.label}>
            {SHOWN.map((name) => (
              <Tabs.Tab key={name} value={name}>
                {text.tabs[name]}
              </Tabs.Tab>
            ))}
          </Tabs.List>
          <Tabs.Panel value="engine">
            <EngineTab key={JSON.stringify(query.data.engine)} settings={query.data} />
          </Tabs.Panel>
          <Tabs.Panel value="dashboard">
            <DashboardTab settings={query.data} />
          </Tabs.Panel>
          {shell && (
            <Tabs.Panel value="desktop">
              <DesktopTab shell={shell} settings={query.data.desktop} />
            </Tabs.Panel>
          )}
          <Tabs.Panel value="sessions">
            <SessionsTab />
          </Tabs.Panel>
          <Tabs.Panel value="prices">
            <PricesTab />
          </Tabs.Panel>
          <Tabs.Panel value="checks">
            <ChecksTab />
          </Tabs.Panel>
          <Tabs.Panel value="about">
            <AboutTab shell={shell} />
          </Tabs.Panel>
        </Tabs>
      )}
    </>
  );
}
