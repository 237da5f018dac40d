import '@mantine/charts/styles.layer.css';
import { BarChart } from '@mantine/charts';
import { useReducedMotion } from '@mantine/hooks';
import type { ReactNode } from 'react';
import { type ChartWithTableProps, seriesColor } from './chart-with-table.tsx';

/** The drawing alone, in a chunk of its own: recharts is larger than the rest of the page. */
// biome-ignore lint/style/noDefaultExport: React.lazy takes a default export
export default function TimeChart(props: ChartWithTableProps & { readonly height: number }): ReactNode {
  const { times, series, format, formatAxis, height } = props;
  const isStill = useReducedMotion();
  const data = times.map((time, at) => ({
    time,
    ...Object.fromEntries(series.map(({ key, values }) => [key, values[at] ?? 0])),
  }));
  return (
    <BarChart
      h={height}
      data={data}
      dataKey="time"
      type="stacked"
      series={series.map(({ key, name }, at) => ({ name: key, label: name, color: seriesColor(at) }))}
      valueFormatter={format}
      yAxisProps={{ tickFormatter: formatAxis, width: 52 }}
      xAxisProps={{ minTickGap: 28 }}
      // The table beside it is for the keyboard and for screen readers.
      barChartProps={{ accessibilityLayer: false }}
      tickLine="none"
      gridAxis="x"
      maxBarWidth={36}
      barProps={{ isAnimationActive: !isStill, animationDuration: 200 }}
      tooltipAnimationDuration={0}
    />
  );
}
