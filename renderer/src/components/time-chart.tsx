import { type ReactNode, useState } from 'react';
import { axisTicks } from '../format/axis-ticks.ts';
import { type ChartWithTableProps, seriesColor } from './chart-with-table.tsx';
import './time-chart.css';

/** About so many labels fit under the drawing, whatever its width is. */
const MAX_LABELS = 10;

/**
 * The drawing alone: stacked bars made of boxes, so that it needs to measure nothing. The table beside it is
 * for the keyboard and for screen readers.
 */
export function TimeChart(props: ChartWithTableProps & { readonly height: number }): ReactNode {
  const { times, series, formatAxis, height } = props;
  const [pointed, setPointed] = useState<number | null>(null);
  const sums = times.map((_, at) => series.reduce((sum, { values }) => sum + (values[at] ?? 0), 0));
  const ticks = axisTicks(Math.max(...sums));
  const top = ticks.at(-1) ?? 1;
  const labelled = Math.ceil(times.length / MAX_LABELS);
  return (
    <div className="tg-bars" style={{ height }}>
      <div className="tg-bars-axis tg-num">
        {ticks.map((tick) => (
          <span key={tick} style={{ bottom: `${(tick / top) * 100}%` }}>
            {formatAxis(tick)}
          </span>
        ))}
      </div>
      <div className="tg-bars-plot" onPointerLeave={() => setPointed(null)}>
        {ticks.map((tick) => (
          <hr key={tick} style={{ bottom: `${(tick / top) * 100}%` }} />
        ))}
        {times.map((time, at) => (
          <div key={time} className="tg-bars-column" onPointerEnter={() => setPointed(at)}>
            {series.map(({ key, values }, index) => (
              <i
                key={key}
                style={{ height: `${((values[at] ?? 0) / top) * 100}%`, background: seriesColor(index) }}
              />
            ))}
          </div>
        ))}
        {pointed !== null && <Tooltip {...props} at={pointed} />}
      </div>
      <div className="tg-bars-times">
        {times.map((time, at) => (
          <span key={time}>{at % labelled === 0 ? time : null}</span>
        ))}
      </div>
    </div>
  );
}

function Tooltip({ times, series, format, at }: ChartWithTableProps & { readonly at: number }): ReactNode {
  const share = (at + 0.5) / times.length;
  const side = share > 0.5 ? { right: `${(1 - share) * 100}%` } : { left: `${share * 100}%` };
  const shown = series
    .map((each, index) => ({ ...each, index }))
    .filter(({ values }) => (values[at] ?? 0) > 0);
  return (
    <div className="tg-bars-tip" style={side}>
      <strong>{times[at]}</strong>
      {shown.toReversed().map(({ key, name, values, index }) => (
        <p key={key}>
          <i style={{ background: seriesColor(index) }} />
          {name}
          <b className="tg-num">{format(values[at] ?? 0)}</b>
        </p>
      ))}
      {shown.length !== 1 && (
        <b className="tg-num">{format(series.reduce((sum, { values }) => sum + (values[at] ?? 0), 0))}</b>
      )}
    </div>
  );
}
