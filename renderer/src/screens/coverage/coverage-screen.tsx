import { Button, Select } from '@mantine/core';
import { IconRouteOff } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { type ReactNode, useMemo } from 'react';
import { OPT_INS } from '../../../../proxy/contract/app-policy.ts';
import type { CoverageRow } from '../../../../proxy/contract/coverage.ts';
import { api } from '../../api/client.ts';
import { DataTable } from '../../components/data-table.tsx';
import { EmptyState } from '../../components/empty-state.tsx';
import { ErrorState } from '../../components/error-state.tsx';
import { FilterInput } from '../../components/filter-input.tsx';
import { LoadingRows } from '../../components/loading-rows.tsx';
import { PageHeader } from '../../components/page-header.tsx';
import { useSearchFilter } from '../../router/search.ts';
import { coverageText as text } from '../../text/coverage.ts';
import { COLUMNS } from './coverage-columns.tsx';
import { filterRoutes, parseFilter, routeKey } from './coverage-filter.ts';
import { CoverageTiles } from './coverage-tiles.tsx';
import { RouteDrawer } from './route-drawer.tsx';
import './coverage.css';

const NO_ROUTES: readonly CoverageRow[] = [];

/** The table of routes that requests are matched by, as people read it. */
export function CoverageScreen(): ReactNode {
  const [filter, change] = useSearchFilter(parseFilter);
  const query = useQuery(api.engine.coverage.queryOptions());
  const routes = query.data?.routes ?? NO_ROUTES;
  const shown = useMemo(() => filterRoutes(routes, filter), [routes, filter]);
  const optIns = useMemo(
    () => OPT_INS.filter((optIn) => routes.some((route) => route.optIn === optIn)),
    [routes],
  );
  const open = routes.find((route) => routeKey(route) === filter.route);
  const showAll = (): void => change({ q: undefined, how: undefined, 'opt-in': undefined });

  if (query.isError) {
    return (
      <>
        <PageHeader title={text.title} lead={text.lead} />
        <ErrorState error={query.error} onRetry={() => void query.refetch()} />
      </>
    );
  }
  return (
    <>
      <PageHeader title={text.title} lead={text.lead} />
      <CoverageTiles
        routes={query.data?.routes}
        current={filter.how}
        onChange={(how) => change({ how: how ?? undefined })}
      />
      <div className="tg-coverage-filter">
        <FilterInput
          label={text.filter.label}
          value={filter.words}
          onChange={(words) => change({ q: words })}
        />
        <Select
          aria-label={text.filter.optIn}
          placeholder={text.filter.anyOptIn}
          clearable
          data={[{ value: 'none', label: text.filter.noOptIn }, ...optIns]}
          value={filter.optIn}
          onChange={(optIn) => change({ 'opt-in': optIn ?? undefined })}
        />
        <span className="tg-dim tg-num" aria-live="polite">
          {query.isSuccess && text.shown(shown.length, routes.length)}
        </span>
      </div>
      {query.isPending ? (
        <LoadingRows rows={12} height={40} />
      ) : routes.length === 0 ? (
        <EmptyState title={text.empty.title} what={text.empty.what} />
      ) : shown.length === 0 ? (
        <div className="tg-card">
          <EmptyState
            icon={<IconRouteOff size={22} stroke={1.6} />}
            title={text.none.title}
            what={text.none.what}
            next={
              <Button variant="default" onClick={showAll}>
                {text.none.next}
              </Button>
            }
          />
        </div>
      ) : (
        <DataTable
          label={text.list}
          rows={shown}
          columns={COLUMNS}
          rowKey={routeKey}
          isMain
          maxHeight="calc(100vh - 330px)"
          openKey={open && routeKey(open)}
          onOpen={(route) => change({ route: routeKey(route) })}
        />
      )}
      {open && <RouteDrawer route={open} onClose={() => change({ route: undefined })} />}
    </>
  );
}
