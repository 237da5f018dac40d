import { Button, SegmentedControl, TextInput } from '@mantine/core';
import { IconApps, IconFilterOff, IconPlus, IconSearch } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { lazy, type ReactNode, Suspense, useMemo } from 'react';
import type { AppView } from '../../../../proxy/contract/apps.ts';
import { appScreen } from '../../../../proxy/contract/screens.ts';
import { api } from '../../api/client.ts';
import { usePauseApp } from '../../api/pause-app.ts';
import { APP_STATES } from '../../components/app-state.tsx';
import { DataTable } from '../../components/data-table.tsx';
import { EmptyState } from '../../components/empty-state.tsx';
import { ErrorState } from '../../components/error-state.tsx';
import { LoadingRows } from '../../components/loading-rows.tsx';
import { PageHeader } from '../../components/page-header.tsx';
import { useShortcuts } from '../../palette/shortcuts.ts';
import { useSearchFilter } from '../../router/search.ts';
import { appsText as text } from '../../text/apps.ts';
import { APPS_COLUMNS } from './apps-columns.tsx';
import { type AppsFilter, filterApps, parseAppsFilter, sortName } from './apps-filter.ts';
import './apps.css';

const NewAppDialog = lazy(() => import('./new-app-dialog.tsx'));

/** Every app: how it stands, what its tightest limit leaves, and the switch that stops it. */
export function AppsScreen(): ReactNode {
  const query = useQuery(api.apps.list.queryOptions());
  const [filter, change] = useSearchFilter(parseAppsFilter);
  const create = (): void => change({ new: '1' });
  useShortcuts([{ keys: 'n', label: text.createKey, run: create }]);
  const apps = query.data?.apps;
  return (
    <>
      <PageHeader
        title={text.title}
        lead={text.lead}
        actions={
          apps !== undefined &&
          apps.length > 0 && (
            <Button leftSection={<IconPlus size={15} />} onClick={create}>
              {text.create}
            </Button>
          )
        }
      />
      {query.isPending ? (
        <LoadingRows height={56} />
      ) : query.isError ? (
        <div className="tg-card">
          <ErrorState error={query.error} onRetry={() => void query.refetch()} />
        </div>
      ) : query.data.apps.length === 0 ? (
        <div className="tg-card">
          <EmptyState
            icon={<IconApps size={22} stroke={1.6} />}
            title={text.empty.title}
            what={text.empty.what}
            next={<Button onClick={create}>{text.empty.next}</Button>}
          />
        </div>
      ) : (
        <FilteredApps apps={query.data.apps} filter={filter} change={change} />
      )}
      {filter.isCreating && (
        <Suspense>
          <NewAppDialog onClose={() => change({ new: undefined })} />
        </Suspense>
      )}
    </>
  );
}

interface FilteredAppsProps {
  readonly apps: readonly AppView[];
  readonly filter: AppsFilter;
  change(patch: Readonly<Record<string, string | undefined>>): void;
}

function FilteredApps({ apps, filter, change }: FilteredAppsProps): ReactNode {
  const navigate = useNavigate();
  const { toggle } = usePauseApp();
  const rows = useMemo(() => filterApps(apps, filter), [apps, filter]);
  return (
    <>
      <search className="tg-apps-filter">
        <TextInput
          data-filter
          aria-label={text.filter}
          placeholder={text.filter}
          leftSection={<IconSearch size={15} aria-hidden="true" />}
          value={filter.text}
          onChange={({ currentTarget }) => change({ q: currentTarget.value || undefined })}
        />
        <SegmentedControl
          aria-label={text.state}
          value={filter.state ?? 'all'}
          onChange={(state) => change({ state: state === 'all' ? undefined : state })}
          data={['all' as const, ...APP_STATES].map((value) => ({ value, label: text.states[value] }))}
        />
      </search>
      {rows.length === 0 ? (
        <div className="tg-card">
          <EmptyState
            icon={<IconFilterOff size={22} stroke={1.6} />}
            title={text.noMatch.title}
            what={text.noMatch.what}
            next={
              <Button variant="default" onClick={() => change({ q: undefined, state: undefined })}>
                {text.noMatch.next}
              </Button>
            }
          />
        </div>
      ) : (
        <DataTable
          label={text.list}
          rows={rows}
          columns={APPS_COLUMNS}
          rowKey={({ id }) => id}
          rowHeight={58}
          maxHeight="calc(100vh - 220px)"
          isMain
          sort={filter.sort}
          onSort={(sort) => change({ sort: sortName(sort) })}
          rowKeys={[{ keys: 'p', label: text.pauseKey, run: toggle }]}
          onOpen={({ id }) => void navigate({ to: appScreen(id) })}
        />
      )}
    </>
  );
}
