import { SegmentedControl, Skeleton, Table } from '@mantine/core';
import { lazy, type ReactNode, Suspense, useState } from 'react';
import { commonText } from '../text/common.ts';
import './chart-with-table.css';

const Chart = lazy(() => import('./time-chart.tsx'));

export interface ChartSeries {
  readonly key: string;
  readonly name: string;
  /** One number for each point of time. */
  readonly values: readonly number[];
}

export interface ChartWithTableProps {
  readonly title: string;
  /** Labels of the points, in order. */
  readonly times: readonly string[];
  readonly series: readonly ChartSeries[];
  /** A value in full, for the table and the tooltip. */
  format(value: number): string;
  /** A value on the axis, short. */
  formatAxis(value: number): string;
  readonly height?: number;
  /** Stands in the head, before the switch to the table: a range picker. */
  readonly controls?: ReactNode;
}

/** Values over time as stacked bars, and the same numbers as a table for whoever prefers or needs it. */
export function ChartWithTable(props: ChartWithTableProps): ReactNode {
  const { title, series, height = 220, controls } = props;
  const [view, setView] = useState<'chart' | 'table'>('chart');
  const { chart } = commonText;
  const isEmpty = series.every(({ values }) => values.every((value) => value === 0));
  return (
    <section className="tg-card tg-chart" aria-label={title}>
      <header className="tg-chart-head">
        <h2>{title}</h2>
        <div className="tg-chart-controls">
          {controls}
          <SegmentedControl
            aria-label={chart.view}
            value={view}
            onChange={(value) => setView(value === 'table' ? 'table' : 'chart')}
            data={[
              { value: 'chart', label: chart.show },
              { value: 'table', label: chart.table },
            ]}
          />
        </div>
      </header>
      <div className="tg-chart-body" style={{ minHeight: height }}>
        {view === 'table' ? (
          <ScrolledTable {...props} height={height} />
        ) : isEmpty ? (
          <p className="tg-chart-empty">{chart.empty}</p>
        ) : (
          <div aria-hidden="true">
            <Suspense fallback={<Skeleton height={height} radius="sm" />}>
              <Chart {...props} height={height} />
            </Suspense>
          </div>
        )}
        {view === 'chart' && !isEmpty && (
          <div className="tg-hidden">
            <NumbersTable {...props} />
          </div>
        )}
      </div>
      {view === 'chart' && series.length > 1 && (
        <ul className="tg-chart-legend">
          {series.map(({ key, name }, at) => (
            <li key={key}>
              <i style={{ background: seriesColor(at) }} aria-hidden="true" />
              {name}
            </li>
          ))}
        </ul>
      )}
    </section>
  );
}

/** Six colours that can be told apart; the last is for the rest. */
export function seriesColor(at: number): string {
  return `var(--tg-series-${(at % 6) + 1})`;
}

function ScrolledTable(props: ChartWithTableProps & { readonly height: number }): ReactNode {
  return (
    <section
      className="tg-chart-table"
      style={{ maxHeight: props.height }}
      // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls is scrolled by keyboard, too
      tabIndex={0}
      aria-label={props.title}
    >
      <NumbersTable {...props} />
    </section>
  );
}

function NumbersTable({ title, times, series, format }: ChartWithTableProps): ReactNode {
  return (
    <Table stickyHeader>
      <caption className="tg-hidden">{title}</caption>
      <Table.Thead>
        <Table.Tr>
          <Table.Th scope="col">{commonText.chart.time}</Table.Th>
          {series.map(({ key, name }) => (
            <Table.Th key={key} scope="col" ta="right">
              {name}
            </Table.Th>
          ))}
        </Table.Tr>
      </Table.Thead>
      <Table.Tbody>
        {times.map((time, at) => (
          <Table.Tr key={time}>
            <Table.Th scope="row" fw={400}>
              {time}
            </Table.Th>
            {series.map(({ key, values }) => (
              <Table.Td key={key} ta="right" className="tg-num">
                {format(values[at] ?? 0)}
              </Table.Td>
            ))}
          </Table.Tr>
        ))}
      </Table.Tbody>
    </Table>
  );
}
