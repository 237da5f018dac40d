import { Button, SegmentedControl, Select } from '@mantine/core';
import { IconBell } from '@tabler/icons-react';
import { useInfiniteQuery, useQuery } from '@tanstack/react-query';
import { type ReactNode, useMemo } from 'react';
import { ALERT_KINDS } from '../../../../proxy/contract/alert-words.ts';
import { api } from '../../api/client.ts';
import { useEngineStatus } from '../../api/queries.ts';
import { EmptyState } from '../../components/empty-state.tsx';
import { ErrorState } from '../../components/error-state.tsx';
import { LoadingRows } from '../../components/loading-rows.tsx';
import { alertsText as text } from '../../text/alerts.ts';
import { AlertList } from './alert-list.tsx';
import type { AlertsFilter } from './alerts-filter.ts';
import type { AlertActions } from './use-alert-actions.ts';

const PAGE_ALERTS = 50;

export interface AlertHistoryProps {
  readonly filter: AlertsFilter;
  readonly actions: AlertActions;
  onChange(patch: Readonly<Record<string, string | undefined>>): void;
}

/** The alerts that are open, or all there ever were, by kind and app. */
export function AlertHistory({ filter, actions, onChange }: AlertHistoryProps): ReactNode {
  const { state, kind, app } = filter;
  const open = useEngineStatus()?.openAlerts ?? 0;
  const apps = useQuery(api.apps.list.queryOptions()).data?.apps ?? [];
  const settings = useQuery(api.alerts.settings.queryOptions()).data;
  const webhook = useQuery(api.webhook.get.queryOptions()).data;
  const channels = useMemo(() => ({ settings, webhook }), [settings, webhook]);
  const query = useInfiniteQuery(
    api.alerts.list.infiniteOptions({
      input: (before: number | undefined) => ({
        state,
        limit: PAGE_ALERTS,
        ...(kind === undefined ? {} : { kind }),
        ...(app === undefined ? {} : { app }),
        ...(before === undefined ? {} : { before }),
      }),
      initialPageParam: undefined,
      getNextPageParam: ({ next }) => next ?? undefined,
    }),
  );
  const pages = query.data?.pages;
  const alerts = useMemo(() => (pages ?? []).flatMap((page) => page.alerts), [pages]);
  const isFiltered = kind !== undefined || app !== undefined;
  const words = text.filter;
  return (
    <>
      <search className="tg-alert-filter" aria-label={words.state}>
        <SegmentedControl
          aria-label={words.state}
          value={state}
          onChange={(value) => onChange({ state: value === 'all' ? 'all' : undefined })}
          data={[
            { value: 'open', label: open === 0 ? words.open : words.openCount(open) },
            { value: 'all', label: words.all },
          ]}
        />
        <Select
          size="xs"
          w={190}
          data-filter
          aria-label={words.kind}
          placeholder={words.kind}
          data={ALERT_KINDS.map((value) => ({ value, label: text.kinds[value] }))}
          value={kind ?? null}
          onChange={(value) => onChange({ kind: value ?? undefined })}
          clearable
          searchable
          nothingFoundMessage={words.none}
          maxDropdownHeight={360}
        />
        <Select
          size="xs"
          w={150}
          aria-label={words.app}
          placeholder={words.app}
          data={apps.map(({ id, name }) => ({ value: id, label: name }))}
          value={app ?? null}
          onChange={(value) => onChange({ app: value ?? undefined })}
          clearable
          searchable
          nothingFoundMessage={words.none}
        />
      </search>
      {query.isPending ? (
        <LoadingRows rows={6} height={92} />
      ) : query.isError && alerts.length === 0 ? (
        <ErrorState error={query.error} onRetry={() => void query.refetch()} />
      ) : alerts.length === 0 ? (
        <NoAlerts filter={filter} isFiltered={isFiltered} onChange={onChange} />
      ) : (
        <AlertList
          alerts={alerts}
          channels={channels}
          actions={actions}
          onEnd={() => {
            if (query.hasNextPage && !query.isFetchingNextPage) void query.fetchNextPage();
          }}
        />
      )}
    </>
  );
}

function NoAlerts({
  filter,
  isFiltered,
  onChange,
}: Pick<AlertHistoryProps, 'filter' | 'onChange'> & { readonly isFiltered: boolean }): ReactNode {
  const [words, patch] = isFiltered
    ? [text.emptyFiltered, { kind: undefined, app: undefined }]
    : filter.state === 'open'
      ? [text.emptyOpen, { state: 'all' }]
      : [text.empty, { view: 'rules' }];
  return (
    <EmptyState
      title={words.title}
      what={words.what}
      icon={<IconBell size={20} stroke={1.6} />}
      next={
        <Button variant="default" onClick={() => onChange(patch)}>
          {words.next}
        </Button>
      }
    />
  );
}
