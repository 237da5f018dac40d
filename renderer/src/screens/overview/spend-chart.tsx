import { SegmentedControl, Skeleton } from '@mantine/core';
import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { memo, type ReactNode, useMemo } from 'react';
import type { UsageSeries } from '../../../../proxy/contract/usage.ts';
import { api } from '../../api/client.ts';
import { useZone } from '../../api/queries.ts';
import { ChartWithTable } from '../../components/chart-with-table.tsx';
import { ErrorState } from '../../components/error-state.tsx';
import { money, shortMoney } from '../../format/money.ts';
import { dayOf, hourOf } from '../../format/time.ts';
import { type SearchText, useSearchFilter } from '../../router/search.ts';
import { overviewText as text } from '../../text/overview.ts';

const RANGES = { '24h': 'hour', '7d': 'day', '30d': 'day' } as const;
type Range = keyof typeof RANGES;
const HEIGHT = 220;

/**
 * What each app has spent over time; which time is kept in the address. Drawn again when its own numbers
 * change, and not with every event: the drawing is the dearest thing on the page.
 */
export const SpendChart = memo(function SpendChart(): ReactNode {
  const [range, change] = useSearchFilter(rangeOf);
  const query = useQuery(
    api.usage.series.queryOptions({
      input: { since: range, step: RANGES[range], by: 'app', top: 5 },
      placeholderData: keepPreviousData,
    }),
  );
  const { zone } = useZone();
  const times = useMemo(() => labels(query.data, zone), [query.data, zone]);
  if (query.isError) {
    return (
      <section className="tg-card" aria-label={text.chart.title}>
        <ErrorState error={query.error} onRetry={() => void query.refetch()} />
      </section>
    );
  }
  if (query.isPending) return <Skeleton height={HEIGHT + 98} radius="md" />;
  const series = query.data.series.map(({ key, name, costNanoUsd }) => ({
    key: key ?? 'rest',
    name,
    values: costNanoUsd,
  }));
  return (
    <ChartWithTable
      title={text.chart.title}
      times={times}
      series={series}
      format={money}
      formatAxis={shortMoney}
      height={HEIGHT}
      controls={
        <SegmentedControl
          aria-label={text.chart.range}
          value={range}
          onChange={(value) => change({ range: value })}
          data={Object.entries(text.chart.ranges).map(([value, label]) => ({ value, label }))}
        />
      }
    />
  );
});

function rangeOf({ range }: Readonly<SearchText>): Range {
  return range === '24h' || range === '30d' ? range : '7d';
}

function labels(data: UsageSeries | undefined, zone: string): string[] {
  if (!data) return [];
  return data.at.map((at) => (data.step === 'hour' ? hourOf(at, zone) : dayOf(at, zone)));
}
