import { Button, Tabs } from '@mantine/core';
import { IconChecks } from '@tabler/icons-react';
import type { ReactNode } from 'react';
import { useEngineStatus } from '../../api/queries.ts';
import { PageHeader } from '../../components/page-header.tsx';
import { useSearchFilter } from '../../router/search.ts';
import { alertsText as text } from '../../text/alerts.ts';
import { AlertHistory } from './alert-history.tsx';
import { AlertRules } from './alert-rules.tsx';
import { parseAlertsFilter } from './alerts-filter.ts';
import { useAlertActions } from './use-alert-actions.ts';
import './alerts.css';

export function AlertsScreen(): ReactNode {
  const [filter, change] = useSearchFilter(parseAlertsFilter);
  const open = useEngineStatus()?.openAlerts ?? 0;
  const actions = useAlertActions();
  return (
    <>
      <PageHeader
        title={text.title}
        lead={text.lead}
        actions={
          <Button
            variant="default"
            leftSection={<IconChecks size={15} />}
            disabled={open === 0}
            loading={actions.isPending}
            onClick={actions.acknowledgeAll}
          >
            {text.actions.acknowledgeAll}
          </Button>
        }
      />
      <Tabs
        value={filter.view}
        onChange={(view) => change({ view: view === 'rules' ? 'rules' : undefined })}
        keepMounted={false}
      >
        <Tabs.List aria-label={text.tabs.label} mb="md">
          <Tabs.Tab value="alerts">{text.tabs.alerts}</Tabs.Tab>
          <Tabs.Tab value="rules">{text.tabs.rules}</Tabs.Tab>
        </Tabs.List>
        <Tabs.Panel value="alerts">
          <AlertHistory filter={filter} actions={actions} onChange={change} />
        </Tabs.Panel>
        <Tabs.Panel value="rules">
          <AlertRules />
        </Tabs.Panel>
      </Tabs>
    </>
  );
}
